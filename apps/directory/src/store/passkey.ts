import {
  assert,
  type Bytes,
  beInteger,
  concat,
  fail,
  ok,
  type Result,
  readBeInteger,
} from "@salus/base";
import { type AttemptId, FactorId, type SessionId } from "@salus/protocol";
import { inTransaction } from "@salus/service";
import { sql } from "kysely";
import type { AccountId, Schema } from "../database/schema.ts";
import { ATTEMPT_MS } from "../session-life.ts";
import { type Demand, type LimitStays, liftLimit, type Session } from "./session.ts";
import type { Store } from "./store.ts";

/** A passkey of an account: a public key, and what its authenticator calls it. */
export interface Passkey {
  readonly factor: FactorId;
  readonly id: Bytes;
  /** COSE. */
  readonly key: Bytes;
  /** How often it has signed, if it counts. */
  readonly counter: number;
}

/** What is to be signed for: adding a passkey, or finishing a sign-in. */
export type ChallengePurpose = "add" | "sign-in";

const CHALLENGE_BYTES = 32;
/** An account may have so many. */
const PASSKEYS_MAX = 16;
const ID_SIZE_BYTES = 2;

/** Draw what a passkey is to sign. */
export function drawChallenge({ random }: Pick<Store, "random">): Bytes {
  return random(CHALLENGE_BYTES);
}

/** Write a challenge down, instead of one that was not answered. Plan: primary key of `passkey_challenge`. */
export async function putChallenge(
  { hasty }: Store,
  attempt: AttemptId | SessionId,
  purpose: ChallengePurpose,
  challenge: Bytes,
  now: number,
): Promise<void> {
  await sql`
    insert into passkey_challenge (attempt, purpose, challenge, expires)
    values (${attempt}::uuid, ${purpose}, ${challenge}, ${now + ATTEMPT_MS})
    on conflict (attempt, purpose) do update
      set challenge = excluded.challenge, expires = excluded.expires`.execute(hasty);
}

/** Take a challenge up, once. Plan: primary key of `passkey_challenge`. */
export async function takeChallenge(
  { hasty }: Store,
  attempt: AttemptId | SessionId,
  purpose: ChallengePurpose,
  now: number,
): Promise<Bytes | undefined> {
  const { rows } = await sql<{ readonly challenge: Bytes }>`
    delete from passkey_challenge
    where attempt = ${attempt}::uuid and purpose = ${purpose} and expires >= ${now}
    returning challenge`.execute(hasty);
  return rows[0]?.challenge;
}

/** The passkeys of an account, oldest first. Plan: a range of the primary key of `factor`. */
export async function passkeysOf(
  { db, keys }: Store,
  account: AccountId,
): Promise<readonly Passkey[]> {
  const rows = await db
    .selectFrom("factor")
    .select(["factor", "secret", "counter"])
    .where("account", "=", account)
    .where("kind", "=", "passkey")
    .where("added", ">", 0)
    .orderBy("added")
    .execute();
  return rows.map(({ factor, secret, counter }) => {
    const plain = keys.open({ purpose: "passkey", owner: factor }, secret);
    const end = ID_SIZE_BYTES + readBeInteger(plain.subarray(0, ID_SIZE_BYTES));
    return { factor, id: plain.slice(ID_SIZE_BYTES, end), key: plain.slice(end), counter };
  });
}

/** A passkey that was shown to work. */
export interface NewPasskey extends Omit<Passkey, "factor"> {
  readonly hint: string;
}

/**
 * Take a passkey into use. A session that might only add a factor may do everything from now on.
 *
 * Fails:   `quota`: the account has enough of them; as `liftLimit`.
 * Plan:    a range of the primary key of `factor`.
 */
export async function addPasskey(
  { db, keys, random }: Store,
  session: Session<Demand>,
  { id, key, counter, hint }: NewPasskey,
  now: number,
): Promise<Result<FactorId, NotAdded>> {
  const { account } = session;
  assert(id.length < 2 ** (8 * ID_SIZE_BYTES), "a credential's id has at most 1,023 bytes");
  const factor = FactorId.of(random(16));
  const plain = concat(beInteger(id.length, ID_SIZE_BYTES), id, key);
  const secret = keys.seal({ purpose: "passkey", owner: factor }, plain, random);
  const row = { account, factor, kind: "passkey", secret, counter, hint } as const;
  return inTransaction<Schema, FactorId, NotAdded>(db, async (trx) => {
    const lifted = await liftLimit(trx, session);
    if (!lifted.ok) return lifted;
    await trx
      .insertInto("factor")
      .values({ ...row, failures: 0, added: now })
      .execute();
    const { count } = await trx
      .selectFrom("factor")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("account", "=", account)
      .where("kind", "=", "passkey")
      .executeTakeFirstOrThrow();
    return Number(count) > PASSKEYS_MAX ? fail({ kind: "quota" }) : ok(factor);
  });
}

type NotAdded = LimitStays | { readonly kind: "quota" };

/**
 * Let a signature pass, if its counter is beyond the last one: of two with the same one of them came
 * from a copy. Authenticators that do not count say 0 always.
 *
 * Plan:    primary key of `factor`.
 */
export async function passPasskey(
  { db }: Store,
  account: AccountId,
  factor: FactorId,
  counter: number,
): Promise<boolean> {
  const { rows } = await sql`
    update factor set failures = 0, counter = ${counter}
    where account = ${account}::uuid and factor = ${factor}::uuid
      and (counter < ${counter} or (counter = 0 and ${counter}::int8 = 0))
    returning factor`.execute(db);
  return rows.length === 1;
}
