import { assert, type Bytes, type Result, utf8 } from "@salus/base";
import type { AttemptId, FactorId, VerifyKey } from "@salus/protocol";
import { byteaArray, inTransaction, uuidArray } from "@salus/service";
import { type QueryExecutorProvider, sql } from "kysely";
import type { AccountId, BoxId, MessageId, Schema, Trx } from "../database/schema.ts";
import type { PhoneNumber } from "../sms/phone-number.ts";
import { RECOVERY_TEXT } from "../sms/wording.ts";
import { CODE_MS } from "./sms-code.ts";
import type { SmsPurpose } from "./sms-limit.ts";
import type { Store } from "./store.ts";

/** A number, and what is sent to it; the text is empty as long as it is not known. */
export interface SmsContent {
  readonly number: PhoneNumber;
  readonly text: string;
}

/** A message that somebody asked for, of which nothing has been judged. */
export interface SmsWish {
  readonly message: MessageId;
  readonly purpose: SmsPurpose;
  readonly account: AccountId;
  /** Nothing: the number is that of the account's phone. */
  readonly content: SmsContent | undefined;
}

/** A message that may be sent. */
export interface SmsReady extends SmsContent {
  readonly message: MessageId;
  /** How often it was handed over, this time included. */
  readonly tries: number;
  readonly expires: number;
}

/** A notice is of use for longer than a code. */
const NOTICE_MS = 3_600_000;
/** Whoever has claimed a message is done with it before, or has crashed. */
const LEASE_MS = 60_000;

/**
 * Ask for a code for a sign-in, if it is one of this key's, whose password was right.
 *
 * It is one statement, whatever it finds: who asks learns nothing from how long it takes.
 *
 * Plan:    primary keys of `sign_in` and `sms_message`.
 */
export async function wishSignInCode(
  { hasty }: Store,
  key: VerifyKey,
  signIn: AttemptId,
  now: number,
): Promise<void> {
  await sql`
    insert into sms_message (message, purpose, account, sealed, ready, due, tries, expires)
    select sign_in, 'sign-in', account, ''::bytea, false, ${now}::int8, 0, ${now + CODE_MS}::int8
    from sign_in where sign_in = ${signIn}::uuid and key = ${key} and proven and role = 'patient'
      and expires >= ${now}::int8
    on conflict (message) do nothing`.execute(hasty);
}

/** Ask for a code for a phone that is being added. Plan: primary key of `sms_message`. */
export function wishFactorCode(
  { hasty }: Store,
  account: AccountId,
  factor: FactorId,
  now: number,
): Promise<void> {
  const message = factor as Bytes as MessageId;
  return insert(hasty, { message, purpose: "factor", account, sealed: new Uint8Array() }, now);
}

/**
 * Ask for a notice to whoever reads a box, if that is anybody and has a phone: it is written down for
 * every box. While one waits there is no other.
 *
 * Plan:    primary key of `sms_message`.
 */
export function wishNotice(trx: QueryExecutorProvider, box: BoxId, now: number): Promise<void> {
  const message = box as Bytes as MessageId;
  const account = box as Bytes as AccountId;
  return insert(trx, { message, purpose: "request", account, sealed: new Uint8Array() }, now);
}

/**
 * Tell an account's phone that somebody came back to the account, before the phone is forgotten.
 *
 * Plan:    a range of the primary key of `factor`, and the primary key of `sms_message`.
 */
export async function wishRecoveryNotice(
  { keys, random }: Store,
  trx: Trx,
  account: AccountId,
  now: number,
): Promise<void> {
  const phone = await trx
    .selectFrom("factor")
    .select(["factor", "secret"])
    .where("account", "=", account)
    .where("kind", "=", "sms")
    .where("added", ">", 0)
    .executeTakeFirst();
  if (phone === undefined) return;
  const number = phoneIn(keys, phone);
  const message = random(16) as MessageId;
  const text = written({ number, text: RECOVERY_TEXT });
  const sealed = keys.seal({ purpose: "sms", owner: message }, text, random);
  await insert(trx, { message, purpose: "recovery", account, sealed }, now);
}

/** A code on its way to a number that is nobody's phone yet. */
export interface ProofWish extends SmsContent {
  readonly account: AccountId;
}

/** Ask for messages with these texts to these numbers. Plan: primary key of `sms_message`. */
export async function wishProofs(
  { hasty, keys, random }: Store,
  wishes: readonly ProofWish[],
  now: number,
): Promise<void> {
  const messages = wishes.map(() => random(16));
  const sealed = wishes.map(({ number, text }, at) =>
    keys.seal({ purpose: "sms", owner: messages[at] as Bytes }, written({ number, text }), random),
  );
  const accounts = wishes.map(({ account }) => account);
  await sql`
    insert into sms_message (message, purpose, account, sealed, ready, due, tries, expires)
    select message, 'proof', account, sealed, false, ${now}::int8, 0, ${now + CODE_MS}::int8
    from unnest(${uuidArray(messages)}::uuid[], ${uuidArray(accounts)}::uuid[],
      ${byteaArray(sealed)}::bytea[]) as wish (message, account, sealed)`.execute(hasty);
}

