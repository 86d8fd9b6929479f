import { concat, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  type AccountHandle,
  AttemptId,
  type FactorKind,
  LoginTag,
  type Malformed,
  type OpenedSession,
  SessionId,
  type SignInStart,
  type SignInStarted,
  type VerifyKey,
} from "@salus/protocol";
import { byteaArray } from "@salus/service";
import { sql } from "kysely";
import type { AccountId, Schema, Trx } from "../database/schema.ts";
import { ATTEMPT_MS, sessionExpiry } from "../session-life.ts";
import { rolesOf } from "./account.ts";
import { type Allowance, countAttempt } from "./attempt.ts";
import { findLogin } from "./login.ts";
import type { NewSession } from "./session.ts";
import type { Store } from "./store.ts";

export type SignInRefused = { readonly kind: "sign-in-refused" };

/**
 * How often a password may be guessed. Every first message is a guess: its answer tells the client,
 * alone, whether it was right.
 */
const GUESSES: readonly Allowance[] = [
  { tries: 10, spanMs: 900_000 },
  { tries: 60, spanMs: 86_400_000 },
];

const TAG_BYTES = 32;
const CREDENTIAL_BYTES = 16;

/**
 * Begin a sign-in: answer OPAQUE's first message.
 *
 * A login that is unknown is answered like any other, by the same steps: its row, account and
 * credential are made up. Only the guesses of its own live devices are not counted with everybody
 * else's, so that whoever guesses cannot keep its owner out.
 *
 * Leaks:   to who asks, nothing; docs/threat-model.md.
 * Fails:   `malformed`: no such message. `quota`: too many guesses at this login.
 * Cost:    three statements, and 1.5 ms of OPAQUE.
 * Plan:    primary keys of `login`, `password`, `account_device`, `attempt`, `sign_in`.
 */
export async function startSignIn(
  store: Store,
  key: VerifyKey,
  { login, start, role }: SignInStart,
  now: number,
): Promise<Result<SignInStarted, Malformed | { readonly kind: "quota" }>> {
  const found = await findLogin(store, login, key);
  const allowed = await countAttempt(store.hasty, found.bucket, GUESSES, now);
  if (!allowed) return fail({ kind: "quota" });
  const ends = { login, service: store.service };
  const answer = store.keys.passwords.start(ends, found, start);
  if (!answer.ok) return answer;
  const signIn = AttemptId.of(store.random(16));
  const secret = concat(login, found.credential, answer.value.state);
  await store.hasty
    .insertInto("sign_in")
    .values({
      ...{ sign_in: signIn, key, account: found.account, bucket: found.bucket, role },
      state: store.keys.seal({ purpose: "login-state", owner: signIn }, secret, store.random),
      ...{ used: false, proven: false, tries: 0, expires: now + ATTEMPT_MS },
    })
    .execute();
  return ok({ signIn, response: answer.value.response });
}

/** A sign-in whose password was right. */
export interface ProvenSignIn {
  readonly signIn: AttemptId;
  readonly account: Schema["account"];
  readonly key: VerifyKey;
  readonly role: SignInStart["role"];
  /** Whether its key is that of a live device, so that it needs no second factor. */
  readonly device: boolean;
  /** Kinds of the account's factors that are in use. */
  readonly kinds: readonly FactorKind[];
}

/**
 * Judge OPAQUE's last message, once.
 *
 * Fails:   `sign-in-refused`: whatever was wrong.
 * Plan:    primary keys of `sign_in`, `account`, `password`, `account_device` and `factor`.
 */
