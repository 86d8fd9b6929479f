import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { FactorId, type FactorKind, type ListedFactor } from "@salus/protocol";
import { inTransaction } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { AccountId, Schema } from "../database/schema.ts";
import type { SealedPlace } from "../service-keys.ts";
import { type Demand, type LimitStays, liftLimit, type Session } from "./session.ts";
import type { Store } from "./store.ts";

/** So many failures in a row lock a factor. Source: spec/accounts.md §6. */
const FAILURES_MAX = 20;
/** So many lock one that has not been taken into use: another is drawn. */
const DRAFT_FAILURES_MAX = 5;

/** What the secret of each kind is sealed as. */
const SEALED_AS: Readonly<Record<FactorKind, SealedPlace["purpose"]>> = {
  totp: "totp",
  sms: "phone",
  passkey: "passkey",
};

/** A factor whose proof is about to be looked at. */
export interface TriedFactor {
  readonly factor: FactorId;
  /** Opened. */
  readonly secret: Bytes;
  readonly counter: number;
}

/** Which factor of an account is tried. */
export interface WhichFactor {
  readonly kind: FactorKind;
  readonly confirmed: boolean;
  /** One of several of a kind. */
  readonly factor?: FactorId;
}

/**
 * Count an attempt on a factor, before it is looked at, and give what it is checked against.
 *
 * The count falls back to zero when an attempt passes. Any number at once are counted one by one, so
 * that no more are ever looked at than may fail. The count waits for no disk; that an attempt passed
 * does.
 *
 * Fails:   `factor-locked`: too many failed in a row. `code-refused`: there is no such factor.
 * Sees:    the secret, for as long as a check takes.
 * Plan:    a range of the primary key of `factor`.
 */
export async function tryFactor(
  { hasty, keys }: Store,
  account: AccountId,
  { kind, confirmed, factor }: WhichFactor,
): Promise<
  Result<TriedFactor, { readonly kind: "code-refused" } | { readonly kind: "factor-locked" }>
> {
  const one = factor === undefined ? sql`` : sql`and factor = ${factor}`;
  const { rows } = await sql<Schema["factor"]>`
    update factor set failures = least(failures, ${FAILURES_MAX}) + 1
    where account = ${account} and kind = ${kind} and (added > 0) = ${confirmed} ${one}
    returning *`.execute(hasty);
  const [row] = rows;
  if (row === undefined) return fail({ kind: "code-refused" });
  const max = confirmed ? FAILURES_MAX : DRAFT_FAILURES_MAX;
  if (row.failures > max) return fail({ kind: "factor-locked" });
  const secret = keys.open({ purpose: SEALED_AS[kind], owner: row.factor }, row.secret);
  return ok({ factor: row.factor, secret, counter: row.counter });
}

/**
 * Let an attempt pass, once for each value of a factor's counter.
 *
 * Gives:   false when that value, or a later one, was used already.
 * Plan:    primary key of `factor`.
 */
export async function passFactor(
  db: Kysely<Schema>,
  account: AccountId,
  factor: FactorId,
  counter: number,
): Promise<boolean> {
  const passed = await db
    .updateTable("factor")
    .set({ failures: 0, counter })
    .where("account", "=", account)
    .where("factor", "=", factor)
    .where("counter", "<", counter)
    .where("failures", "<=", FAILURES_MAX)
    .executeTakeFirst();
  return passed.numUpdatedRows === 1n;
}

/** A factor that is being added. */
export interface NewFactor {
  readonly kind: FactorKind;
  readonly secret: Bytes;
  /** What its owner knows it by. */
  readonly hint: string;
}

/** Write down a factor that is not in use yet, instead of one of its kind that never came to be. */
export async function draftFactor(
  { db, keys, random }: Store,
  account: AccountId,
  { kind, secret, hint }: NewFactor,
): Promise<FactorId> {
  const factor = FactorId.of(random(16));
  const sealed = keys.seal({ purpose: SEALED_AS[kind], owner: factor }, secret, random);
  await inTransaction<Schema, void, never>(db, async (trx) => {
    await trx
      .deleteFrom("factor")
      .where("account", "=", account)
      .where("kind", "=", kind)
      .where("added", "=", 0)
      .execute();
    await trx
      .insertInto("factor")
      .values({ account, factor, kind, secret: sealed, counter: 0, failures: 0, hint, added: 0 })
      .execute();
    return ok(undefined);
  });
  return factor;
}

/** A factor that was shown to work. */
export interface ShownFactor {
  readonly factor: FactorId;
  readonly counter: number;
  /** The kind of which there is one only. */
  readonly replaces?: FactorKind;
}

/**
 * Take a factor into use. A session that might only add one may do everything from now on.
 *
 * Fails:   `code-refused`: another draft has taken its place; as `liftLimit`.
 * Plan:    a range of the primary key of `factor`.
 */
export async function confirmFactor(
  { db }: Store,
  session: Session<Demand>,
  { factor, counter, replaces }: ShownFactor,
  now: number,
): Promise<Result<void, NotTaken>> {
  const { account } = session;
  return inTransaction<Schema, void, NotTaken>(db, async (trx) => {
    const lifted = await liftLimit(trx, session);
    if (!lifted.ok) return lifted;
    if (replaces !== undefined) {
      await trx
        .deleteFrom("factor")
        .where("account", "=", account)
        .where("kind", "=", replaces)
        .where("factor", "!=", factor)
        .execute();
    }
    const taken = await trx
      .updateTable("factor")
      .set({ counter, failures: 0, added: now })
      .where("account", "=", account)
      .where("factor", "=", factor)
      .executeTakeFirst();
    return taken.numUpdatedRows === 1n ? ok(undefined) : fail({ kind: "code-refused" });
  });
}

export type NotTaken = LimitStays | { readonly kind: "code-refused" };

/** The factors in use, oldest first. Plan: a range of the primary key of `factor`. */
export async function listFactors(
  db: Kysely<Schema>,
  account: AccountId,
): Promise<readonly ListedFactor[]> {
  return db
    .selectFrom("factor")
    .select(["factor as id", "kind", "added", "hint"])
    .where("account", "=", account)
    .where("added", ">", 0)
    .orderBy("added")
    .limit(32)
    .execute();
}

/** It is the only one: without it whoever has the password would add her own. */
export interface LastFactor {
  readonly kind: "last-factor";
}

/**
 * Remove a factor. One that is not there is removed.
 *
 * Fails:   `last-factor`.
 * Order:   the account's row is locked, so that two at once do not each leave the other.
 * Plan:    primary key of `account`; a range of that of `factor`.
 */
export function removeFactor(
  { db }: Store,
  account: AccountId,
  factor: FactorId,
): Promise<Result<void, LastFactor>> {
  return inTransaction<Schema, void, LastFactor>(db, async (trx) => {
    await sql`select 1 from account where account = ${account}::uuid for update`.execute(trx);
    const inUse = await listFactors(trx, account);
    const isIn = inUse.some(({ id }) => equalBytes(id, factor));
    if (isIn && inUse.length === 1) return fail({ kind: "last-factor" });
    await trx
      .deleteFrom("factor")
      .where("account", "=", account)
      .where("factor", "=", factor)
      .execute();
    return ok(undefined);
  });
}
