import { equalBytes } from "@salus/base";
import type { Digest, VaultHandle } from "@salus/protocol";
import type { Kysely } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";

/** A vault's row: its chain's newest link, and how far its numbers have been given out. */
export type VaultRow = Schema["vault"];

/** The key of a vault's rows: half of its handle, which is a hash. */
export function vaultId(handle: VaultHandle): VaultId {
  return handle.slice(0, 16) as VaultId;
}

/**
 * Find a vault.
 *
 * Gives:   nothing when there is none, or one whose handle merely begins the same.
 * Plan:    primary key of `vault`.
 */
export async function findVault(
  db: Kysely<Schema>,
  handle: VaultHandle,
): Promise<VaultRow | undefined> {
  const row = await db
    .selectFrom("vault")
    .selectAll()
    .where("vault", "=", vaultId(handle))
    .executeTakeFirst();
  return row !== undefined && equalBytes(row.handle, handle) ? row : undefined;
}

/**
 * Read a vault's row and keep everybody else from writing to the vault until the transaction ends.
 *
 * Plan:    primary key of `vault`.
 */
export async function lockVault(trx: Trx, vault: VaultId): Promise<VaultRow> {
  return trx
    .selectFrom("vault")
    .selectAll()
    .where("vault", "=", vault)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** What changes in a vault's row. */
export interface VaultChange {
  readonly head_seq?: number;
  readonly head_hash?: Digest;
  readonly records?: number;
  readonly batches?: number;
  readonly index_columns?: number;
  readonly rewritten?: number;
}

/** Write a vault's row, which the transaction has locked. */
export async function updateVault(trx: Trx, vault: VaultId, change: VaultChange): Promise<void> {
  await trx.updateTable("vault").set(change).where("vault", "=", vault).execute();
}
