import { type Bytes, fail, ok, type Result } from "@salus/base";
import type { AccountState } from "@salus/evaluate";
import { AttemptId, type Malformed, type PasswordFinish } from "@salus/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../database/schema.ts";
import { ATTEMPT_MS } from "../session-life.ts";
import { type AppendError, appendAccountLinks } from "./account-chain.ts";
import { readPassword, writePassword } from "./login.ts";
import { endOtherSessions, type Session } from "./session.ts";
import { dropSignIns } from "./sign-in.ts";
import type { Store } from "./store.ts";

export type PasswordError = AppendError | Malformed | { readonly kind: "sign-in-refused" };

/**
 * Begin to change a password, under a credential that nobody has had.
 *
 * Fails:   `malformed`: no registration request.
 * Plan:    primary key of `password_change`.
 */
export async function startPassword(
  { hasty, keys, random }: Store,
  { session }: Session<"stepped-up">,
  registration: Bytes,
  now: number,
): Promise<Result<Bytes, Malformed>> {
  const credential = AttemptId.of(random(16));
  const response = keys.passwords.register(credential, registration);
  if (!response.ok) return response;
  const begun = { credential, expires: now + ATTEMPT_MS };
  await hasty
    .insertInto("password_change")
    .values({ session, ...begun })
    .onConflict((conflict) => conflict.column("session").doUpdateSet(begun))
    .execute();
  return response;
}

/**
 * Change a password: the record that answers logins and the way to unlock, together or not at all. All
 * other sessions of the account end: whoever had the old password may have opened one.
 *
 * Fails:   `sign-in-refused`: no change has begun in this session. `malformed`: no record.
 *          `chain-fields`: the links give the account no new way to unlock by password. Any
 *          `AppendError`.
 */
export async function finishPassword(
  store: Store,
  { session, account }: Session<"stepped-up">,
  { record, links }: PasswordFinish,
  now: number,
): Promise<Result<void, PasswordError>> {
  const credential = await begunBy(store.db, session, now);
  if (credential === undefined) return fail({ kind: "sign-in-refused" });
  const { tag } = await readPassword(store, store.db, account);
  const ends = { login: tag, service: store.service };
  if (!store.keys.passwords.isRecord(ends, { credential, record })) {
    return fail({ kind: "malformed", what: "record" });
  }
  const appended = await appendAccountLinks<PasswordError>(
    store,
    account,
    links,
    now,
    async (trx, before, after) => {
      if (!hasNewPassword(before, after)) return fail({ kind: "chain-fields" });
      const taken = await trx
        .deleteFrom("password_change")
        .where("session", "=", session)
        .where("credential", "=", credential)
        .executeTakeFirst();
      if (taken.numDeletedRows !== 1n) return fail({ kind: "sign-in-refused" });
      await writePassword(store, trx, { account, tag, credential, record });
      await dropSignIns(trx, account);
      await endOtherSessions(trx, account, session);
      return ok(undefined);
    },
  );
  return appended.ok ? ok(undefined) : appended;
}

async function begunBy(
  db: Kysely<Schema>,
  session: Schema["password_change"]["session"],
  now: number,
): Promise<AttemptId | undefined> {
  const row = await db
    .selectFrom("password_change")
    .select("credential")
    .where("session", "=", session)
    .where("expires", ">=", now)
    .executeTakeFirst();
  return row && AttemptId.of(row.credential);
}

/** Whether a password opens the account that did not before: the old record's would not any more. */
export function hasNewPassword(before: AccountState, after: AccountState): boolean {
  return [...after.unlocks].some(
    ([name, { kind, status }]) =>
      kind === "password" && status === "live" && !before.unlocks.has(name),
  );
}
