import { toHex } from "@salus/base";
import { Digest } from "@salus/protocol";
import type { Schema, Trx, VaultId } from "../database/schema.ts";

/** The newest batch of a source. */
export type NewestBatch = Pick<Schema["source"], "number" | "hash">;

/** A source that has uploaded nothing yet. */
export const NO_BATCH: NewestBatch = { number: 0, hash: Digest.of(new Uint8Array(32)) };

/**
 * The newest batch of each source of a vault, by the hexadecimal of its handle.
 *
 * Plan:    a range of the primary key of `source`.
 */
export async function newestBatches(
  trx: Trx,
  vault: VaultId,
): Promise<ReadonlyMap<string, NewestBatch>> {
  const rows = await trx
    .selectFrom("source")
    .select(["source", "number", "hash"])
    .where("vault", "=", vault)
    .execute();
  return new Map(rows.map(({ source, number, hash }) => [toHex(source), { number, hash }]));
}
