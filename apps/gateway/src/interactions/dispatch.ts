import { fail, ok, type Result } from "@salus/base";
import type { Answer, Answering, Asked } from "../http/exchange.ts";
import { methodsOf } from "../http/methods.ts";
import { type Outcome, refusal } from "../outcome.ts";
import { doBundle } from "./bundle/index.ts";
import type { Desk } from "./desk.ts";
import { instanceHistory } from "./history.ts";
import { metadata } from "./metadata.ts";
import { operate } from "./operations.ts";
import { read, readVersion } from "./reading.ts";
import { noMethod, write } from "./writing.ts";

/** Do one interaction. Fails: an outcome with its status. */
export function dispatch(desk: Desk, asked: Asked): Answering {
  const isBundle = asked.target.kind === "system" && asked.method === "POST";
  return isBundle ? doBundle(desk, asked, dispatchOne) : dispatchOne(desk, asked);
}

/** Do one interaction that is of no bundle, nor is one. */
async function dispatchOne(desk: Desk, asked: Asked): Answering {
  const { target, method } = asked;
  const methods = methodsOf(target);
  if (!methods.includes(method)) return fail(noMethod(methods));
  switch (target.kind) {
    case "instance":
      return method === "GET" ? read(desk, asked, target.type, target.id) : write(desk, asked);
    case "instance-history":
      return instanceHistory(desk, asked, target);
    case "version":
      return readVersion(desk, asked, target);
    case "type":
      return method === "GET" ? search(desk, asked, target.type) : write(desk, asked);
    case "type-search":
      return search(desk, asked, target.type);
    case "system-search":
      return search(desk, asked, "");
    case "compartment":
      return search(desk, asked, target.path);
    case "operation":
      return operate(desk, asked, target);
    case "metadata":
      return metadata(desk, asked);
    case "system":
      if (method === "GET") return search(desk, asked, "");
      return fail(refusal(400, "not-supported", "A bundle is not done within another."));
    default:
      return fail(refusal(404, "not-supported", "There is nothing of this kind here."));
  }
}

async function search(desk: Desk, asked: Asked, path: string): Answering {
  const { base, asker, world } = desk;
  const { lenient } = asked.preferences;
  const form = formOf(asked);
  if (!form.ok) return form;
  const found = await desk.searches.search(world, {
    ...{ base, asker, path, lenient },
    query: asked.query.text,
    ...(form.value === undefined ? {} : { form: form.value }),
  });
  if (!found.ok) return found;
  const { bundle, headers } = found.value;
  const answer: Answer = { status: 200, body: bundle, headers };
  return ok(answer);
}

function formOf({ body }: Asked): Result<string | undefined, Outcome> {
  if (body.kind === "form") return ok(body.text);
  if (body.kind === "none") return ok(undefined);
  return fail(refusal(415, "not-supported", "The body of a search is a form."));
}
