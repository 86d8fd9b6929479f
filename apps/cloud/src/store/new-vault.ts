import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { type ChainState, readChain, readSigned, standing } from "@salus/evaluate";
import type { NewVault, VerifyKey } from "@salus/protocol";
import { inTransaction } from "@salus/service";
import type { Schema } from "../database/schema.ts";
import { type AppendError, insertLinks } from "./chain.ts";
import { writeState } from "./chain-state.ts";
import { changeRoles } from "./key-role.ts";
import { logHead } from "./log.ts";
import type { Store } from "./store.ts";
import { findVault, vaultId } from "./vault.ts";

export type NewVaultError = AppendError | { readonly kind: "not-yours" };

/**
 * Open a vault with its first links.
 *
 * Takes:   `signer`, who makes the request: it must be the device that signed the first link.
 * Gives:   the same again when the vault has these links already.
 * Fails:   `not-yours`; `chain-conflict` when the vault has other links; any `ChainError`.
 * Plan:    primary keys of `vault` and `link`.
 */
export async function openVault(
  store: Store,
  signer: VerifyKey,
  links: readonly Bytes[],
): Promise<Result<NewVault, NewVaultError>> {
  const genesis = readSigned("chain/genesis", links[0] ?? new Uint8Array());
  if (!genesis.ok) return genesis;
  if (!equalBytes(genesis.value.parts.key, signer)) return fail({ kind: "not-yours" });
  const read = readChain(links);
  if (!read.ok) return read;
  const state = read.value;
  let size: number | undefined;
  const opened = await inTransaction<Schema, NewVault, NewVaultError>(store.db, async (trx) => {
    const vault = vaultId(state.vault);
    const created = await trx
      .insertInto("vault")
      .values({ vault, handle: state.vault, ...headOf(state), ...NOTHING_YET })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (created.numInsertedOrUpdatedRows !== 1n) {
      const row = await findVault(trx, state.vault);
      if (row === undefined) return fail({ kind: "chain-conflict", ...state.head });
      const stored = await store.chains.stateOf(trx, row);
      const same = standing(stored, links);
      if (same === undefined) return fail({ kind: "chain-conflict", ...stored.head });
      return ok({ vault: state.vault, ...same });
    }
    await insertLinks(trx, vault, 0, links);
    await changeRoles(trx, vault, undefined, state);
    size = await writeState(trx, vault, state);
    await logHead(trx, store.now(), vault, state);
    return ok({ vault: state.vault, ...state.head });
  });
  if (opened.ok && size !== undefined) store.chains.keep(state, size);
  return opened;
}

function headOf(state: ChainState): { head_seq: number; head_hash: ChainState["head"]["hash"] } {
  return { head_seq: state.head.seq, head_hash: state.head.hash };
}

const NOTHING_YET = { records: 0, batches: 0, index_columns: 0, rewritten: 0 };
