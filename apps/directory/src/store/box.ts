import type { Bytes } from "@salus/base";
import {
  DISCOVERY,
  decodeAs,
  type MailboxId,
  type Notice,
  noticeSchema,
  type Parcel,
  type ParcelKind,
  type ParcelPage,
  parseParcel,
  type Received,
} from "@salus/protocol";
import { int8Array } from "@salus/service";
import { type Kysely, type QueryExecutorProvider, sql } from "kysely";
import type { AccountId, BoxId, Schema } from "../database/schema.ts";

/** What parcels lie in. */
export interface Box {
  readonly box: BoxId;
  /** Whether an account reads it. */
  readonly claimed: boolean;
}

/** Something to be put into a box, encoded. */
export interface Item {
  readonly kind: ParcelKind | "look-up";
  readonly bytes: Bytes;
}

const NEVER = Number.MAX_SAFE_INTEGER;
/** An invitation is good for less, and so is a writing. */
const KEPT_MS = 30 * 86_400_000;
/** What goes to mailboxes that are no account's, and yet somebody's: invitations', organisations'. */
const FOR_NO_ACCOUNT: readonly Item["kind"][] = ["joining", "association", "writing"];

export function accountBox(account: AccountId): Box {
  return { box: account as Bytes as BoxId, claimed: true };
}

export function unclaimedBox(mailbox: MailboxId): Box {
  return { box: mailbox as Bytes as BoxId, claimed: false };
}

/**
 * The box of a mailbox, whether anybody has it or not.
 *
 * Plan:    primary key of `mailbox`.
 */
export async function boxOf(db: QueryExecutorProvider, mailbox: MailboxId): Promise<Box> {
  const { rows } = await sql<{ readonly account: AccountId }>`
    select account from mailbox where mailbox = ${mailbox}::uuid`.execute(db);
  const [row] = rows;
  return row === undefined ? unclaimedBox(mailbox) : accountBox(row.account);
}

/**
 * Put something into a box. What nobody will read is written as everything is, and marked to go.
 *
 * Sees:    who gets something, when, of what kind and length.
 * Order:   the box's row is locked until the end of the transaction, so that who has read up to a
 *          number has read all before it.
 * Plan:    primary keys of `box` and `parcel`.
 */
export async function putInto(
  trx: QueryExecutorProvider,
  { box, claimed }: Box,
  { kind, bytes }: Item,
  now: number,
): Promise<void> {
  const kept = FOR_NO_ACCOUNT.includes(kind) ? now + KEPT_MS : now;
  const expires = claimed ? NEVER : kept;
  await sql`with head as (
      insert into box (box, number, expires) values (${box}::uuid, 1, ${expires})
      on conflict (box) do update
        set number = box.number + 1, expires = greatest(box.expires, excluded.expires)
      returning number)
    insert into parcel (box, number, time, expires, notice, bytes)
    select ${box}::uuid, number, ${now}::int8, ${expires}::int8, ${kind === "look-up"}::bool,
      ${bytes}::bytea
    from head`.execute(trx);
}

/** What is in a box after a number. Plan: a range of the primary key of `parcel`. */
export async function boxPage(
  db: Kysely<Schema>,
  { box }: Box,
  after: number,
): Promise<ParcelPage> {
  const rows = await db
    .selectFrom("parcel")
    .select(["number", "time", "notice", "bytes"])
    .where("box", "=", box)
    .where("number", ">", after)
    .orderBy("number")
    .limit(DISCOVERY.pageParcels + 1)
    .execute();
  const parcels = rows.slice(0, DISCOVERY.pageParcels).map(received);
  return { parcels, more: rows.length > DISCOVERY.pageParcels };
}

function received(row: Omit<Schema["parcel"], "box" | "expires">): Received {
  const { number, time } = row;
  if (row.notice) return { number, time, notice: stored(decodeAs(noticeSchema, row.bytes, "")) };
  return { number, time, parcel: stored(parseParcel(row.bytes)) };
}

/** What was parsed before it was written. */
function stored<T extends Notice | Parcel>(
  parsed: { readonly ok: true; readonly value: T } | { readonly ok: false },
): T {
  if (!parsed.ok) throw new Error("bug: a parcel is stored as it was read");
  return parsed.value;
}

/** Forget what has been read; what is not there is forgotten already. Plan: primary key of `parcel`. */
export async function removeFrom(
  db: Kysely<Schema>,
  { box }: Box,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.length === 0) return;
  await sql`delete from parcel where box = ${box}::uuid
    and number = any(${int8Array(numbers)}::int8[])`.execute(db);
}

/** Forget what nobody reads. Plan: ranges of `parcel_by_expiry` and `box_by_expiry`. */
export async function purgeBoxes(db: Kysely<Schema>, now: number): Promise<void> {
  await db.deleteFrom("parcel").where("expires", "<", now).execute();
  await db.deleteFrom("box").where("expires", "<", now).execute();
}
