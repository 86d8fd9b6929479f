import { equalBytes, fail, ok, type Result } from "@salus/base";
import type { Presented } from "@salus/evaluate";
import {
  type AccountHandle,
  type AccountRole,
  isAbsent,
  type ListedSession,
  type OpenedSession,
  SessionId,
  type VerifyKey,
} from "@salus/protocol";
import { byteaArray, useNonce } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { AccountId, Schema, Trx } from "../database/schema.ts";
import { STEP_UP_MS, sessionExpiry } from "../session-life.ts";
import type { Store } from "./store.ts";

/**
 * What a request asks of its session.
 *
 * `signed-in`: any, also one that may only add a second factor. `full`: one that may do more.
 * `add-factor`: any, with a step-up. `stepped-up`: a full one, with a step-up.
 */
export type Demand = "signed-in" | "full" | "add-factor" | "stepped-up";

const LIMITED: readonly Demand[] = ["signed-in", "add-factor"];
const FRESH: readonly Demand[] = ["add-factor", "stepped-up"];

declare const met: unique symbol;

/** Proof that a session meets a demand. Made only here, for one request. */
export interface Session<D extends Demand> {
  readonly session: SessionId;
  readonly account: AccountId;
  readonly handle: AccountHandle;
  readonly key: VerifyKey;
  readonly role: AccountRole;
  readonly opened: number;
  readonly [met]: D;
}

/** Why a request has no session that will do. Spec: accounts §5. */
export type NoSession =
  | { readonly kind: "session-ended" }
  | { readonly kind: "no-second-factor" }
  | { readonly kind: "step-up" }
  | { readonly kind: "capability-replayed" };

/** How often it is written down that a session is in use. */
const SEEN_EVERY_MS = 30_000;

/**
 * Turn a capability that fits its request into a session, and use it up.
 *
 * Takes:   `presented`, whose signature, request and time have been checked.
 * Fails:   any `NoSession`; `session-ended` alike for a session that is over, was never, or has
 *          another key.
 * Plan:    primary keys of `session`, `account` and `nonce`.
 */
export async function authorize<D extends Demand>(
  store: Store,
  presented: Presented,
  demand: D,
  now: number,
): Promise<Result<Session<D>, NoSession>> {
  const row = await findSession(store.db, presented);
  if (row === undefined || !equalBytes(row.key, presented.signer) || row.expires < now) {
    return fail({ kind: "session-ended" });
  }
  if (row.limited && !LIMITED.includes(demand)) return fail({ kind: "no-second-factor" });
  const fresh = row.stepped_up <= now && now - row.stepped_up <= STEP_UP_MS;
  if (!fresh && FRESH.includes(demand)) return fail({ kind: "step-up" });
  if (!(await useNonce(store.hasty, presented))) return fail({ kind: "capability-replayed" });
  if (now - row.seen >= SEEN_EVERY_MS) {
    const expires = sessionExpiry(row.role, row.opened, now);
    await store.hasty
      .updateTable("session")
      .set({ seen: now, expires })
      .where("session", "=", row.session)
      .execute();
  }
  return ok(row as unknown as Session<D>);
}

async function findSession(db: Kysely<Schema>, { grant }: Presented): Promise<Found | undefined> {
  if (isAbsent(grant)) return undefined;
  return db
    .selectFrom("session")
    .innerJoin("account", "account.account", "session.account")
    .selectAll("session")
    .select("account.handle")
    .where("session.session", "=", SessionId.of(grant))
    .executeTakeFirst();
}

type Found = Schema["session"] & { readonly handle: AccountHandle };

/** Whose session is opened, and for what. */
export interface NewSession {
  readonly account: AccountId;
  readonly handle: AccountHandle;
  readonly key: VerifyKey;
  readonly role: AccountRole;
  /** May only add a second factor. */
  readonly limited: boolean;
}

/**
 * Open a session, always under a new id. What opened it was an OPAQUE run or a recovery just now, so
 * that it counts as stepped up.
 */
