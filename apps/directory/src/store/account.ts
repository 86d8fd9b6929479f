import { ok } from "@salus/base";
import type { AccountChange, AccountInfo, AccountRole } from "@salus/protocol";
import { inTransaction } from "@salus/service";
import type { Schema } from "../database/schema.ts";
import { listFactors } from "./factor.ts";
import { mailboxOf } from "./mailbox.ts";
import type { Session } from "./session.ts";
import type { Store } from "./store.ts";

/** The roles that an account's owner uses. */
export function rolesOf({ roles }: Pick<Schema["account"], "roles">): readonly AccountRole[] {
  return roles.split(",") as AccountRole[]; // Written from the same type, and by nothing else.
}

/** What its owner sees of her account. Plan: primary keys of `account` and `factor`. */
export async function accountInfo(
  { db }: Store,
  { account }: Session<"signed-in">,
): Promise<AccountInfo> {
  const row = await db
    .selectFrom("account")
    .selectAll()
    .where("account", "=", account)
    .executeTakeFirstOrThrow();
  return {
    account: row.handle,
    roles: rolesOf(row),
    factors: await listFactors(db, account),
    discoverable: row.discoverable,
    mailbox: (await mailboxOf(db, account)) ?? null,
  };
}

/** Change what an account is used for. Sessions in a role that it gives up end. */
export async function changeAccount(
  { db }: Store,
  { account }: Session<"stepped-up">,
  { discoverable, roles }: AccountChange,
): Promise<void> {
  await inTransaction<Schema, void, never>(db, async (trx) => {
    await trx
      .updateTable("account")
      .set({ discoverable, roles: roles.join() })
      .where("account", "=", account)
      .execute();
    await trx
      .deleteFrom("session")
      .where("account", "=", account)
      .where("role", "not in", [...roles])
      .execute();
    return ok(undefined);
  });
}
