import type { Presented } from "@salus/evaluate";
import { CAPABILITY_LIFE_MS } from "@salus/protocol";
import { type QueryExecutorProvider, sql } from "kysely";

/** Capabilities that were used, until they expire: among the migrations of every service. */
export const NONCE_TABLES: readonly string[] = [
  `create table if not exists nonce (
    signer bytea not null,
    nonce uuid not null,
    expires int8 not null,
    primary key (signer, nonce)
  )`,
  "create index if not exists nonce_by_expiry on nonce (expires)",
];

/**
 * Use up a capability's nonce.
 *
 * It is written without waiting for the disk: a crash may forget the nonces of its last moments. A
 * request that is repeated then is one that its signer made, within five minutes; what it writes is
 * written once, because batches and links are recognised (decision 0023).
 *
 * Takes:   a database with the tables of `NONCE_TABLES`.
 * Gives:   false when it was used before.
 * Plan:    primary key of `nonce`.
 */
export async function useNonce(
  hasty: QueryExecutorProvider,
  presented: Presented,
): Promise<boolean> {
  const { signer, nonce, expires } = presented;
  const written = await sql`insert into nonce (signer, nonce, expires)
    values (${signer}, ${nonce}::uuid, ${expires}) on conflict do nothing`.execute(hasty);
  return written.numAffectedRows === 1n;
}

/**
 * Forget nonces of capabilities that have expired: those are refused for that reason. Clocks of
 * several processes may differ, so that they are kept one life longer.
 *
 * Plan:    a range of `nonce_by_expiry`.
 */
export async function purgeNonces(hasty: QueryExecutorProvider, now: number): Promise<void> {
  await sql`delete from nonce where expires < ${now - CAPABILITY_LIFE_MS}`.execute(hasty);
}
