import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { digest, liveAccountDevice } from "@salus/evaluate";
import {
  AttemptId,
  type ChainPage,
  LoginTag,
  type Malformed,
  type OpenedSession,
  type PasswordFinish,
  type RecoveryStart,
  type RecoveryStarted,
  type VerifyKey,
} from "@salus/protocol";
import type { Schema } from "../database/schema.ts";
import { ATTEMPT_MS } from "../session-life.ts";
import { rolesOf } from "./account.ts";
import { type AppendError, appendAccountLinks, chainPage } from "./account-chain.ts";
import { loginName, writeLogin, writePassword } from "./login.ts";
import { hasNewPassword } from "./password.ts";
import { endSessions, openSession } from "./session.ts";
import { dropSignIns } from "./sign-in.ts";
import { wishRecoveryNotice } from "./sms-message.ts";
import type { Store } from "./store.ts";

export type RecoveryRefused = { readonly kind: "sign-in-refused" };

/** Why a recovery does not end well. */
export type RecoveryError =
  | AppendError
  | RecoveryRefused
  | Malformed
  | { readonly kind: "login-taken" };

/**
 * Begin a recovery: give an account's chain, with what the phrase opens, to whoever shows the
 * recovery tag. The tag has 256 bits, so that nobody guesses it, and finds the account by itself: also
 * in a directory that has lost the keys by which it knew logins.
 *
 * Takes:   `key`, that of the session to be; `login`, the one that the account is to have.
 * Fails:   `sign-in-refused`: no account has such a tag.
 * Plan:    `account_by_recovery`; a range of the primary key of `account_link`.
 */
export async function startRecovery(
  store: Store,
  key: VerifyKey,
  { login, tag }: RecoveryStart,
  now: number,
): Promise<Result<RecoveryStarted, RecoveryRefused>> {
  const row = await store.db
    .selectFrom("account")
    .select(["account", "handle"])
    .where("recovery", "=", digest(tag))
    .executeTakeFirst();
  if (row === undefined) return fail({ kind: "sign-in-refused" });
  const recovery = AttemptId.of(store.random(16));
  await store.hasty
    .insertInto("recovery")
    .values({
      ...{ recovery, account: row.account, key, login: loginName(store, login) },
      tag: store.keys.seal({ purpose: "login-tag", owner: recovery }, login, store.random),
      expires: now + ATTEMPT_MS,
    })
    .execute();
  const page = await chainPage(store.db, row.account, 0);
  return ok({ account: row.handle, ...page, recovery });
}

/** More of the chain of an account that is being recovered. Fails: `sign-in-refused`. */
export async function recoveryChain(
  store: Store,
  key: VerifyKey,
  recovery: AttemptId,
  from: number,
  now: number,
): Promise<Result<ChainPage, RecoveryRefused>> {
  const row = await findRecovery(store, recovery, now);
  const own = row !== undefined && equalBytes(row.key, key);
  return own ? ok(await chainPage(store.db, row.account, from)) : fail({ kind: "sign-in-refused" });
}

/** Answer the registration request of a recovery. Fails: `sign-in-refused`, `malformed`. */
export async function registerRecovery(
  store: Store,
  key: VerifyKey,
  recovery: AttemptId,
  registration: Bytes,
  now: number,
): Promise<Result<Bytes, RecoveryRefused | Malformed>> {
  const row = await findRecovery(store, recovery, now);
  if (row === undefined || !equalBytes(row.key, key)) return fail({ kind: "sign-in-refused" });
  return store.keys.passwords.register(recovery, registration);
}

/**
 * End a recovery: new links and a new password, no second factor and no session but the new one.
 *
 * Takes:   `root`, who makes the request: it must be the key of the newest account root, so that the
 *          phrase was not only known but opened it.
 * Gives:   a session of the key that began the recovery.
 * Fails:   `sign-in-refused`: no such recovery, or not that root. `malformed`, `chain-fields` and any
 *          `AppendError`, as for a new password. `login-taken`: another account has the login.
 */
export async function finishRecovery(
  store: Store,
  root: VerifyKey,
  recovery: AttemptId,
  { record, links }: PasswordFinish,
  now: number,
): Promise<Result<OpenedSession, RecoveryError>> {
  const row = await findRecovery(store, recovery, now);
  if (row === undefined || !equalBytes(row.head_root, root)) {
    return fail({ kind: "sign-in-refused" });
  }
  const { account, key, handle } = row;
  const place = { purpose: "login-tag", owner: recovery } as const;
  const tag = LoginTag.of(store.keys.open(place, row.tag));
  const ends = { login: tag, service: store.service };
  const password = { credential: recovery, record };
  if (!store.keys.passwords.isRecord(ends, password)) {
    return fail({ kind: "malformed", what: "record" });
  }
  let opened: OpenedSession | undefined;
  const appended = await appendAccountLinks<RecoveryError>(
    store,
    account,
    links,
    now,
    async (trx, before, after) => {
      if (!hasNewPassword(before, after)) return fail({ kind: "chain-fields" });
      const taken = await trx
        .deleteFrom("recovery")
        .where("recovery", "=", recovery)
        .executeTakeFirst();
      if (taken.numDeletedRows !== 1n) return fail({ kind: "sign-in-refused" });
      if (!(await writeLogin(trx, row.login, account))) return fail({ kind: "login-taken" });
      await writePassword(store, trx, { account, tag, ...password });
      await wishRecoveryNotice(store, trx, account, now);
      await trx.deleteFrom("factor").where("account", "=", account).execute();
      await dropSignIns(trx, account);
      await endSessions(trx, account);
      const limited = liveAccountDevice(after, key) === undefined;
      opened = await openSession(
        store,
        trx,
        { account, handle, key, role: row.role, limited },
        now,
      );
      return ok(undefined);
    },
  );
  if (!appended.ok) return appended;
  return opened === undefined ? fail({ kind: "sign-in-refused" }) : ok(opened);
}

type Begun = Schema["recovery"] & Pick<Schema["account"], "handle" | "head_root" | "roles">;

async function findRecovery(
  { db }: Store,
  recovery: AttemptId,
  now: number,
): Promise<(Begun & { readonly role: Schema["session"]["role"] }) | undefined> {
  const row = await db
    .selectFrom("recovery")
    .innerJoin("account", "account.account", "recovery.account")
    .selectAll("recovery")
    .select(["handle", "head_root", "roles"])
    .where("recovery.recovery", "=", recovery)
    .where("expires", ">=", now)
    .executeTakeFirst();
  return row && { ...row, role: rolesOf(row)[0] ?? "patient" };
}
