import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { readQuery } from "../http/query.ts";
import { type Outcome, refusal } from "../outcome.ts";
import type { Desk } from "./desk.ts";
import { isObject } from "./resource-body.ts";

/** What shapes an answer selects nothing: whoever writes it into a condition means something else. */
const OF_ANSWERS: ReadonlySet<string> = new Set([
  ...["_count", "_sort", "_include", "_revinclude", "_summary", "_elements", "_total"],
  ...["_contained", "_containedType", "_score"],
]);

/**
 * The one resource that a condition names.
 *
 * Every criterion must be understood, whatever the client prefers: one that is left out would write over a resource that
 * nobody named.
 *
 * Takes:   `written`, a search without its type, and `parameter`, where it stood.
 * Gives:   nothing where there is none.
 * Fails:   412 for several, and for no criterion at all; 400 for what no search can ask.
 */
export async function theOne(
  desk: Desk,
  type: string,
  { written, parameter }: { readonly written: string; readonly parameter?: string },
): Promise<Result<Resource | undefined, Outcome>> {
  const about = parameter === undefined ? {} : { parameter };
  const query = readQuery(written.slice(written.indexOf("?") + 1));
  if (!query.ok) return query;
  const { parameters, text } = query.value;
  const shaping = parameters.find(({ name }) => OF_ANSWERS.has(name.split(":", 1)[0] ?? ""));
  if (shaping !== undefined) {
    const says = `${shaping.name.slice(0, 64)} selects nothing, and cannot be a condition.`;
    return fail(refusal(400, "not-supported", says, { parameter: shaping.name.slice(0, 64) }));
  }
  if (parameters.every(({ value }) => value === "")) {
    return fail(refusal(412, "required", "The condition has no criterion.", about));
  }
  const { base, asker } = desk;
  const found = await desk.searches.search(desk.world, {
    ...{ base, asker, lenient: false },
    path: type,
    query: `${text}&_count=2`,
  });
  if (!found.ok) return found;
  const matches = matchesIn(found.value.bundle);
  if (matches.length > 1) {
    return fail(refusal(412, "multiple-matches", `Several ${type} meet the condition.`, about));
  }
  return ok(matches[0]);
}

function matchesIn({ entry }: Resource): readonly Resource[] {
  const entries = Array.isArray(entry) ? entry : [];
  return entries
    .filter(({ search }) => isObject(search) && search.mode === "match")
    .map(({ resource }) => resource as Resource);
}
