import { type QueryExecutorProvider, sql } from "kysely";
import type { Bucket } from "../database/schema.ts";

const DAY_MS = 86_400_000;

/** How much of something may be done in a day, or in another span. */
export interface Quota {
  /** Whose it is, and of what. */
  readonly bucket: Bucket;
  readonly most: number;
  /** Left out: a day. */
  readonly spanMs?: number;
}

/**
 * Use up some of a quota, or nothing of it: of any number at once exactly as many succeed as are
 * allowed.
 *
 * Takes:   `trx`, the transaction of what is counted: what is undone is not counted. Spans are
 *          counted from 1970 on: a day is one of UTC.
 * Gives:   whether there was enough left.
 * Plan:    primary key of `attempt`.
 */
export async function spend(
  trx: QueryExecutorProvider,
  { bucket, most, spanMs = DAY_MS }: Quota,
  amount: number,
  now: number,
): Promise<boolean> {
  if (amount > most) return false;
  const span = Math.floor(now / spanMs) * spanMs;
  const { rows } = await sql`
    insert into attempt (bucket, span, tries, expires)
    values (${bucket}, ${span}, ${amount}, ${span + spanMs})
    on conflict (bucket, span) do update set tries = attempt.tries + ${amount}
    where attempt.tries + ${amount} <= ${most}
    returning tries`.execute(trx);
  return rows.length === 1;
}
