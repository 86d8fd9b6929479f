import { assert, type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { applyLinks, type ChainError, type ChainState, digest, readChain } from "@salus/evaluate";
import { CHAIN_PAGE_MAX, type ChainHead, type ChainPage, LIMITS } from "@salus/protocol";
import { type Kysely, sql } from "kysely";
import { byteaArray, int4Array } from "../database/arrays.ts";
import type { Schema, VaultId } from "../database/schema.ts";
import { Recent } from "../recent.ts";
import type { Access } from "./access.ts";
import { changeRoles } from "./key-role.ts";
import { inTransaction, type Trx } from "./transaction.ts";
import { lockVault, updateVault, type VaultRow } from "./vault.ts";

/** Why links are not appended. */
export type AppendError =
  | ChainError
  | { readonly kind: "chain-conflict"; readonly seq: number; readonly hash: ChainHead["hash"] };

/** About two kilobytes each: 64 MB of states. */
const LINKS_KEPT = 32_768;

/**
 * The states of the chains that were used lately, each as of one link.
 *
 * Another process may have appended to a chain: a state is used only for the head that the vault's
 * row names, and brought forward to it when it is behind.
 */
export class ChainCache {
  readonly #states = new Recent<ChainState>(LINKS_KEPT);

  /**
   * The state of a chain as of the head that its vault's row names.
   *
   * Plan:    nothing when kept; else a range of the primary key of `link`.
   */
  async stateOf(db: Kysely<Schema>, row: VaultRow): Promise<ChainState> {
    const known = this.#states.get(toHex(row.handle));
    const from = known !== undefined && known.head.seq <= row.head_seq ? known : undefined;
    if (from !== undefined && equalBytes(from.head.hash, row.head_hash)) return from;
    const state = await catchUp(db, row, from);
    this.keep(state);
    return state;
  }

  /** Keep a state that is committed. */
  keep(state: ChainState): void {
    this.#states.set(toHex(state.vault), state, state.hashes.length);
  }
}

async function catchUp(
  db: Kysely<Schema>,
  row: VaultRow,
  from: ChainState | undefined,
): Promise<ChainState> {
  const links = await readLinks(db, row.vault, (from?.head.seq ?? -1) + 1, row.head_seq);
  const state = from === undefined ? readChain(links) : applyLinks(from, links);
  // The cloud accepted these links once; if they are refused now, the database was changed.
  assert(state.ok && equalBytes(state.value.head.hash, row.head_hash), "a stored chain is whole");
  return state.value;
}

async function readLinks(
  db: Kysely<Schema>,
  vault: VaultId,
  from: number,
  to: number,
): Promise<readonly Bytes[]> {
  const rows = await db
    .selectFrom("link")
    .select("bytes")
    .where("vault", "=", vault)
    .where("seq", ">=", from)
    .where("seq", "<=", to)
    .orderBy("seq")
    .execute();
  return rows.map((row) => row.bytes);
}

/**
 * A page of a chain.
 *
 * Sees:    signed links, readable.
 * Plan:    a range of the primary key of `link`.
 */
export async function chainPage(
  db: Kysely<Schema>,
  access: Access<"read-chain">,
  from: number,
): Promise<ChainPage> {
  const last = access.chain.head.seq;
  const links: Bytes[] = [];
  let bytes = 0;
  for (const link of await readLinks(db, access.vault, from, from + CHAIN_PAGE_MAX - 1)) {
    bytes += link.length;
    if (bytes > LIMITS.pageBytes) break;
    links.push(link);
  }
  return { links, more: from + links.length <= last };
}

/**
 * Append links to a chain, all or none.
 *
 * Links that stand in the chain already are answered as when they were appended.
 *
 * Fails:   `chain-conflict`; any `ChainError`.
 */
export async function appendLinks(
  db: Kysely<Schema>,
  chains: ChainCache,
  access: Access<"append-links">,
  links: readonly Bytes[],
): Promise<Result<ChainHead, AppendError>> {
  let next: ChainState | undefined;
  const appended = await inTransaction<ChainHead, AppendError>(db, async (trx) => {
    const row = await lockVault(trx, access.vault);
    const state = await chains.stateOf(trx, row);
    const applied = applyLinks(state, links);
    if (!applied.ok) {
      const stands = standing(state, links);
      return stands === undefined ? misplaced(state, links, applied.error) : ok(stands);
    }
    next = applied.value;
    await insertLinks(trx, access.vault, state.head.seq + 1, links);
    await changeRoles(trx, access.vault, state, next);
    const { seq, hash } = next.head;
    await updateVault(trx, access.vault, { head_seq: seq, head_hash: hash });
    return ok(next.head);
  });
  if (appended.ok && next !== undefined) chains.keep(next);
  return appended;
}

/** The head that links gave when they were appended, if every one stands in the chain. */
export function standing(state: ChainState, links: readonly Bytes[]): ChainHead | undefined {
  const hashes = links.map((link) => digest(link));
  const [first] = hashes;
  const last = hashes.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const from = state.hashes.findIndex((hash) => equalBytes(hash, first));
  const stand = hashes.every((hash, at) => {
    const stored = from < 0 ? undefined : state.hashes[from + at];
    return stored !== undefined && equalBytes(stored, hash);
  });
  return stand ? { seq: from + links.length - 1, hash: last } : undefined;
}

/** A first link with another number than the next was made for an older head: that is a conflict. */
function misplaced(
  state: ChainState,
  links: readonly Bytes[],
  error: ChainError,
): Result<never, AppendError> {
  const first = applyLinks(state, links.slice(0, 1));
  const late = !first.ok && first.error.kind === "chain-gap";
  return fail(late ? { kind: "chain-conflict", ...state.head } : error);
}

/** Store links from one number on. */
export async function insertLinks(
  trx: Trx,
  vault: VaultId,
  from: number,
  links: readonly Bytes[],
): Promise<void> {
  const numbers = int4Array(links.map((_, at) => from + at));
  await sql`insert into link (vault, seq, bytes)
    select ${vault}, seq, bytes from unnest(${numbers}::int4[], ${byteaArray(links)}::bytea[])
    as l (seq, bytes)`.execute(trx);
}
