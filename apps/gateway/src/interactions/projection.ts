import { fail, ok, type Result } from "@salus/base";
import type { Asked } from "../http/exchange.ts";
import { allowOnly } from "../http/query.ts";
import { type Outcome, refusal } from "../outcome.ts";
import type { Projection } from "../search/index.ts";

/** What `_summary` can be where there is one resource: nothing is counted. */
const SUMMARIES = { true: "true", text: "text", data: "data", false: undefined } as const;
const ELEMENT = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9.]*)?$/;

/**
 * How much of a resource is to be shown, by `_summary` or `_elements`.
 *
 * Fails:   400 for what is neither, and for both at once.
 */
export function readProjection({ query, preferences }: Asked): Result<Projection, Outcome> {
  const allowed = allowOnly(query, ["_summary", "_elements"], preferences);
  if (!allowed.ok) return allowed;
  const last = (of: string): string | undefined =>
    query.parameters.findLast(({ name }) => name === of)?.value;
  const summary = last("_summary");
  const elements = last("_elements")
    ?.split(",")
    .map((name) => name.trim());
  if (summary !== undefined && !Object.hasOwn(SUMMARIES, summary)) return fail(bad("_summary"));
  if (elements !== undefined && !elements.every((name) => ELEMENT.test(name))) {
    return fail(bad("_elements"));
  }
  if (summary !== undefined && elements !== undefined) return fail(bad("_elements"));
  const kind = summary === undefined ? undefined : SUMMARIES[summary as keyof typeof SUMMARIES];
  return ok({ ...(kind && { summary: kind }), ...(elements && { elements }) });
}

const bad = (parameter: string): Outcome =>
  refusal(400, "value", `The value of ${parameter} is none that it has here.`, { parameter });
