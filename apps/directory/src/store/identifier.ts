import { fail, ok, type Result, utf8 } from "@salus/base";
import {
  DISCOVERY,
  type IdentifierKind,
  type IdentifierTag,
  type RegisteredIdentifier,
} from "@salus/protocol";
import { inTransaction } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { AccountId, Bucket, Schema } from "../database/schema.ts";
import type { ServiceKeys } from "../service-keys.ts";
import { spend } from "./quota.ts";
import type { Store } from "./store.ts";

/** The day has no more of it. */
export interface QuotaSpent {
  readonly kind: "quota";
}

/** What a day's quota of something is counted under. */
export function quotaBucket(keys: ServiceKeys, what: string, whose: Uint8Array): Bucket {
  return keys.pepper("quota", utf8(what), whose) as Bucket;
}

/** An identifier that an account wants to be found by. */
export interface NewIdentifier {
  readonly account: AccountId;
  readonly tag: IdentifierTag;
  readonly kind: IdentifierKind;
  readonly proven: boolean;
}

/**
 * Let a tag lead to an account, whoever else has it: nobody learns whether anybody does.
 *
 * Fails:   `quota`: of the day, or of what one account may have.
 * Sees:    which account has which tag, never what the tag was made of.
 * Plan:    primary keys of `attempt` and `identifier`; a range of the latter.
 */
export function registerIdentifier(
  { db, keys }: Store,
  { account, tag, kind, proven }: NewIdentifier,
  now: number,
): Promise<Result<void, QuotaSpent>> {
  return inTransaction<Schema, void, QuotaSpent>(db, async (trx) => {
    const bucket = quotaBucket(keys, "registration", account);
    const allowed = await spend(trx, { bucket, most: DISCOVERY.registrations }, 1, now);
    if (!allowed) return fail({ kind: "quota" });
    // A second proof renews the first; a claim takes nothing back.
    await sql`insert into identifier (account, tag, kind, proven, registered)
      values (${account}, ${tag}, ${kind}, ${proven}, ${now})
      on conflict (account, tag) do update
        set proven = true, registered = excluded.registered where excluded.proven`.execute(trx);
    const { rows } = await sql<{ readonly count: number }>`
      select count(*)::int4 as count from identifier where account = ${account}`.execute(trx);
    return (rows[0]?.count ?? 0) > DISCOVERY.identifiers ? fail({ kind: "quota" }) : ok(undefined);
  });
}

/** What an account can be found by. Plan: a range of the primary key of `identifier`. */
export async function identifiersOf(
  db: Kysely<Schema>,
  account: AccountId,
): Promise<readonly RegisteredIdentifier[]> {
  return db
    .selectFrom("identifier")
    .select(["tag", "kind", "proven", "registered"])
    .where("account", "=", account)
    .orderBy("tag")
    .limit(DISCOVERY.identifiers)
    .execute();
}

/** Let a tag lead to an account no longer. Plan: primary key of `identifier`. */
export async function removeIdentifier(
  db: Kysely<Schema>,
  account: AccountId,
  tag: IdentifierTag,
): Promise<void> {
  await db.deleteFrom("identifier").where("account", "=", account).where("tag", "=", tag).execute();
}
