import { ok, type Result, toBase32 } from "@salus/base";
import type { FactorId, ListedFactor } from "@salus/protocol";
import type { DirectoryCaller } from "../directory/call.ts";
import type { AccountError } from "./failure.ts";
import { shownCredential } from "./shown-credential.ts";
import type { WholeAccount } from "./whole.ts";

/** What an authenticator app is given, as a text to type and as one to scan. */
export interface AuthenticatorSecret {
  readonly text: string;
  readonly uri: string;
}

/** Second factors of sign-ins: they open nothing, and without one nobody gets in from elsewhere. */
export class Factors {
  readonly #account: WholeAccount;

  constructor(account: WholeAccount) {
    this.#account = account;
  }

  async list(): Promise<Result<readonly ListedFactor[], AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const info = await this.#account.directory.account(caller.value);
    return info.ok ? ok(info.value.factors) : info;
  }

  /**
   * Begin to add an authenticator app. It counts once a code of it has been shown.
   *
   * Takes:   `label`, by which she finds it in the app: her login.
   * Source:  RFC 6238; spec/accounts.md §4.
   */
  async startAuthenticator(label: string): Promise<Result<AuthenticatorSecret, AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const begun = await this.#account.directory.startTotp(caller.value);
    if (!begun.ok) return begun;
    const text = toBase32(begun.value.secret);
    const name = encodeURIComponent(label);
    return ok({ text, uri: `otpauth://totp/Salus:${name}?secret=${text}&issuer=Salus` });
  }

  /** Fails:   as `refused`: `code-refused`, `step-up`. */
  async finishAuthenticator(code: string): Promise<Result<void, AccountError>> {
    return this.#ask((caller) => this.#account.directory.finishTotp(caller, { code }));
  }

  /** Have a code sent to a number, to be added or to take the place of the one that there is. */
  async startPhone(number: string): Promise<Result<void, AccountError>> {
    return this.#ask((caller) => this.#account.directory.startPhone(caller, { number }));
  }

  async finishPhone(code: string): Promise<Result<void, AccountError>> {
    return this.#ask((caller) => this.#account.directory.finishPhone(caller, { code }));
  }

  /** Gives:   a WebAuthn PublicKeyCredentialCreationOptionsJSON. */
  async startPasskey(): Promise<Result<string, AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const begun = await this.#account.directory.startPasskey(caller.value);
    return begun.ok ? ok(begun.value.options) : begun;
  }

  /** Takes:   a WebAuthn RegistrationResponseJSON, of which the output of `prf` stays here. */
  async finishPasskey(credential: string): Promise<Result<void, AccountError>> {
    const attestation = shownCredential(credential);
    return this.#ask((caller) => this.#account.directory.finishPasskey(caller, { attestation }));
  }

  async remove(factor: FactorId): Promise<Result<void, AccountError>> {
    return this.#ask((caller) => this.#account.directory.removeFactor(caller, factor));
  }

  async #ask(
    ask: (caller: DirectoryCaller) => Promise<Result<unknown, AccountError>>,
  ): Promise<Result<void, AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const done = await ask(caller.value);
    return done.ok ? ok(undefined) : done;
  }
}
