import { type Bytes, ok, type Result } from "@salus/base";
import { drawPrfSalt } from "@salus/client/browser";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import type { Entered } from "./entered.ts";
import { thenEnter } from "./security.ts";

/** What the page needs to make a passkey, and to have its `prf` evaluated twice. */
export interface PasskeyDraft {
  /** A WebAuthn PublicKeyCredentialCreationOptionsJSON. */
  readonly options: string;
  /** What it is evaluated for: to open the account, and to open what this browser keeps. */
  readonly salts: readonly [account: Bytes, home: Bytes];
}

/** A passkey that the page has made. What `prf` gave goes to the worker beside it, and no further. */
export interface MadePasskey {
  /** The credential's id, base64url. */
  readonly id: string;
  /** The relying party that it was made for. */
  readonly rpId: string;
  /** A WebAuthn RegistrationResponseJSON, without the outputs of `prf`. */
  readonly credential: string;
  /** For the two salts, 32 bytes each; nothing when the authenticator has no `prf`. */
  readonly prf: readonly [account: Bytes, home: Bytes] | undefined;
}

/** What a new passkey is good for. */
export interface AddedPasskey {
  /** Whether it opens the account and this browser's home; else it only signs in. */
  readonly opens: boolean;
  readonly entered: Entered;
}

let salts: PasskeyDraft["salts"] | undefined;

/** Passkeys: a second factor, and, where the authenticator has `prf`, a way to open without a password. */
export const passkeys = {
  /** Fails:   `step-up`; any `CloudError`. */
  startPasskey: (): Promise<Result<PasskeyDraft, Problem>> =>
    withOpen(async ({ account }) => {
      const begun = await account.factors.startPasskey();
      if (!begun.ok) return begun;
      salts = [account.unlocks.salt, drawPrfSalt()];
      return ok({ options: begun.value, salts });
    }),

  /**
   * Take a passkey into use: at the directory as a factor, in the account as a way to unlock, and here
   * as one to open what is kept.
   *
   * Leaks:   to the directory: its public key; that the account has one more way to unlock.
   * Fails:   `refused/code-refused`, `step-up`; any `CloudError`.
   */
  finishPasskey: (made: MadePasskey): Promise<Result<AddedPasskey, Problem>> =>
    withOpen<AddedPasskey>(async (open) => {
      const drawn = salts;
      salts = undefined;
      const { account } = open;
      const entered = await thenEnter(open, account.factors.finishPasskey(made.credential));
      if (!entered.ok) return entered;
      if (made.prf === undefined || drawn === undefined) {
        return ok({ opens: false, entered: entered.value });
      }
      const added = await openWith(open, made, made.prf, drawn[1]);
      return added.ok ? ok({ opens: true, entered: entered.value }) : added;
    }),

  /** Let no passkey open what this browser keeps any more. */
  closeHomeToPasskeys: async (): Promise<Result<void, Problem>> =>
    withOpen(async ({ home }) => {
      for (const credential of home.passkeys) await home.removePasskey(credential);
      return ok(undefined);
    }),
};

async function openWith(
  { account, home }: Open,
  { id: credential, rpId }: MadePasskey,
  [forAccount, forHome]: readonly [Bytes, Bytes],
  salt: Bytes,
): Promise<Result<void, Failure>> {
  const added = await account.unlocks.addPasskey(forAccount);
  if (!added.ok) return added;
  await home.addPasskey({ credential, rpId, salt, prf: forHome });
  return ok(undefined);
}
