import { type Bytes, beInteger, concat, fail, ok, type Result } from "@salus/base";
import {
  type AccountChainError,
  type AccountState,
  applyAccountLinks,
  currentRoot,
  liveAccountDevice,
  readAccount,
  standing,
} from "@salus/evaluate";
import {
  ACCOUNT_CHAIN_BYTES_MAX,
  CHAIN_PAGE_MAX,
  type ChainHead,
  type ChainPage,
  LIMITS,
} from "@salus/protocol";
import { appendToLog, byteaArray, inTransaction, int4Array } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { AccountId, Schema, Trx } from "../database/schema.ts";
import { endSessions } from "./session.ts";
import { dropSignIns } from "./sign-in.ts";
import type { Store } from "./store.ts";

/** Why links are not appended. */
export type AppendError =
  | AccountChainError
  | { readonly kind: "too-large" }
  | { readonly kind: "chain-conflict"; readonly seq: number; readonly hash: ChainHead["hash"] };

/** What is done in the transaction of an append, with the account as it was and as it is now. */
type Also<Failure> = (
  trx: Trx,
  before: AccountState,
  after: AccountState,
) => Promise<Result<void, Failure>>;

/**
 * A page of an account's chain.
 *
 * Sees:    signed links and sealed roots.
 * Plan:    a range of the primary key of `account_link`.
 */
export async function chainPage(
  db: Kysely<Schema>,
  account: AccountId,
  from: number,
): Promise<ChainPage> {
  const rows = await db
    .selectFrom("account_link")
    .select("bytes")
    .where("account", "=", account)
    .where("seq", ">=", from)
    .orderBy("seq")
    .limit(CHAIN_PAGE_MAX + 1)
    .execute();
  const links: Bytes[] = [];
  let size = 0;
  for (const { bytes } of rows.slice(0, CHAIN_PAGE_MAX)) {
    size += bytes.length;
    if (size > LIMITS.pageBytes) break;
    links.push(bytes);
  }
  return { links, more: links.length < rows.length };
}

/**
 * Append links to an account's chain, all or none, and do `also` with them or not at all.
 *
 * Links that stand in the chain already are answered as when they were appended, and nothing is done.
 *
 * Fails:   `chain-conflict`; `too-large`: the chain would be; any `AccountChainError`; what `also` fails
 *          with.
 * Order:   the account's row is locked, so that appends to one account come one after the other.
 * Cost:    one signature for every link of the chain.
 * Plan:    primary keys of `account`, `account_link` and `account_device`.
 */
export function appendAccountLinks<Failure = never>(
  { db }: Store,
  account: AccountId,
  links: readonly Bytes[],
  now: number,
  also?: Also<Failure>,
): Promise<Result<ChainHead, AppendError | Failure>> {
  return inTransaction<Schema, ChainHead, AppendError | Failure>(db, async (trx) => {
    const before = await lockChain(trx, account);
    const applied = applyAccountLinks(before, links);
    if (!applied.ok) {
      const stands = standing(before, links);
      if (stands !== undefined) return ok(stands);
      const first = applyAccountLinks(before, links.slice(0, 1));
      const late = !first.ok && first.error.kind === "chain-gap";
      return late ? fail({ kind: "chain-conflict", ...before.head }) : applied;
    }
    const after = applied.value;
    await insertLinks(trx, account, before.head.seq + 1, links);
    if (await isTooLong(trx, account, before, after)) return fail({ kind: "too-large" });
    await writeDevices(trx, account, after);
    await endDevices(trx, account, before, after);
    await logHead(trx, account, after, now);
    await trx
      .updateTable("account")
      .set({
        head_seq: after.head.seq,
        head_hash: after.head.hash,
        head_root: currentRoot(after),
      })
      .where("account", "=", account)
      .execute();
    const done = also === undefined ? ok(undefined) : await also(trx, before, after);
    return done.ok ? ok(after.head) : done;
  });
}

/**
 * Whether a chain has become longer than it may: all of it is verified for each append. Who can add
 * nothing more can still remove what she has lost: a new root ends every removal.
 */
async function isTooLong(
  trx: Trx,
  account: AccountId,
  before: AccountState,
  after: AccountState,
): Promise<boolean> {
  const { rows } = await sql<{ readonly bytes: number }>`
    select sum(octet_length(bytes))::int8 as bytes from account_link
    where account = ${account}`.execute(trx);
  const removes = after.roots.length > before.roots.length;
  const most = removes ? 2 * ACCOUNT_CHAIN_BYTES_MAX : ACCOUNT_CHAIN_BYTES_MAX;
  return (rows[0]?.bytes ?? 0) > most;
}

/** Read an account's chain and keep everybody else from appending until the transaction ends. */
async function lockChain(trx: Trx, account: AccountId): Promise<AccountState> {
  await trx
    .selectFrom("account")
    .select("head_seq")
    .where("account", "=", account)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const rows = await trx
    .selectFrom("account_link")
    .select("bytes")
    .where("account", "=", account)
    .orderBy("seq")
    .execute();
  const read = readAccount(rows.map(({ bytes }) => bytes));
  if (!read.ok) throw new Error(`bug: a stored account chain is refused: ${read.error.kind}`);
  return read.value;
}

/** Store links from one number on. */
export async function insertLinks(
  trx: Trx,
  account: AccountId,
  from: number,
  links: readonly Bytes[],
): Promise<void> {
  const numbers = int4Array(links.map((_, at) => from + at));
  await sql`insert into account_link (account, seq, bytes)
    select ${account}, seq, bytes from unnest(${numbers}::int4[], ${byteaArray(links)}::bytea[])
    as l (seq, bytes)`.execute(trx);
}

/** Let the log hold an account's new head. Source: spec/log.md §1. */
export async function logHead(
  trx: Trx,
  account: AccountId,
  { account: handle, head }: AccountState,
  now: number,
): Promise<void> {
  const object = concat(handle, beInteger(head.seq, 8), head.hash);
  await appendToLog(trx, now, [{ kind: "account", of: { owner: account }, object }]);
}

/** A device that was taken out is signed in no longer, wherever it was. */
async function endDevices(
  trx: Trx,
  account: AccountId,
  before: AccountState,
  after: AccountState,
): Promise<void> {
  const gone = [...before.devices.values()]
    .map(({ sign }) => sign)
    .filter((sign) => liveAccountDevice(before, sign) && !liveAccountDevice(after, sign));
  if (gone.length === 0) return;
  await dropSignIns(trx, account, gone);
  await endSessions(trx, account, gone);
}

/** Write down which devices are live now. */
export async function writeDevices(
  trx: Trx,
  account: AccountId,
  { devices }: AccountState,
): Promise<void> {
  const live = [...devices.values()].filter(({ status }) => status === "live");
  await trx.deleteFrom("account_device").where("account", "=", account).execute();
  if (live.length === 0) return;
  await trx
    .insertInto("account_device")
    .values(live.map(({ sign }) => ({ account, sign })))
    .execute();
}
