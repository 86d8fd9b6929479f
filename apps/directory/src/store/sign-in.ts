import { concat, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  AttemptId,
  type FactorKind,
  LoginTag,
  type Malformed,
  type OpenedSession,
  type SignInStart,
  type SignInStarted,
  type VerifyKey,
} from "@salus/protocol";
import type { AccountId, Schema } from "../database/schema.ts";
import { ATTEMPT_MS } from "../session-life.ts";
import { rolesOf } from "./account.ts";
import { type Allowance, countAttempt, forgetAttempts } from "./attempt.ts";
import { findLogin } from "./login.ts";
import { openSession } from "./session.ts";
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

/**
 * Begin a sign-in: answer OPAQUE's first message.
 *
 * A login that is unknown is answered like any other, by the same steps: its row, account and
 * credential are made up. Only the guesses of its own live devices are not counted with everybody
 * else's, so that whoever guesses cannot keep its owner out.
 *
 * Leaks:   to who asks, nothing; docs/threat-model.md.
 * Fails:   `malformed`: no such message. `quota`: too many guesses at this login.
 * Cost:    2 ms, of which OPAQUE has 1.5.
 * Plan:    primary keys of `login`, `password`, `account_device`, `attempt`, `sign_in`.
 */
export async function startSignIn(
  store: Store,
  key: VerifyKey,
  { login, start, role }: SignInStart,
  now: number,
): Promise<Result<SignInStarted, Malformed | { readonly kind: "quota" }>> {
  const found = await findLogin(store, login, key);
  for (const allowance of GUESSES) {
    const allowed = await countAttempt(store.hasty, found.bucket, allowance, now);
    if (!allowed) return fail({ kind: "quota" });
  }
  const ends = { login, service: store.service };
  const answer = store.keys.passwords.start(ends, found, start);
  if (!answer.ok) return answer;
  const signIn = AttemptId.of(store.random(16));
  const secret = concat(login, answer.value.state);
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
 * Plan:    primary keys of `sign_in`, `account`, `account_device` and `factor`.
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
  if (!store.keys.passwords.finish(ends, secret.slice(TAG_BYTES), finish)) {
    return fail({ kind: "sign-in-refused" });
  }
  const account = await store.db
    .selectFrom("account")
    .selectAll()
    .where("account", "=", row.account)
    .executeTakeFirst();
  if (account === undefined || !rolesOf(account).includes(row.role)) {
    return fail({ kind: "sign-in-refused" });
  }
  await forgetAttempts(store.hasty, row.bucket);
  const { role } = row;
  return ok({ signIn, account, key, role, ...(await waysOf(store, row.account, key)) });
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

async function waysOf(
  { db }: Store,
  account: AccountId,
  key: VerifyKey,
): Promise<Pick<ProvenSignIn, "device" | "kinds">> {
  const devices = await db
    .selectFrom("account_device")
    .select("sign")
    .where("account", "=", account)
    .execute();
  const factors = await db
    .selectFrom("factor")
    .select("kind")
    .where("account", "=", account)
    .where("added", ">", 0)
    .execute();
  return {
    device: devices.some(({ sign }) => equalBytes(sign, key)),
    kinds: factors.map(({ kind }) => kind),
  };
}

/** Let a sign-in wait for its second factor. */
export async function awaitSecond({ hasty }: Store, signIn: AttemptId): Promise<void> {
  await hasty.updateTable("sign_in").set({ proven: true }).where("sign_in", "=", signIn).execute();
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
 * End a sign-in in the session that it was for.
 *
 * Fails:   `code-refused`: it has ended already.
 */
export async function endSignIn(
  store: Store,
  key: VerifyKey,
  signIn: AttemptId,
  limited: boolean,
  now: number,
): Promise<Result<OpenedSession, { readonly kind: "code-refused" }>> {
  const row = await store.db
    .deleteFrom("sign_in")
    .where("sign_in", "=", signIn)
    .returning(["account", "role"])
    .executeTakeFirst();
  if (row === undefined) return fail({ kind: "code-refused" });
  const { handle } = await store.db
    .selectFrom("account")
    .select("handle")
    .where("account", "=", row.account)
    .executeTakeFirstOrThrow();
  const session = { account: row.account, handle, key, role: row.role, limited };
  return ok(await openSession(store, store.db, session, now));
}