export async function proveSignIn(
  store: Store,
  key: VerifyKey,
  signIn: AttemptId,
  finish: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<Result<ProvenSignIn, SignInRefused>> {
  const row = await useSignIn(store, key, signIn, now);
  if (row === undefined) return fail({ kind: "sign-in-refused" });
  const secret = store.keys.open({ purpose: "login-state", owner: signIn }, row.state);
  const ends = { login: LoginTag.of(secret.slice(0, TAG_BYTES)), service: store.service };
  const credential = secret.slice(TAG_BYTES, TAG_BYTES + CREDENTIAL_BYTES);
  const state = secret.slice(TAG_BYTES + CREDENTIAL_BYTES);
  if (!store.keys.passwords.finish(ends, state, finish)) return fail({ kind: "sign-in-refused" });
  const found = await waysOf(store, row.account, key);
  // A password that was right when the run began, and has been changed since, opens nothing.
  const current = found !== undefined && equalBytes(found.credential, credential);
  if (!current || !rolesOf(found.account).includes(row.role)) {
    return fail({ kind: "sign-in-refused" });
  }
  await awaitSecond(store, signIn);
  return ok({ signIn, key, role: row.role, ...found });
}

/** One message is judged for one sign-in: what comes after it, or at the same time, finds nothing. */
async function useSignIn(
  { hasty }: Store,
  key: VerifyKey,
  signIn: AttemptId,
  now: number,
): Promise<Schema["sign_in"] | undefined> {
  return hasty
    .updateTable("sign_in")
    .set({ used: true })
    .where("sign_in", "=", signIn)
    .where("key", "=", key)
    .where("used", "=", false)
    .where("expires", ">=", now)
    .returningAll()
    .executeTakeFirst();
}

/** An account, and what a sign-in to it may be finished with. */
async function waysOf(
  { db }: Store,
  account: AccountId,
  key: VerifyKey,
): Promise<Ways | undefined> {
  const { rows } = await sql<Row>`
    select a.*, p.credential,
      exists (select 1 from account_device d where d.account = a.account and d.sign = ${key}) as device,
      (select string_agg(distinct f.kind, ',') from factor f
        where f.account = a.account and f.added > 0) as kinds
    from account a join password p on p.account = a.account
    where a.account = ${account}::uuid`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const kinds = (row.kinds?.split(",") ?? []) as FactorKind[]; // Written from the same type.
  return { account: row, credential: row.credential, device: row.device, kinds };
}

type Credential = Pick<Schema["password"], "credential">;
type Ways = Pick<ProvenSignIn, "account" | "device" | "kinds"> & Credential;
type Row = Schema["account"] & Credential & { device: boolean; kinds: string | null };

/** Let a sign-in wait for its second factor, and forget what led to it: it was no guess. */
async function awaitSecond({ hasty }: Store, signIn: AttemptId): Promise<void> {
  await sql`
    with waiting as (
      update sign_in set proven = true where sign_in = ${signIn}::uuid returning bucket
    )
    delete from attempt using waiting where attempt.bucket = waiting.bucket`.execute(hasty);
}

/** A sign-in that waits for its second factor, whose attempt has been counted. */
export interface WaitingSignIn {
  readonly account: AccountId;
  readonly role: SignInStart["role"];
}

/** So many proofs of a second factor are looked at in one sign-in. Source: spec/accounts.md §6. */
const TRIES_MAX = 5;

/**
 * Count an attempt at a sign-in's second factor, before it is looked at.
 *
 * Fails:   `code-refused`: no such sign-in of this key waits, or it has been tried too often.
 * Plan:    primary key of `sign_in`.
 */
export async function trySecond(
  { hasty }: Store,
  key: VerifyKey,
  signIn: AttemptId,
  now: number,
): Promise<Result<WaitingSignIn, { readonly kind: "code-refused" }>> {
  const row = await hasty
    .updateTable("sign_in")
    .set((eb) => ({ tries: eb("tries", "+", 1) }))
    .where("sign_in", "=", signIn)
    .where("key", "=", key)
    .where("proven", "=", true)
    .where("tries", "<", TRIES_MAX)
    .where("expires", ">=", now)
    .returning(["account", "role"])
    .executeTakeFirst();
  return row === undefined ? fail({ kind: "code-refused" }) : ok(row);
}

/**
 * Find the sign-in of a key that waits for its second factor, without counting anything.
 *
 * Plan:    primary key of `sign_in`.
 */
export async function waitingSignIn(
  { hasty }: Store,
  key: VerifyKey,
  signIn: AttemptId,
  now: number,
): Promise<WaitingSignIn | undefined> {
  return hasty
    .selectFrom("sign_in")
    .select(["account", "role"])
    .where("sign_in", "=", signIn)
    .where("key", "=", key)
    .where("proven", "=", true)
    .where("expires", ">=", now)
    .executeTakeFirst();
}

/**
 * Let sign-ins to an account come to nothing, of some keys or of all: what was asked for before a
 * change is not given after it.
 *
 * Order:   before the sessions of the same keys are ended, so that one which is opened at this moment
 *          ends with them.
 * Plan:    all of `sign_in`, which has those of ten minutes; changes are rare.
 */
export async function dropSignIns(
  trx: Trx,
  account: AccountId,
  keys?: readonly VerifyKey[],
): Promise<void> {
  const which = keys === undefined ? sql`` : sql`and key = any(${byteaArray(keys)}::bytea[])`;
  await sql`delete from sign_in where account = ${account}::uuid ${which}`.execute(trx);
}

/**
 * End a sign-in in the session that it was for.
 *
 * It waits for no disk: whoever loses a session in a crash signs in again.
 *
 * Fails:   `code-refused`: it has ended already.
 * Plan:    primary keys of `sign_in`, `account` and `session`, in one statement.
 */
export async function endSignIn(
  store: Store,
  signIn: AttemptId,
  { key, role, limited }: Pick<NewSession, "key" | "role" | "limited">,
  now: number,
): Promise<Result<OpenedSession, { readonly kind: "code-refused" }>> {
  const session = SessionId.of(store.random(16));
  const expires = sessionExpiry(role, now, now);
  const { rows } = await sql<{ readonly handle: AccountHandle }>`
    with ended as (
      delete from sign_in where sign_in = ${signIn}::uuid and role = ${role} returning account
    ), opened as (
      insert into session
        (session, account, key, role, opened, seen, expires, stepped_up, limited)
      select ${session}::uuid, account, ${key}::bytea, ${role}::text, ${now}::int8, ${now}::int8,
        ${expires}::int8, ${now}::int8, ${limited}::bool
      from ended
    )
    select a.handle from ended e join account a on a.account = e.account`.execute(store.hasty);
  const [row] = rows;
  if (row === undefined) return fail({ kind: "code-refused" });
  return ok({ session, role, expires, account: row.handle });
}