export async function openSession(
  { random }: Store,
  trx: Kysely<Schema>,
  { handle, ...session }: NewSession,
  now: number,
): Promise<OpenedSession> {
  const { role } = session;
  const id = SessionId.of(random(16));
  const expires = sessionExpiry(role, now, now);
  await trx
    .insertInto("session")
    .values({ session: id, ...session, opened: now, seen: now, expires, stepped_up: now })
    .execute();
  return { session: id, role, expires, account: handle };
}

/** Write down that a session has been stepped up. Gives: until when. */
export async function stepUp(store: Store, session: SessionId, now: number): Promise<number> {
  await store.db
    .updateTable("session")
    .set({ stepped_up: now })
    .where("session", "=", session)
    .execute();
  return now + STEP_UP_MS;
}

/** The open sessions of an account. Plan: `session_by_account`. */
export async function listSessions(
  { db }: Store,
  { account, session }: Session<"full">,
  now: number,
): Promise<readonly ListedSession[]> {
  const rows = await db
    .selectFrom("session")
    .select(["session", "key", "role", "opened", "seen", "expires"])
    .where("account", "=", account)
    .where("expires", ">=", now)
    .orderBy("opened", "desc")
    .limit(1000)
    .execute();
  return rows.map((row) => ({ ...row, current: equalBytes(row.session, session) }));
}

/** End one session of an account. One that is not there has ended. */
export async function endSession(
  { db }: Store,
  { account }: Session<Demand>,
  session: SessionId,
): Promise<void> {
  await db
    .deleteFrom("session")
    .where("session", "=", session)
    .where("account", "=", account)
    .execute();
}

/**
 * End the sessions of an account, of some keys or of all; also the one that asks.
 *
 * Plan:    `session_by_account`.
 */
export async function endSessions(
  trx: Kysely<Schema> | Trx,
  account: AccountId,
  keys?: readonly VerifyKey[],
): Promise<void> {
  const which = keys === undefined ? sql`` : sql`and key = any(${byteaArray(keys)}::bytea[])`;
  await sql`delete from session where account = ${account}::uuid ${which}`.execute(trx);
}

/** End all sessions of an account but one. Plan: `session_by_account`. */
export async function endOtherSessions(
  trx: Trx,
  account: AccountId,
  session: SessionId,
): Promise<void> {
  await trx
    .deleteFrom("session")
    .where("account", "=", account)
    .where("session", "!=", session)
    .execute();
}

/**
 * Let a session do everything that adds a second factor: before it is taken into use.
 *
 * A session that might only add one was opened by the password alone. It adds the first one and no
 * other, and every other such session ends: whoever has only the password has nothing from then on.
 *
 * Fails:   `session-ended`: it has ended. `no-second-factor`: it is not to be the first.
 * Order:   the account's row is locked, so that of several first factors at once one is the first.
 * Plan:    primary keys of `account` and `session`; a range of that of `factor`; `session_by_account`.
 */
export async function liftLimit(
  trx: Trx,
  { account, session }: Pick<Session<Demand>, "account" | "session">,
): Promise<Result<void, LimitStays>> {
  await sql`select 1 from account where account = ${account}::uuid for update`.execute(trx);
  const { rows } = await sql<{ readonly limited: boolean; readonly first: boolean }>`
    select limited, not exists (
      select 1 from factor where account = ${account}::uuid and added > 0) as first
    from session where session = ${session}::uuid`.execute(trx);
  const [row] = rows;
  if (row === undefined) return fail({ kind: "session-ended" });
  if (row.limited && !row.first) return fail({ kind: "no-second-factor" });
  await sql`update session set limited = false where session = ${session}::uuid`.execute(trx);
  await sql`delete from session where account = ${account}::uuid and limited`.execute(trx);
  return ok(undefined);
}

export type LimitStays = Extract<
  NoSession,
  { readonly kind: "session-ended" | "no-second-factor" }
>;
