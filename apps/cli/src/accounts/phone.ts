import { fail, ok, type Result } from "@salus/base";
import { type Account, phoneIdentifier } from "@salus/client";
import type { Session } from "../session.ts";
import { askAloud } from "../terminal.ts";
import type { Failure } from "../words.ts";

/** A phone that is to be a second factor: its number, or the code that was sent to it. */
export interface PhoneChange {
  readonly number: string | undefined;
  readonly region?: string;
  readonly code?: string;
}

/**
 * Add a phone as a second factor, or replace the one there is: a code is sent to it, and typed here;
 * where nobody can type it, it is given in a second call.
 *
 * Gives:   whether it is in use now.
 * Fails:   `usage`, `bad-phone`; as `Factors`.
 */
export async function changePhone(
  session: Session,
  account: Account,
  { number, region, code }: PhoneChange,
): Promise<Result<boolean, Failure>> {
  if (number === undefined && code === undefined) {
    const what = "neither a number nor the code that was sent to it is given";
    return fail({ kind: "usage", what });
  }
  if (number !== undefined) {
    const phone = phoneIdentifier(number, region);
    if (!phone.ok) return phone;
    const begun = await account.factors.startPhone(phone.value.value);
    if (!begun.ok) return begun;
    if (code === undefined && !session.canAsk) return ok(false);
  }
  const typed = code ?? (await askAloud("The code that was sent to it: ")).trim();
  const finished = await account.factors.finishPhone(typed);
  return finished.ok ? ok(true) : finished;
}
