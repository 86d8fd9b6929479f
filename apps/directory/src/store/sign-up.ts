import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { type AccountState, currentRoot, liveAccountDevice, readAccount } from "@salus/evaluate";
import {
  AttemptId,
  LoginTag,
  type Malformed,
  type OpenedSession,
  type SignUpFinish,
  type SignUpStart,
  type SignUpStarted,
  type VerifyKey,
} from "@salus/protocol";
import { inTransaction } from "@salus/service";
import type { AccountId, Schema } from "../database/schema.ts";
import { ATTEMPT_MS } from "../session-life.ts";
import { type AppendError, insertLinks, logHead, writeDevices } from "./account-chain.ts";
import { quotaBucket } from "./identifier.ts";
import { loginName, writeLogin, writePassword } from "./login.ts";
import { spend } from "./quota.ts";
import { openSession } from "./session.ts";
import type { Store } from "./store.ts";

export type SignUpError =
  | AppendError
  | Malformed
  | { readonly kind: "sign-in-refused" }
  | { readonly kind: "login-taken" };

/** Nobody stands behind a sign-up whose quota it could be: all have one together. */
export interface SignUpsPaused {
  readonly kind: "sign-ups-paused";
}

const EVERYBODY = new Uint8Array(0);
const HOUR_MS = 3_600_000;

/**
 * Begin a sign-up: answer a registration request under a credential that nobody has.
 *
 * It says nothing of whether the login is taken, and evaluates no credential that is in use: else this
 * were an oracle for somebody's password (decision 0055).
 *
 * Takes:   `perHour`, how many may begin in an hour, whoever they are.
 * Fails:   `sign-ups-paused`; `malformed`.
 * Plan:    primary key of `attempt`.
 */
export async function startSignUp(
  store: Store,
  key: VerifyKey,
  { login, registration }: SignUpStart,
  perHour: number,
  now: number,
): Promise<Result<SignUpStarted, Malformed | SignUpsPaused>> {
  const bucket = quotaBucket(store.keys, "sign-up", EVERYBODY);
  const allowed = await spend(store.hasty, { bucket, most: perHour, spanMs: HOUR_MS }, 1, now);
  if (!allowed) return fail({ kind: "sign-ups-paused" });
  const signUp = AttemptId.of(store.random(16));
  const response = store.keys.passwords.register(signUp, registration);
  if (!response.ok) return response;
  await store.hasty
    .insertInto("sign_up")
    .values({
      sign_up: signUp,
      key,
      login: loginName(store, login),
      tag: store.keys.seal({ purpose: "login-tag", owner: signUp }, login, store.random),
      expires: now + ATTEMPT_MS,
    })
    .execute();
  return ok({ signUp, response: response.value });
}

/**
 * End a sign-up: make the account, and open its first session.
 *
 * That the login is taken is found last, after all the work that a free one costs.
 *
 * Fails:   `sign-in-refused`: no such sign-up of this key. `malformed`: no record. `login-taken`. Any
 *          `AppendError`; `chain-duplicate` also for an account that is there.
 * Plan:    primary keys of `sign_up`, `account` and of what belongs to it.
 */
export async function finishSignUp(
  store: Store,
  key: VerifyKey,
  signUp: AttemptId,
  body: SignUpFinish,
  now: number,
): Promise<Result<OpenedSession, SignUpError>> {
  const begun = await findSignUp(store, key, signUp, now);
  if (begun === undefined) return fail({ kind: "sign-in-refused" });
  const ends = { login: begun.tag, service: store.service };
  const record = { credential: signUp, record: body.record };
  if (!store.keys.passwords.isRecord(ends, record))
    return fail({ kind: "malformed", what: "record" });
  const chain = readAccount(body.links);
  if (!chain.ok) return chain;
  const account = chain.value.account.slice(0, 16) as AccountId;
  return inTransaction<Schema, OpenedSession, SignUpError>(store.db, async (trx) => {
    const taken = await trx.deleteFrom("sign_up").where("sign_up", "=", signUp).executeTakeFirst();
    if (taken.numDeletedRows !== 1n) return fail({ kind: "sign-in-refused" });
    const created = await trx
      .insertInto("account")
      .values({ account, ...rowOf(chain.value, body), created: now })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (created.numInsertedOrUpdatedRows !== 1n) return fail({ kind: "chain-duplicate" });
    await insertLinks(trx, account, 0, body.links);
    await writeDevices(trx, account, chain.value);
    await logHead(trx, account, chain.value, now);
    await writePassword(store, trx, { account, tag: begun.tag, ...record });
    if (!(await writeLogin(trx, begun.login, account))) return fail({ kind: "login-taken" });
    const limited = liveAccountDevice(chain.value, key) === undefined;
    const [role = "patient"] = body.roles;
    const session = { account, handle: chain.value.account, key, role, limited };
    return ok(await openSession(store, trx, session, now));
  });
}

function rowOf(state: AccountState, { recovery, roles }: SignUpFinish): FirstRow {
  return {
    handle: state.account,
    head_seq: state.head.seq,
    head_hash: state.head.hash,
    head_root: currentRoot(state),
    recovery,
    roles: roles.join(),
    discoverable: true,
  };
}

type FirstRow = Omit<Schema["account"], "account" | "created">;

async function findSignUp(
  { hasty, keys }: Store,
  key: VerifyKey,
  signUp: AttemptId,
  now: number,
): Promise<{ readonly login: Schema["login"]["login"]; readonly tag: LoginTag } | undefined> {
  const row = await hasty
    .selectFrom("sign_up")
    .selectAll()
    .where("sign_up", "=", signUp)
    .where("expires", ">=", now)
    .executeTakeFirst();
  if (row === undefined || !equalBytes(row.key, key)) return undefined;
  const tag: Bytes = keys.open({ purpose: "login-tag", owner: signUp }, row.tag);
  return { login: row.login, tag: LoginTag.of(tag) };
}
