import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "@salus/base";
import { type Outcome, refusal } from "../../outcome.ts";
import type { Desk } from "../desk.ts";
import { NONE } from "../expectation.ts";
import { type Placed, place } from "../placing.ts";
import { resourceOf } from "../resource-body.ts";
import { type Entry, within } from "./entries.ts";

/** A write of a transaction that knows where it goes. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly where: Placed;
}

/** Deletions first, then what is new, then what is changed: R4's order, whatever that of the bundle. */
const PHASES: readonly string[] = ["DELETE", "POST", "PUT", "PATCH"];

/**
 * Settle where every write of a transaction goes.
 *
 * Gives:   them in the order in which R4 has them done.
 * Fails:   what is wrong with an entry; 400 where two are about one resource, or have one fullUrl.
 * Source:  R4 http §3.1.0.11.2.
 */
export async function placeEntries(
  desk: Desk,
  entries: readonly Entry[],
): Promise<Result<readonly PlacedEntry[], Outcome>> {
  const named = distinctFullUrls(entries);
  if (!named.ok) return named;
  const placed: PlacedEntry[] = [];
  const byPlace = new Map<string, number>();
  const looked = new Map<string, number>();
  for (const entry of PHASES.flatMap((phase) => entries.filter(isOf(phase)))) {
    const condition = sameCondition(entry, looked);
    if (!condition.ok) return condition;
    const found = await place(desk, entry.asked);
    if (!found.ok) return fail(within(entry.index, found.error));
    const where = afterDeletions(entry, found.value, placed);
    placed.push({ entry, where });
    const name = nameOf(entry, where);
    if (name === undefined) continue;
    const other = byPlace.get(name);
    if (other !== undefined) return fail(overlap(other, entry.index, "resource"));
    byPlace.set(name, entry.index);
  }
  return ok(placed);
}

const isOf =
  (phase: string) =>
  ({ asked }: Entry): boolean =>
    asked.method === phase && (asked.target.kind === "type" || asked.target.kind === "instance");

/** The resource that an entry is about, and no other may be: one that is not there to be deleted, too. */
function nameOf({ asked: { target } }: Entry, where: Placed): string | undefined {
  if (where.kind === "put" || where.kind === "delete") return `${where.type}/${where.id}`;
  const isAbsent = where.kind === "absent" && target.kind === "instance";
  return isAbsent ? `${target.type}/${target.id}` : undefined;
}

/** What was found and is deleted by the same transaction is not there any more when creates are done. */
function afterDeletions(entry: Entry, where: Placed, placed: readonly PlacedEntry[]): Placed {
  if (where.kind !== "found") return where;
  const isDeleted = placed.some(
    ({ where: { kind, ...name } }) =>
      kind === "delete" && "id" in name && name.id === where.id && name.type === where.type,
  );
  const resource = resourceOf(entry.asked.body, where.type);
  if (!isDeleted || !resource.ok) return where;
  const id = randomUUID();
  const { type } = where;
  return { kind: "put", type, id, expects: NONE, resource: { ...resource.value, id } };
}

function sameCondition(
  { asked, index }: Entry,
  looked: Map<string, number>,
): Result<undefined, Outcome> {
  const { target, conditions } = asked;
  if (target.kind !== "type" || conditions.ifNoneExist === undefined) return ok(undefined);
  const condition = `${target.type}?${conditions.ifNoneExist}`;
  const other = looked.get(condition);
  if (other !== undefined) return fail(overlap(other, index, "request.ifNoneExist"));
  looked.set(condition, index);
  return ok(undefined);
}

function distinctFullUrls(entries: readonly Entry[]): Result<undefined, Outcome> {
  const seen = new Map<string, number>();
  for (const { fullUrl, index, asked } of entries) {
    if (fullUrl === undefined || asked.method === "GET") continue;
    const other = seen.get(fullUrl);
    if (other !== undefined) return fail(overlap(other, index, "fullUrl"));
    seen.set(fullUrl, index);
  }
  return ok(undefined);
}

function overlap(first: number, second: number, what: string): Outcome {
  const says = `Two entries of the transaction have one ${what.replace("request.", "")}.`;
  const expression = [first, second].map((index) => `Bundle.entry[${index}].${what}`);
  return refusal(400, "duplicate", says, { expression });
}
