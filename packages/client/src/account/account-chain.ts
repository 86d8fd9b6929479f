import {
  type Bytes,
  beInteger,
  concat,
  equalBytes,
  fail,
  ok,
  type Result,
  readBeInteger,
  toHex,
} from "@salus/base";
import {
  type AccountChainError,
  type AccountState,
  applyAccountLinks,
  checkSeen,
  digest,
  readAccount,
} from "@salus/evaluate";
import { type AccountHandle, type ChainHead, type ChainPage, Digest } from "@salus/protocol";
import type { CloudError } from "../failure.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { fetchLinks } from "../vault/links.ts";
import type { AccountError } from "./failure.ts";

const SEQ_BYTES = 6;

/** A way to ask for a chain, from one number on. */
export type ChainPages = (from: number) => Promise<Result<ChainPage, CloudError>>;

/**
 * Fetch what an account's chain has gained, verify it, and pin its head.
 *
 * The newest link that is known is fetched again, so that a directory which lost or exchanged it shows.
 *
 * Takes:   `known`, what this process has verified of it.
 * Fails:   `rollback`, `account-invalid`, `unlisted-wrap`, `store-damaged`, any `CloudError`.
 * Cost:    one signature for each new link.
 * Source:  spec/accounts.md §3.
 */
export async function fetchAccount(
  pages: ChainPages,
  store: KeyStore,
  account: AccountHandle,
  known?: AccountState,
): Promise<Result<AccountState, AccountError>> {
  // What was seen before asking: meanwhile somebody else may pin what was made after this answer.
  const seen = await pinnedHead(store, account);
  if (!seen.ok) return seen;
  const links = await fetchLinks(pages, known?.head.seq ?? 0);
  if (!links.ok) {
    if (links.error.kind !== "links-missing") return fail(links.error);
    return fail({ kind: "account-invalid", account, problem: "chain-gap" });
  }
  const read =
    known === undefined ? readAll(account, links.value) : readFurther(known, links.value);
  if (!read.ok) return read;
  if (seen.value !== undefined && !checkSeen(read.value, seen.value).ok) {
    return fail({ kind: "rollback", what: "account", account });
  }
  const pinned = await pinAccount(store, read.value);
  return pinned.ok ? read : pinned;
}

/** Verify an account's chain from its first link. Fails: `account-invalid`, `unlisted-wrap`. */
function readAll(
  account: AccountHandle,
  links: readonly Bytes[],
): Result<AccountState, AccountError> {
  const read = readAccount(links);
  if (!read.ok) return refused(account, read.error);
  if (equalBytes(read.value.account, account)) return read;
  return fail({ kind: "account-invalid", account, problem: "chain-fork" });
}

function readFurther(
  known: AccountState,
  links: readonly Bytes[],
): Result<AccountState, AccountError> {
  const { account, head } = known;
  const [again, ...further] = links;
  if (again === undefined || !equalBytes(digest(again), head.hash)) {
    return fail({ kind: "rollback", what: "account", account });
  }
  const applied = applyAccountLinks(known, further);
  return applied.ok ? applied : refused(account, applied.error);
}

function refused(account: AccountHandle, { kind }: AccountChainError): Result<never, AccountError> {
  return kind === "unlisted-wrap"
    ? fail({ kind })
    : fail({ kind: "account-invalid", account, problem: kind });
}

/** The newest link of an account that was seen. Fails: `store-damaged`. */
async function pinnedHead(
  store: KeyStore,
  account: AccountHandle,
): Promise<Result<ChainHead | undefined, StoreDamaged>> {
  const name = nameOf(account);
  const stored = await store.read(name);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return ok(undefined);
  const seen = decodeHead(stored.value);
  return seen === undefined ? fail({ kind: "store-damaged", name }) : ok(seen);
}

/** Remember an account's newest link, unless a newer one is remembered. Fails: `store-damaged`. */
export async function pinAccount(
  store: KeyStore,
  { account, head }: AccountState,
): Promise<Result<void, StoreDamaged>> {
  const seen = await pinnedHead(store, account);
  if (!seen.ok) return seen;
  if (seen.value !== undefined && seen.value.seq > head.seq) return ok(undefined);
  await store.write(nameOf(account), concat(beInteger(head.seq, SEQ_BYTES), head.hash));
  return ok(undefined);
}

function decodeHead(bytes: Bytes): ChainHead | undefined {
  const hash = Digest.parse(bytes.subarray(SEQ_BYTES));
  if (!hash.ok) return undefined;
  return { seq: readBeInteger(bytes.subarray(0, SEQ_BYTES)), hash: hash.value };
}

function nameOf(account: AccountHandle): string {
  return `pins/account-${toHex(account)}`;
}
