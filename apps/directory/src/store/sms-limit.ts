import { fail, type Result, utf8 } from "@salus/base";
import { type Kysely, type QueryExecutorProvider, sql } from "kysely";
import type { Bucket, Schema } from "../database/schema.ts";
import type { ServiceKeys } from "../service-keys.ts";
import { type PhoneNumber, placeOf } from "../sms/phone-number.ts";
import type { SmsLimits } from "../sms/settings.ts";
import { quotaBucket } from "./identifier.ts";
import { spend } from "./quota.ts";
import type { Store } from "./store.ts";

/** What a code is for. */
export type CodePurpose = "sign-in" | "factor" | "proof";
/** What a message is about. */
export type SmsPurpose = CodePurpose | "request" | "recovery";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long ago the last message to a number must be, the fifth last, and the tenth last.
 *
 * Notices are counted by themselves: whoever asks somebody for records cannot keep her codes back, nor
 * the word that somebody came back to her account.
 *
 * Source:  spec/accounts.md §6.
 */
const SPACING = {
  code: { last: MINUTE_MS, fifth: HOUR_MS, tenth: DAY_MS },
  request: { last: HOUR_MS, fifth: HOUR_MS, tenth: DAY_MS },
  recovery: { last: MINUTE_MS, fifth: HOUR_MS, tenth: DAY_MS },
} as const;
const REMEMBERED = 10;

/** A limit of several numbers' that has been reached, until the day is over. */
export interface Spent {
  readonly kind: "prefix" | "day";
}

function dayBucket(keys: ServiceKeys): Bucket {
  return quotaBucket(keys, "sms day", new Uint8Array());
}

function prefixBucket(keys: ServiceKeys, prefix: string): Bucket {
  return quotaBucket(keys, "sms prefix", utf8(prefix));
}

/**
 * Count a message to a number, unless that is too many in some span of time: of any number at once
 * exactly as many succeed as are allowed.
 *
 * Plan:    primary key of `sms_number`.
 */
export async function countNumber(
  trx: QueryExecutorProvider,
  keys: ServiceKeys,
  number: PhoneNumber,
  purpose: SmsPurpose,
  now: number,
): Promise<boolean> {
  const kind = purpose === "request" || purpose === "recovery" ? purpose : "code";
  const { last, fifth, tenth } = SPACING[kind];
  const name = keys.pepper("sms number", utf8(kind), utf8(number));
  const { rows } = await sql`
    insert into sms_number (number, sent, expires)
    values (${name}, array[${now}::int8], ${now + DAY_MS})
    on conflict (number) do update
      set sent = (array_prepend(${now}::int8, sms_number.sent))[1:${REMEMBERED}::int4],
        expires = excluded.expires
      where sms_number.sent[1] <= ${now - last}::int8
        and coalesce(sms_number.sent[5], 0) <= ${now - fifth}::int8
        and coalesce(sms_number.sent[10], 0) <= ${now - tenth}::int8
    returning number`.execute(trx);
  return rows.length === 1;
}

/**
 * Count a message in what all numbers, and those of one prefix, get in a day.
 *
 * Gives:   what had been reached, or nothing.
 * Plan:    primary key of `attempt`.
 */
export async function countPlace(
  trx: QueryExecutorProvider,
  keys: ServiceKeys,
  number: PhoneNumber,
  { perDay, perPrefix }: SmsLimits,
  now: number,
): Promise<Spent | undefined> {
  const { prefix } = placeOf(number);
  const inPrefix = { bucket: prefixBucket(keys, prefix), most: perPrefix };
  if (!(await spend(trx, inPrefix, 1, now))) return { kind: "prefix" };
  const inDay = { bucket: dayBucket(keys), most: perDay };
  return (await spend(trx, inDay, 1, now)) ? undefined : { kind: "day" };
}

/**
 * Whether a day's messages, in all or to a prefix, are spent: what is true stays true until midnight.
 *
 * Plan:    primary key of `attempt`.
 */
