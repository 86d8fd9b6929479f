import { fail, ok, type Result } from "@salus/base";
import { type Outcome, outcomeOfWorldError, refusal } from "../outcome.ts";
import type { Stored, World } from "../world.ts";

/** What stands at a name. Fails: 404 where there never was one, 410 where it was deleted. */
export async function standing(
  world: World,
  type: string,
  id: string,
): Promise<Result<Stored, Outcome>> {
  const read = await world.read(type, id);
  if (!read.ok) return fail(outcomeOfWorldError(read.error));
  if (read.value === undefined) return fail(unknown(type));
  if (read.value === "gone") return fail(deleted(type));
  return ok(read.value);
}

export const unknown = (type: string): Outcome =>
  refusal(404, "not-found", `There is no ${type} of this id.`, { expression: [`${type}.id`] });

export const deleted = (type: string): Outcome =>
  refusal(410, "deleted", `This ${type} was deleted.`, { expression: [`${type}.id`] });
