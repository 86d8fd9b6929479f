import { concat, equalBytes, fail, ok, type Result } from "@salus/base";
import { AttemptId, type Malformed } from "@salus/protocol";
import type { Bucket, Schema } from "../database/schema.ts";
import { ATTEMPT_MS } from "../session-life.ts";
import { type Allowance, countAttempt } from "./attempt.ts";
import { readPassword } from "./login.ts";
import { type Demand, type Session, stepUp } from "./session.ts";
import type { Store } from "./store.ts";

/** How often a session may guess the password of its account. */
const GUESSES: readonly Allowance[] = [
  { tries: 10, spanMs: 900_000 },
  { tries: 60, spanMs: 86_400_000 },
];

const CREDENTIAL_BYTES = 16;

/** A step-up that has begun. */
export interface StepUpBegun {
  readonly stepUp: AttemptId;
  readonly response: Uint8Array<ArrayBuffer>;
}

/**
 * Begin a step-up by password.
 *
 * Fails:   `malformed`: no such message. `quota`: too many guesses in this session.
 * Plan:    primary keys of `attempt`, `password` and `step_up`.
 */
export async function startPasswordStepUp(
  store: Store,
  { account, session }: Session<Demand>,
  start: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<Result<StepUpBegun, Malformed | { readonly kind: "quota" }>> {
  const bucket = store.keys.pepper("guess", session) as Bucket;
  if (!(await countAttempt(store.hasty, bucket, GUESSES, now))) return fail({ kind: "quota" });
  const password = await readPassword(store, store.db, account);
  const ends = { login: password.tag, service: store.service };
  const answer = store.keys.passwords.start(ends, password, start);
  if (!answer.ok) return answer;
  const state = concat(password.credential, answer.value.state);
  const begun = await beginStepUp(store, { session }, "password", state, now);
  return ok({ stepUp: begun, response: answer.value.response });
}

/** Write down that a step-up has begun. Takes: `state`, which only the service reads again. */
export async function beginStepUp(
  { hasty, keys, random }: Store,
  { session }: Pick<Session<Demand>, "session">,
  kind: Schema["step_up"]["kind"],
  state: Uint8Array,
  now: number,
): Promise<AttemptId> {
  const id = AttemptId.of(random(16));
  const sealed = keys.seal({ purpose: "login-state", owner: id }, state, random);
  await hasty
    .insertInto("step_up")
    .values({ step_up: id, session, kind, state: sealed, expires: now + ATTEMPT_MS })
    .execute();
  return id;
}

/**
 * Take up a step-up of a session, once.
 *
 * Gives:   the state that it began with; nothing when there is none of that kind.
 * Plan:    primary key of `step_up`.
 */
export async function takeStepUp(
  { hasty, keys }: Store,
  { session }: Pick<Session<Demand>, "session">,
  kind: Schema["step_up"]["kind"],
  id: AttemptId,
  now: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const row = await hasty
    .deleteFrom("step_up")
    .where("step_up", "=", id)
    .where("session", "=", session)
    .where("kind", "=", kind)
    .where("expires", ">=", now)
    .returning("state")
    .executeTakeFirst();
  return row && keys.open({ purpose: "login-state", owner: id }, row.state);
}

/**
 * End a step-up by password.
 *
 * Gives:   until when the session is stepped up.
 * Fails:   `sign-in-refused`: whatever was wrong.
 */
export async function finishPasswordStepUp(
  store: Store,
  session: Session<Demand>,
  id: AttemptId,
  finish: Uint8Array<ArrayBuffer>,
  now: number,
): Promise<Result<number, { readonly kind: "sign-in-refused" }>> {
  const state = await takeStepUp(store, session, "password", id, now);
  if (state === undefined) return fail({ kind: "sign-in-refused" });
  const { tag, credential } = await readPassword(store, store.db, session.account);
  const ends = { login: tag, service: store.service };
  // A password that has been changed since steps nothing up.
  const current = equalBytes(credential, state.slice(0, CREDENTIAL_BYTES));
  if (!current || !store.keys.passwords.finish(ends, state.slice(CREDENTIAL_BYTES), finish)) {
    return fail({ kind: "sign-in-refused" });
  }
  return ok(await stepUp(store, session.session, now));
}
