import type { Bytes } from "@salus/base";
import { AttemptId, LoginTag, type VerifyKey } from "@salus/protocol";
import type { Kysely } from "kysely";
import type { AccountId, Bucket, LoginName, Schema, Trx } from "../database/schema.ts";
import type { Store } from "./store.ts";

/** What a login's runs of OPAQUE are answered from. Of an unknown login all of it is made up. */
export interface FoundLogin {
  readonly account: AccountId;
  readonly credential: AttemptId;
  readonly record: Bytes | undefined;
  /** What guesses are counted under: those of a live device apart from everybody else's. */
  readonly bucket: Bucket;
}

/** The name of a login in the database: who has that alone cannot try logins out. */
export function loginName({ keys }: Store, tag: LoginTag): LoginName {
  return keys.pepper("login", tag) as LoginName;
}

/**
 * Find what a login is answered from.
 *
 * An unknown one gets an account and a credential that do not exist, the same at every time.
 *
 * Takes:   `key`, that of the session to be.
 * Sees:    a peppered login.
 * Plan:    primary keys of `login`, `password` and `account_device`.
 */
export async function findLogin(store: Store, tag: LoginTag, key: VerifyKey): Promise<FoundLogin> {
  const { keys } = store;
  const name = loginName(store, tag);
  const row = await store.db
    .selectFrom("login")
    .innerJoin("password", "password.account", "login.account")
    .leftJoin("account_device", (join) =>
      join
        .onRef("account_device.account", "=", "login.account")
        .on("account_device.sign", "=", key),
    )
    .select(["login.account", "credential", "record", "sign"])
    .where("login.login", "=", name)
    .executeTakeFirst();
  const nobody = keys.decoy("account", tag);
  return {
    account: row?.account ?? (nobody.slice(0, 16) as AccountId),
    credential: row?.credential ?? AttemptId.of(nobody.slice(16)),
    record: row?.record,
    bucket: keys.pepper("guess", name, row?.sign ?? new Uint8Array()) as Bucket,
  };
}

/**
 * Give an account its one login.
 *
 * Gives:   false when another account has it.
 * Plan:    primary key of `login`; `login_by_account`.
 */
export async function writeLogin(trx: Trx, login: LoginName, account: AccountId): Promise<boolean> {
  await trx.deleteFrom("login").where("account", "=", account).execute();
  const named = await trx
    .insertInto("login")
    .values({ login, account })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return named.numInsertedOrUpdatedRows === 1n;
}

/** Whose password is replaced by what. */
export interface NewPassword {
  readonly account: AccountId;
  readonly tag: LoginTag;
  readonly credential: AttemptId;
  readonly record: Bytes;
}

/**
 * Give an account a password, instead of the one that it may have.
 *
 * Plan:    primary key of `password`.
 */
export async function writePassword(
  { keys, random }: Store,
  trx: Trx,
  { account, tag, credential, record }: NewPassword,
): Promise<void> {
  const sealed = keys.seal({ purpose: "login-tag", owner: account }, tag, random);
  await trx
    .insertInto("password")
    .values({ account, credential, record, tag: sealed })
    .onConflict((conflict) =>
      conflict.column("account").doUpdateSet({ credential, record, tag: sealed }),
    )
    .execute();
}

/** What an account's password is checked with. */
export interface StoredPassword {
  readonly tag: LoginTag;
  readonly credential: AttemptId;
  readonly record: Bytes;
}

/** Read an account's password record. Plan: primary key of `password`. */
export async function readPassword(
  { keys }: Store,
  db: Kysely<Schema>,
  account: AccountId,
): Promise<StoredPassword> {
  const row = await db
    .selectFrom("password")
    .select(["credential", "record", "tag"])
    .where("account", "=", account)
    .executeTakeFirstOrThrow();
  const tag = LoginTag.of(keys.open({ purpose: "login-tag", owner: account }, row.tag));
  return { tag, credential: row.credential, record: row.record };
}
