import type { Presented } from "@salus/evaluate";
import { CAPABILITY_LIFE_MS } from "@salus/protocol";
import { type QueryExecutorProvider, sql } from "kysely";

/**
 * Use up a capability's nonce.
 *
 * It is written without waiting for the disk: a crash may forget the nonces of its last moments. A
 * request that is repeated then is one that its signer made, within five minutes; what it writes is
 * written once, because batches and links are recognised (decision 0023).
 *
 * Takes:   a database with a table `nonce (signer bytea, nonce uuid, expires int8)`, whose primary
 *          key is signer and nonce.
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
