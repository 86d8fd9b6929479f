import { fail, ok, type Result } from "@salus/base";
import type { FactorId } from "@salus/protocol";
import { Secret, TOTP } from "otpauth";
import type { Directory } from "../context.ts";
import type { AccountId } from "../database/schema.ts";
import {
  confirmFactor,
  draftFactor,
  type NotTaken,
  passFactor,
  tryFactor,
} from "../store/factor.ts";
import type { Demand, Session } from "../store/session.ts";
import type { FactorError, SecondFactor } from "./factor.ts";

/** Source:  RFC 6238 §4, with the parameters that every authenticator knows; spec/accounts.md §4. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** One step before and one after: clocks differ, and people type. */
const STEPS_EITHER_SIDE = 1;
/** RFC 4226 §4, R6. */
const SECRET_BYTES = 20;

/** The step that a code is of, if it is of one near now. */
function stepOf(secret: Uint8Array, code: string, now: number): number | undefined {
  const totp = new TOTP({
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
    algorithm: "SHA1",
    digits: DIGITS,
    period: STEP_MS / 1000,
  });
  if (!/^[0-9]{6}$/.test(code)) return undefined;
  const delta = totp.validate({ token: code, timestamp: now, window: STEPS_EITHER_SIDE });
  return delta === null ? undefined : Math.floor(now / STEP_MS) + delta;
}

/** Codes of an authenticator app. Each step works once, wherever it is used. */
export const totp: SecondFactor<"totp"> = {
  kind: "totp",
  stepsUp: true,
  allows: () => true,
  check: async ({ store }, { account, now }, { code }) => {
    const tried = await tryFactor(store, account, { kind: "totp", confirmed: true });
    if (!tried.ok) return tried;
    const { factor, secret } = tried.value;
    const step = stepOf(secret, code, now);
    if (step === undefined) return fail({ kind: "code-refused" });
    const fresh = await passFactor(store.db, account, factor, step);
    return fresh ? ok(factor) : fail({ kind: "code-refused" });
  },
};

/** Draw a secret for a new authenticator, which counts only when a code of it was shown. */
export async function draftTotp(
  { store }: Directory,
  { account }: Session<Demand>,
): Promise<Uint8Array<ArrayBuffer>> {
  const secret = store.random(SECRET_BYTES);
  await draftFactor(store, account, { kind: "totp", secret, hint: "" });
  return secret;
}

/**
 * Take a new authenticator into use, instead of the one that the account may have.
 *
 * Fails:   `code-refused`: the code is not of it, or no secret was asked for; as `confirmFactor`.
 */
export async function confirmTotp(
  { store, now }: Directory,
  session: Session<Demand>,
  code: string,
): Promise<Result<FactorId, FactorError | NotTaken>> {
  const { account }: { readonly account: AccountId } = session;
  const tried = await tryFactor(store, account, { kind: "totp", confirmed: false });
  if (!tried.ok) return fail({ kind: "code-refused" });
  const { factor, secret } = tried.value;
  const time = now();
  const step = stepOf(secret, code, time);
  if (step === undefined) return fail({ kind: "code-refused" });
  const shown = { factor, counter: step, replaces: "totp" } as const;
  const taken = await confirmFactor(store, session, shown, time);
  return taken.ok ? ok(factor) : taken;
}
