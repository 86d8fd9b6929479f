import { int8Array } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Bucket, Schema } from "../database/schema.ts";

/** How much is allowed in which span of time. */
export interface Allowance {
  readonly tries: number;
  readonly spanMs: number;
}

/**
 * Count one attempt, before what it attempts is looked at: of any number at once exactly as many are
 * told to go on as are allowed.
 *
 * It waits for no disk: a crash forgets the last counts, not what they allowed.
 *
 * Takes:   `allowances`, of different spans.
 * Gives:   whether it is within all of them.
 * Plan:    primary key of `attempt`.
 */
export async function countAttempt(
  hasty: Kysely<Schema>,
  bucket: Bucket,
  allowances: readonly Allowance[],
  now: number,
): Promise<boolean> {
  // Spans are named by their number, which no span of another length has at the same time.
  const spans = allowances.map(({ spanMs }) => Math.floor(now / spanMs));
  const ends = allowances.map(({ spanMs }, at) => ((spans[at] as number) + 1) * spanMs);
  const { rows } = await sql<{ readonly span: number; readonly tries: number }>`
    insert into attempt (bucket, span, tries, expires)
    select ${bucket}, s, 1, e from unnest(${int8Array(spans)}::int8[], ${int8Array(ends)}::int8[])
      as u (s, e)
    on conflict (bucket, span) do update set tries = attempt.tries + 1
    returning span, tries`.execute(hasty);
  const counted = new Map(rows.map(({ span, tries }) => [span, tries]));
  return allowances.every(({ tries }, at) => (counted.get(spans[at] as number) ?? 0) <= tries);
}
