import { type QueryExecutorProvider, sql } from "kysely";
import type { Bucket } from "../database/schema.ts";

const DAY_MS = 86_400_000;

/** How much of something may be done in a day. */
export interface Quota {
  /** Whose it is, and of what. */
  readonly bucket: Bucket;
  readonly most: number;
}

/**
 * Use up some of a day's quota, or nothing of it: of any number at once exactly as many succeed as are
 * allowed.
 *
 * Takes:   `trx`, the transaction of what is counted: what is undone is not counted. A day is one of
 *          UTC.
 * Gives:   whether there was enough left.
 * Plan:    primary key of `attempt`.
 */
export async function spend(
  trx: QueryExecutorProvider,
  { bucket, most }: Quota,
  amount: number,
  now: number,
): Promise<boolean> {
  if (amount > most) return false;
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  const { rows } = await sql`
    insert into attempt (bucket, span, tries, expires)
    values (${bucket}, ${day}, ${amount}, ${day + DAY_MS})
    on conflict (bucket, span) do update set tries = attempt.tries + ${amount}
    where attempt.tries + ${amount} <= ${most}
    returning tries`.execute(trx);
  return rows.length === 1;
}
