import { fail, ok, type Result } from "@salus/base";
import type { Target } from "../http/address.ts";
import type { Answering, Asked } from "../http/exchange.ts";
import { summaryOperation } from "../operations/summary.ts";
import { validateOperation } from "../operations/validate.ts";
import { type Outcome, refusal } from "../outcome.ts";
import type { Desk } from "./desk.ts";
import { isObject } from "./resource-body.ts";

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

async function everything(desk: Desk, asked: Asked, path: string): Answering {
  const { base, asker, world, searches } = desk;
  const { lenient } = asked.preferences;
  const form = formOf(asked);
  if (!form.ok) return form;
  const query = asked.query.text;
  const found = await searches.everything(world, {
    ...{ base, asker, path, lenient, query },
    ...(form.value !== "" && { form: form.value }),
  });
  if (!found.ok) return found;
  const { bundle, headers } = found.value;
  return ok({ status: 200, body: bundle, headers });
}

/** The parameters of an operation that came as a resource, written as a form. Source: R4 operations §3.2.0.1. */
function formOf({ body }: Asked): Result<string, Outcome> {
  if (body.kind === "none") return ok("");
  const value = body.kind === "resource" ? body.value : undefined;
  const { resourceType, parameter = [] } = isObject(value) ? value : {};
  if (resourceType !== "Parameters" || !Array.isArray(parameter)) {
    const says = "The body of an operation is Parameters.";
    return fail(refusal(400, "structure", says, { expression: ["Parameters"] }));
  }
  const form = new URLSearchParams();
  for (const [index, each] of parameter.entries()) {
    const { name, ...rest } = isObject(each) ? each : {};
    const text = Object.entries(rest).find(([key]) => key.startsWith("value"))?.[1];
    if (typeof name !== "string" || (typeof text !== "string" && typeof text !== "number")) {
      const expression = [`Parameters.parameter[${index}]`];
      return fail(refusal(400, "value", "A parameter has a name and one value.", { expression }));
    }
    form.append(name, String(text));
  }
  return ok(form.toString());
}