export async function isSpent(
  db: Kysely<Schema>,
  keys: ServiceKeys,
  prefix: string,
  { perDay, perPrefix }: SmsLimits,
  now: number,
): Promise<boolean> {
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  const total = dayBucket(keys);
  const { rows } = await sql`
    select 1 from attempt where span = ${day}
      and ((bucket = ${total} and tries >= ${perDay})
        or (bucket = ${prefixBucket(keys, prefix)} and tries >= ${perPrefix}))`.execute(db);
  return rows.length > 0;
}

/** So much of what is usually sent in a day may fail in an hour. Source: spec/accounts.md §6. */
const FAILURES = 0.005;
const CLOSED_MS = HOUR_MS;

/**
 * Count a code that is about to be looked at among an hour's failures; who passes takes it back.
 *
 * It is counted over all accounts, since five tries at each of a million come to something. What codes
 * are for is counted apart: guessing at other people's numbers closes no sign-in.
 *
 * Gives:   false when there are too many: from then on, for an hour, none is looked at.
 * Plan:    primary key of `attempt`.
 */
export async function countFailure(
  { hasty, keys }: Store,
  purpose: CodePurpose,
  { expected }: SmsLimits,
  now: number,
): Promise<boolean> {
  const span = Math.floor(now / HOUR_MS) * HOUR_MS;
  const most = Math.max(1, Math.floor(expected * FAILURES));
  const { rows } = await sql<{ readonly tries: number }>`
    insert into attempt (bucket, span, tries, expires)
    values (${failuresBucket(keys, purpose)}, ${span}, 1, ${span + HOUR_MS})
    on conflict (bucket, span) do update set tries = attempt.tries + 1
    returning tries`.execute(hasty);
  if ((rows[0]?.tries ?? 0) <= most) return true;
  await sql`
    insert into attempt (bucket, span, tries, expires)
    values (${closedBucket(keys, purpose)}, ${span}, 1, ${now + CLOSED_MS})
    on conflict (bucket, span) do nothing`.execute(hasty);
  return false;
}

/**
 * Look at a code within the budget of what may fail, when something else keeps the code.
 *
 * Fails:   `sms-off`: too many fail everywhere. Otherwise as `look`.
 */
export async function withinBudget<Value, Failure>(
  store: Store,
  purpose: CodePurpose,
  limits: SmsLimits,
  now: number,
  look: () => Promise<Result<Value, Failure>>,
): Promise<Result<Value, Failure | { readonly kind: "sms-off" }>> {
  if (await isClosed(store, purpose, now)) return fail({ kind: "sms-off" });
  if (!(await countFailure(store, purpose, limits, now))) return fail({ kind: "sms-off" });
  const looked = await look();
  if (looked.ok) await takeFailureBack(store, purpose, now);
  return looked;
}

/** Take a failure back: it was none. */
export async function takeFailureBack(
  { hasty, keys }: Store,
  purpose: CodePurpose,
  counted: number,
): Promise<void> {
  const span = Math.floor(counted / HOUR_MS) * HOUR_MS;
  await sql`update attempt set tries = tries - 1
    where bucket = ${failuresBucket(keys, purpose)} and span = ${span}`.execute(hasty);
}

/** Whether codes for something are not looked at for now. Plan: primary key of `attempt`. */
export async function isClosed(
  { hasty, keys }: Store,
  purpose: CodePurpose,
  now: number,
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from attempt where bucket = ${closedBucket(keys, purpose)}
      and expires > ${now}`.execute(hasty);
  return rows.length > 0;
}

function failuresBucket(keys: ServiceKeys, purpose: CodePurpose): Bucket {
  return quotaBucket(keys, "sms failures", utf8(purpose));
}

function closedBucket(keys: ServiceKeys, purpose: CodePurpose): Bucket {
  return quotaBucket(keys, "sms closed", utf8(purpose));
}
