import { fail, ok } from "@salus/base";
import type { Target } from "../http/address.ts";
import { summaryOperation } from "../operations/summary.ts";
import { validateOperation } from "../operations/validate.ts";
import { refusal } from "../outcome.ts";
import type { Desk } from "./desk.ts";
import type { Answering, Asked } from "./exchange.ts";

type Operation = Extract<Target, { readonly kind: "operation" }>;

/** Do an operation. Fails: 404 for one that is not here, or not at this place. */
export async function operate(desk: Desk, asked: Asked, target: Operation): Answering {
  const { name, type, id } = target;
  if (name === "$everything" && type === "Patient" && id !== undefined) {
    return everything(desk, asked, `Patient/${id}/$everything`);
  }
  if (name === "$summary") return summaryOperation(desk, asked, target);
  if (name === "$validate") return validateOperation(desk, asked, target);
  const says = "There is no such operation at this address.";
  return fail(refusal(404, "not-supported", says));
}

async function everything(desk: Desk, { query, preferences }: Asked, path: string): Answering {
  const { base, asker, world, searches } = desk;
  const { lenient } = preferences;
  const request = { base, asker, path, lenient, query: query.text };
  const found = await searches.everything(world, request);
  if (!found.ok) return found;
  const { bundle, headers } = found.value;
  return ok({ status: 200, body: bundle, headers });
}
