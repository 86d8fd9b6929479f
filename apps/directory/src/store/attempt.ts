import type { Bytes } from "@salus/base";
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
 * Gives:   whether it is within the allowance.
 * Plan:    primary key of `attempt`.
 */
export async function countAttempt(
  hasty: Kysely<Schema>,
  bucket: Bucket,
  { tries, spanMs }: Allowance,
  now: number,
): Promise<boolean> {
  const span = Math.floor(now / spanMs) * spanMs;
  const { rows } = await sql<{ readonly tries: number }>`
    insert into attempt (bucket, span, tries, expires) values (${bucket}, ${span}, 1, ${span + spanMs})
    on conflict (bucket, span) do update set tries = attempt.tries + 1
    returning tries`.execute(hasty);
  return (rows[0]?.tries ?? 0) <= tries;
}

/** Forget what was counted: it succeeded, so that it was no guess. */
export async function forgetAttempts(hasty: Kysely<Schema>, bucket: Bytes): Promise<void> {
  await sql`delete from attempt where bucket = ${bucket}`.execute(hasty);
}