async function insert(
  db: QueryExecutorProvider,
  { message, purpose, account, sealed }: Omit<Claimed, "tries" | "expires">,
  now: number,
): Promise<void> {
  const expires = now + (purpose === "request" || purpose === "recovery" ? NOTICE_MS : CODE_MS);
  await sql`
    insert into sms_message (message, purpose, account, sealed, ready, due, tries, expires)
    values (${message}::uuid, ${purpose}, ${account}::uuid, ${sealed}, false, ${now}, 0, ${expires})
    on conflict (message) do nothing`.execute(db);
}

type Claimed = Pick<
  Schema["sms_message"],
  "message" | "purpose" | "account" | "sealed" | "tries" | "expires"
>;

/**
 * Take messages that are due, so that nobody else does for a minute. The array makes the database look
 * each of them up, however long it thinks the queue is.
 *
 * Order:   of any number of directories on one database each takes others: locked rows are skipped.
 * Plan:    a range of `sms_message_by_due`.
 */
async function claim(
  { hasty }: Store,
  ready: boolean,
  most: number,
  now: number,
): Promise<readonly Claimed[]> {
  const { rows } = await sql<Claimed>`
    update sms_message set due = ${now + LEASE_MS}, tries = tries + 1
    where message = any(array(
      select message from sms_message
      where ready = ${ready} and due <= ${now} and expires >= ${now}
      order by due limit ${most} for update skip locked))
    returning message, purpose, account, sealed, tries, expires`.execute(hasty);
  return rows;
}

/** Take wishes that wait to be judged. Plan: as `claim`. */
export async function claimWishes(
  store: Store,
  most: number,
  now: number,
): Promise<readonly SmsWish[]> {
  const rows = await claim(store, false, most, now);
  return rows.map((row) => ({ ...row, content: opened(store, row) }));
}

/** Take messages that wait to be sent. Plan: as `claim`. */
export async function claimReady(
  store: Store,
  most: number,
  now: number,
): Promise<readonly SmsReady[]> {
  const rows = await claim(store, true, most, now);
  return rows.map((row) => {
    const content = opened(store, row);
    assert(content !== undefined, "what is ready has a number and a text");
    return { ...row, ...content };
  });
}

/** Find the phones that codes for sign-ins, for themselves, and notices go to. */
export async function phonesOf(
  { db, keys }: Store,
  wishes: readonly SmsWish[],
): Promise<ReadonlyMap<SmsWish, PhoneNumber>> {
  const accounts = uuidArray(wishes.map(({ account }) => account));
  const { rows } = await sql<Pick<Schema["factor"], "account" | "factor" | "secret" | "added">>`
    select account, factor, secret, added from factor
    where account = any(${accounts}::uuid[]) and kind = 'sms'`.execute(db);
  const name = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  const used = new Map(
    rows.filter(({ added }) => added > 0).map((row) => [name(row.account), row]),
  );
  const drafts = new Map(rows.map((row) => [name(row.factor), row]));
  const phones = new Map<SmsWish, PhoneNumber>();
  for (const wish of wishes) {
    const mine =
      wish.purpose === "factor" ? drafts.get(name(wish.message)) : used.get(name(wish.account));
    if (mine === undefined) continue;
    phones.set(wish, phoneIn(keys, mine));
  }
  return phones;
}

/**
 * Judge a message and let it be sent, or do neither.
 *
 * Takes:   `judge`, which counts it and gives its content, in the transaction that writes that down.
 * Plan:    primary key of `sms_message`.
 */
export function makeReady<Refusal>(
  { db, keys, random }: Store,
  { message }: Pick<SmsWish, "message">,
  now: number,
  judge: (trx: Trx) => Promise<Result<SmsContent, Refusal>>,
): Promise<Result<void, Refusal>> {
  return inTransaction<Schema, void, Refusal>(db, async (trx) => {
    const content = await judge(trx);
    if (!content.ok) return content;
    const sealed = keys.seal({ purpose: "sms", owner: message }, written(content.value), random);
    await sql`update sms_message set sealed = ${sealed}, ready = true, due = ${now}, tries = 0
      where message = ${message}::uuid`.execute(trx);
    return { ok: true, value: undefined };
  });
}

/** Forget messages: they were sent, or will not be. Plan: primary key of `sms_message`. */
export async function forgetMessages(
  { hasty }: Store,
  messages: readonly MessageId[],
): Promise<void> {
  if (messages.length === 0) return;
  await sql`delete from sms_message where message = any(${uuidArray(messages)}::uuid[])`.execute(
    hasty,
  );
}

/** Let a message be handed over again, then. Plan: primary key of `sms_message`. */
export async function postpone({ hasty }: Store, message: MessageId, due: number): Promise<void> {
  await sql`update sms_message set due = ${due} where message = ${message}::uuid`.execute(hasty);
}

function phoneIn(
  keys: Store["keys"],
  { factor, secret }: Pick<Schema["factor"], "factor" | "secret">,
): PhoneNumber {
  return Buffer.from(
    keys.open({ purpose: "phone", owner: factor }, secret),
  ).toString() as PhoneNumber;
}

function written({ number, text }: SmsContent): Bytes {
  return utf8(`${number}\n${text}`);
}

function opened(
  { keys }: Store,
  { message, sealed }: Pick<Claimed, "message" | "sealed">,
): SmsContent | undefined {
  if (sealed.length === 0) return undefined;
  const content = Buffer.from(keys.open({ purpose: "sms", owner: message }, sealed)).toString();
  const end = content.indexOf("\n");
  return { number: content.slice(0, end) as PhoneNumber, text: content.slice(end + 1) };
}
