import { fail, ok, type Result } from "@salus/base";
import { isStoredType } from "../../http/address.ts";
import { type Outcome, refusal } from "../../outcome.ts";
import type { Desk } from "../desk.ts";
import { theOne } from "../matching.ts";
import { isConditional, referencesIn } from "./links.ts";
import type { PlacedEntry } from "./placed-entries.ts";

/**
 * Find what the conditional references of a transaction stand for: what stands in a vault, or what another entry creates
 * under the same condition.
 *
 * Gives:   `Type/id` by the text of each.
 * Fails:   412 where there is none, and where there are several; the entry is named.
 * Source:  R4 http §3.1.0.11.3.
 */
export async function resolveConditional(
  desk: Desk,
  placed: readonly PlacedEntry[],
): Promise<Result<ReadonlyMap<string, string>, Outcome>> {
  const here = new Map(placed.flatMap(conditionOf));
  const found = new Map<string, string>();
  for (const { entry, where } of placed) {
    if (where.kind !== "put") continue;
    for (const text of referencesIn(where.resource)) {
      if (!isConditional(text) || found.has(text)) continue;
      const place = here.get(text) ?? (await placeOf(desk, text, entry.index));
      if (typeof place !== "string") {
        if (!place.ok) return place;
        found.set(text, place.value);
      } else found.set(text, place);
    }
  }
  return ok(found);
}

/** What an entry looks for before it writes, as a reference would write it. */
function conditionOf({ entry, where }: PlacedEntry): readonly (readonly [string, string])[] {
  const { target, conditions, query, method } = entry.asked;
  if (target.kind !== "type" || where.kind === "absent" || where.kind === "delete") return [];
  const written = method === "POST" ? conditions.ifNoneExist : query.text;
  if (written === undefined) return [];
  const bare = written.slice(written.indexOf("?") + 1);
  return [[`${target.type}?${bare}`, `${where.type}/${where.id}`]];
}

async function placeOf(desk: Desk, text: string, index: number): Promise<Result<string, Outcome>> {
  const expression = [`Bundle.entry[${index}].resource`];
  const type = text.slice(0, text.indexOf("?"));
  if (!isStoredType(type)) {
    const says = "A conditional reference names no type of R4.";
    return fail(refusal(400, "value", says, { expression }));
  }
  const one = await theOne(desk, type, { written: text });
  if (!one.ok) {
    const issues = one.error.issues.map((issue) => ({ ...issue, expression }));
    return fail({ ...one.error, issues });
  }
  if (one.value === undefined) {
    const says = `No ${type} meets a conditional reference.`;
    return fail(refusal(412, "not-found", says, { expression }));
  }
  return ok(`${type}/${one.value.id}`);
}
