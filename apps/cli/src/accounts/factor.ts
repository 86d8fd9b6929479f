import { fail, ok, type Result } from "@salus/base";
import type { Account, SecondFactor } from "@salus/client";
import { Secret, TOTP } from "otpauth";
import { drawCode } from "../qr.ts";
import type { Session } from "../session.ts";
import { askAloud } from "../terminal.ts";
import type { Failure } from "../words.ts";

/**
 * Give an account an authenticator app as its second factor.
 *
 * Takes:   `yes`, in scripts: the code is computed here instead of being typed from the app, and the
 *          secret is said, unless the caller says it (`said`): nobody sees it again.
 * Gives:   the secret, in base32.
 * Fails:   as `Factors`; `no-secret` without a terminal.
 */
export async function addAuthenticator(
  session: Session,
  account: Account,
  { login, yes, said }: { readonly login: string; readonly yes: boolean; readonly said: boolean },
): Promise<Result<string, Failure>> {
  const begun = await account.factors.startAuthenticator(login);
  if (!begun.ok) return begun;
  const { text, uri } = begun.value;
  const code = yes ? ok(codeOf(text)) : await askCode(session, uri);
  if (!code.ok) return code;
  const added = await account.factors.finishAuthenticator(code.value);
  if (added.ok && yes && !said) session.note(`Secret of the authenticator app: ${text}`);
  return added.ok ? ok(text) : added;
}

async function askCode(session: Session, uri: string): Promise<Result<string, Failure>> {
  if (!session.canAsk) return noCode();
  session.note("Scan this with an authenticator app, or type it in there:");
  session.note(uri);
  await drawCode(session, uri);
  const code = (await askAloud("The code that the app shows: ")).trim();
  return code === "" ? noCode() : ok(code);
}

/** The code of this moment. Source: RFC 6238; spec/accounts.md §4. */
function codeOf(secret: string): string {
  return new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate();
}

/**
 * Ask for the second factor of a sign-in.
 *
 * Takes:   `code`, given beforehand: it is shown once, to whatever asks first.
 */
export function secondFactor(session: Session, code: string | undefined): SecondFactor {
  return async ({ factors, again, sendCode }) => {
    if (code !== undefined && !again) {
      return { kind: factors.includes("totp") ? "totp" : "sms", code };
    }
    if (!session.canAsk) return undefined;
    if (again) session.note("That code was not taken.");
    const kind = factors.includes("totp") ? "totp" : factors.includes("sms") ? "sms" : undefined;
    if (kind === undefined) return undefined;
    if (kind === "sms") {
      const sent = await sendCode();
      if (!sent.ok) return undefined;
      session.note("A code is on its way to your phone, if there is one.");
    }
    const typed = (await askAloud("Code: ")).trim();
    return typed === "" ? undefined : { kind, code: typed };
  };
}

function noCode(): Result<never, Failure> {
  const name = "a code of the authenticator app";
  return fail({ kind: "no-secret", name, option: "--code", variable: "" });
}
