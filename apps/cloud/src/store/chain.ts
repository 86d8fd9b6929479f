import { type Bytes, fail, ok, type Result } from "@salus/base";
import { applyLinks, type ChainError, type ChainState, standing } from "@salus/evaluate";
import {
  CHAIN_PAGE_MAX,
  type ChainHead,
  type ChainPage,
  LIMITS,
  splitSigned,
} from "@salus/protocol";
import { byteaArray, inTransaction, int4Array } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";
import type { Access } from "./access.ts";
import { readLinks, writeState } from "./chain-state.ts";
import { changeRoles } from "./key-role.ts";
import { logHead } from "./log.ts";
import type { Store } from "./store.ts";
import { lockVault, updateVault } from "./vault.ts";

/** Why links are not appended. */
export type AppendError =
  | ChainError
  | { readonly kind: "too-large" }
  | { readonly kind: "chain-conflict"; readonly seq: number; readonly hash: ChainHead["hash"] };

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
 * Fails:   `chain-conflict`; `too-large`: the chain would be; any `ChainError`.
 */
export async function appendLinks(
  store: Store,
  access: Access<"append-links">,
  links: readonly Bytes[],
): Promise<Result<ChainHead, AppendError>> {
  const { db, chains } = store;
  let next: { readonly state: ChainState; readonly size: number } | undefined;
  const appended = await inTransaction<Schema, ChainHead, AppendError>(db, async (trx) => {
    const row = await lockVault(trx, access.vault);
    const state = await chains.stateOf(trx, row);
    const applied = applyLinks(state, links);
    if (!applied.ok) {
      const stands = standing(state, links);
      return stands === undefined ? misplaced(state, links, applied.error) : ok(stands);
    }
    const after = applied.value;
    await insertLinks(trx, access.vault, state.head.seq + 1, links);
    if ((await bytesOf(trx, access.vault)) > mostBytes(links)) return fail({ kind: "too-large" });
    await changeRoles(trx, access.vault, state, after);
    const { seq, hash } = after.head;
    await updateVault(trx, access.vault, { head_seq: seq, head_hash: hash });
    await logHead(trx, store.now(), access.vault, after);
    next = { state: after, size: await writeState(trx, access.vault, after) };
    return ok(after.head);
  });
  if (appended.ok && next !== undefined) chains.keep(next.state, next.size);
  return appended;
}

/** What ends something is among these, or comes with it. */
const ENDING: ReadonlySet<string> = new Set([
  ...["chain/revoke", "chain/generation", "chain/device", "chain/roster"],
]);

/**
 * How long a chain may become: who asks anything of a vault has all of it read, and whoever likes may
 * make a vault. What she has given, its owner can still take back when she can give no more.
 */
function mostBytes(links: readonly Bytes[]): number {
  const ends = links.some((link) => {
    const parts = splitSigned(link);
    return parts.ok && ENDING.has(parts.value.type);
  });
  return ends ? 2 * LIMITS.chainBytes : LIMITS.chainBytes;
}

/** Plan: a range of the primary key of `link`; the sizes of what stands outside of it are known inside. */
async function bytesOf(trx: Trx, vault: VaultId): Promise<number> {
  const { rows } = await sql<{ readonly bytes: number }>`
    select sum(octet_length(bytes))::int8 as bytes from link where vault = ${vault}`.execute(trx);
  return rows[0]?.bytes ?? 0;
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
