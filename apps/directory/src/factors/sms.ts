import { fail, ok, type Result, utf8 } from "@salus/base";
import type { FactorId, Problem } from "@salus/protocol";
import type { Directory } from "../context.ts";
import { phoneHint, readPhoneNumber } from "../sms/phone-number.ts";
import { mayNameNumber } from "../sms/texts.ts";
import { confirmFactor, draftFactor, passFactor, tryFactor } from "../store/factor.ts";
import type { Demand, Session } from "../store/session.ts";
import { tryCode, useCode } from "../store/sms-code.ts";
import { wishFactorCode } from "../store/sms-message.ts";
import type { SecondFactor } from "./factor.ts";

/**
 * Codes that are sent to a telephone: for patients only, and only where the operator allows it.
 *
 * Whoever takes over somebody's number can pass this factor. So it stands beside a password always,
 * steps nothing up, and no key is behind it.
 *
 * Source:  spec/accounts.md §6.
 */
export const sms: SecondFactor<"sms"> = {
  kind: "sms",
  stepsUp: false,
  allows: ({ texts }, role) => texts !== undefined && role === "patient",
  check: async ({ store, texts }, { account, attempt, now }, { code }) => {
    if (texts === undefined) return fail({ kind: "sms-off" });
    const use = { purpose: "sign-in", subject: attempt, account } as const;
    const found = await tryCode(store, use, texts.limits, now);
    if (!found.ok) return found;
    const tried = await tryFactor(store, account, { kind: "sms", confirmed: true });
    if (!tried.ok) return tried;
    const used = await useCode(store, found.value, code);
    if (!used.ok) return used;
    const { factor } = tried.value;
    const passed = await passFactor(
      store.db,
      account,
      factor,
      Math.max(now, tried.value.counter + 1),
    );
    return passed ? ok(factor) : fail({ kind: "code-refused" });
  },
};

/**
 * Send a code to a number that is to be a second factor.
 *
 * Fails:   `sms-off`: not here, or not in this role. `malformed`: no number that text messages go to.
 *          `quota`: of numbers that an account may name in a day. Nothing else is told: whether a code
 *          is sent is decided later.
 */
export async function draftPhone(
  { store, texts }: Directory,
  { account, role }: Session<Demand>,
  text: string,
  now: number,
): Promise<Result<void, Problem>> {
  if (texts === undefined || role !== "patient") return fail({ kind: "sms-off" });
  const number = readPhoneNumber(text);
  if (!number.ok) return number;
  if (!(await mayNameNumber(store, account, now))) return fail({ kind: "quota" });
  const hint = phoneHint(number.value);
  const factor = await draftFactor(store, account, {
    kind: "sms",
    secret: utf8(number.value),
    hint,
  });
  await wishFactorCode(store, account, factor, now);
  return ok(undefined);
}

/**
 * Take a new phone into use, instead of the one that the account may have.
 *
 * Fails:   `code-refused`: another code than was sent, or none was. `sms-off`. As `confirmFactor`.
 */
export async function confirmPhone(
  { store, texts }: Directory,
  session: Session<Demand>,
  code: string,
  now: number,
): Promise<Result<FactorId, Problem>> {
  if (texts === undefined) return fail({ kind: "sms-off" });
  const { account } = session;
  const tried = await tryFactor(store, account, { kind: "sms", confirmed: false });
  if (!tried.ok) return fail({ kind: "code-refused" });
  const { factor } = tried.value;
  const use = { purpose: "factor", subject: factor, account } as const;
  const found = await tryCode(store, use, texts.limits, now);
  if (!found.ok) return found;
  const used = await useCode(store, found.value, code);
  if (!used.ok) return used;
  const shown = { factor, counter: 0, replaces: "sms" } as const;
  const taken = await confirmFactor(store, session, shown, now);
  return taken.ok ? ok(factor) : taken;
}
