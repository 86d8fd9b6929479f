import { type Bytes, fail, ok, type Result, utf8 } from "@salus/base";
import type { AttemptId, FactorId, SessionId } from "@salus/protocol";
import { sql } from "kysely";
import type { AccountId, Schema, Trx } from "../database/schema.ts";
import { type Random, sameSecret } from "../service-keys.ts";
import type { SmsLimits } from "../sms/settings.ts";
import { type CodePurpose, countFailure, isClosed, takeFailureBack } from "./sms-limit.ts";
import type { Store } from "./store.ts";

const DIGITS = 8;
const CODES = 10 ** DIGITS;
/** Of the values of four bytes, those that every code has as many of as any other. */
const DRAWN_MAX = Math.floor(2 ** 32 / CODES) * CODES;

/** How long a code works, and how often it is looked at. Source: spec/accounts.md §6. */
export const CODE_MS = 300_000;
const TRIES_MAX = 5;

/** Draw a code: every one is as likely as any other. */
export function drawCode(random: Random): string {
  for (;;) {
    const bytes = random(4);
    const drawn = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if (drawn < DRAWN_MAX) return String(drawn % CODES).padStart(DIGITS, "0");
  }
}

/** What a code is for, and whose: it works there and nowhere else. */
export interface CodeUse {
  readonly purpose: CodePurpose;
  readonly subject: AttemptId | FactorId | SessionId;
  readonly account: AccountId;
}

/**
 * Write down that a code is on its way, instead of the one before it.
 *
 * Plan:    primary key of `sms_code`.
 */
export async function putCode(
  trx: Trx,
  { keys }: Pick<Store, "keys">,
  { subject, account }: Omit<CodeUse, "purpose">,
  code: string,
  now: number,
): Promise<void> {
  const name = keys.pepper("sms code", subject, utf8(code));
  await sql`
    insert into sms_code (subject, account, code, tries, expires)
    values (${subject}::uuid, ${account}::uuid, ${name}, 0, ${now + CODE_MS})
    on conflict (subject) do update
      set account = excluded.account, code = excluded.code, tries = 0, expires = excluded.expires
    `.execute(trx);
}

export type CodeError = { readonly kind: "code-refused" } | { readonly kind: "sms-off" };

/** A code that has been counted everywhere, and may be looked at. */
export interface TriedCode {
  readonly use: CodeUse;
  readonly code: Bytes;
  readonly now: number;
}

/**
 * Count a try at a code, before anything is compared: of any number at once no more are looked at than
 * may fail.
 *
 * Fails:   `sms-off`: too many fail everywhere. `code-refused`: there is none, it is too old, or it was
 *          tried too often.
 * Plan:    primary keys of `attempt` and `sms_code`.
 */
export async function tryCode(
  store: Store,
  use: CodeUse,
  limits: SmsLimits,
  now: number,
): Promise<Result<TriedCode, CodeError>> {
  const { purpose, subject, account } = use;
  if (await isClosed(store, purpose, now)) return fail({ kind: "sms-off" });
  const { rows } = await sql<Pick<Schema["sms_code"], "code">>`
    update sms_code set tries = tries + 1
    where subject = ${subject}::uuid and account = ${account}::uuid and tries < ${TRIES_MAX}
      and expires >= ${now}
    returning code`.execute(store.db);
  const [row] = rows;
  if (row === undefined) return fail({ kind: "code-refused" });
  if (!(await countFailure(store, purpose, limits, now))) return fail({ kind: "sms-off" });
  return ok({ use, code: row.code, now });
}

/**
 * Compare a code with the one that was sent, which is used up when it is the same.
 *
 * Fails:   `code-refused`: another code, or one that somebody else used just now.
 * Plan:    primary key of `sms_code`.
 */
export async function useCode(
  store: Store,
  { use, code, now }: TriedCode,
  given: string,
): Promise<Result<void, { readonly kind: "code-refused" }>> {
  const { purpose, subject } = use;
  const name = store.keys.pepper("sms code", subject, utf8(given));
  if (!sameSecret(code, name)) return fail({ kind: "code-refused" });
  const { rows } = await sql`
    delete from sms_code where subject = ${subject}::uuid and code = ${code}
    returning subject`.execute(store.db);
  if (rows.length === 0) return fail({ kind: "code-refused" });
  await takeFailureBack(store, purpose, now);
  return ok(undefined);
}
