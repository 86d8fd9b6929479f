import { fail, ok, type Result } from "@salus/base";
import type { ListedSession, SessionId } from "@salus/protocol";
import { meetDirectory } from "./directory-pin.ts";
import type { AccountError } from "./failure.ts";
import { logIn } from "./password.ts";
import { shownCredential } from "./shown-credential.ts";
import type { WholeAccount } from "./whole.ts";

/** What shows that she is still there. */
export type StepUpProof =
  | { readonly password: string }
  | { readonly totp: string }
  /** Takes WebAuthn's options, gives its assertion, both as JSON. */
  | { readonly passkey: (options: string) => Promise<string | undefined> };

/** Sessions of an account: where it is signed in. */
export class Sessions {
  readonly #account: WholeAccount;

  constructor(account: WholeAccount) {
    this.#account = account;
  }

  async list(): Promise<Result<readonly ListedSession[], AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const page = await this.#account.directory.sessions(caller.value);
    return page.ok ? ok(page.value.sessions) : page;
  }

  /** End one session. */
  async end(session: SessionId): Promise<Result<void, AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const ended = await this.#account.directory.endSession(caller.value, session);
    return ended.ok ? ok(undefined) : ended;
  }

  /** End the session of this device: here in any case, and at the directory if it answers. */
  async signOut(): Promise<Result<void, AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const ended = await this.end(caller.value.session);
    await this.#account.leave();
    return ended;
  }

  /** End every session of the account, this one too. Fails: as `refused`: `step-up`. */
  async signOutEverywhere(): Promise<Result<void, AccountError>> {
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const ended = await this.#account.directory.endSessions(caller.value);
    if (!ended.ok) return ended;
    await this.#account.leave();
    return ok(undefined);
  }

  /**
   * Show once more that she is there: what is final asks for it.
   *
   * Gives:   until when, in milliseconds by the directory's clock.
   * Fails:   `sign-in-refused`, `second-factor`; as `refused`: `code-refused`.
   */
  async stepUp(proof: StepUpProof): Promise<Result<number, AccountError>> {
    if ("password" in proof) return this.#byPassword(proof.password);
    const { directory } = this.#account;
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const start =
      "totp" in proof
        ? ({ kind: "totp", code: proof.totp } as const)
        : ({ kind: "passkey" } as const);
    const begun = await directory.stepUp(caller.value, start);
    if (!begun.ok) return begun;
    if ("until" in begun.value) return ok(begun.value.until);
    if (!("options" in begun.value && "passkey" in proof)) return badAnswer();
    const credential = await proof.passkey(begun.value.options);
    if (credential === undefined) return fail({ kind: "second-factor" });
    const assertion = shownCredential(credential);
    const done = await directory.finishStepUp(caller.value, begun.value.stepUp, { assertion });
    return done.ok ? ok(done.value.until) : done;
  }

  async #byPassword(password: string): Promise<Result<number, AccountError>> {
    const { directory, session, store } = this.#account;
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    if (session === undefined) return fail({ kind: "signed-out" });
    const info = await meetDirectory(directory, store);
    if (!info.ok) return info;
    const run = await logIn(password, { login: session.login, service: info.value.id });
    const begun = await directory.stepUp(caller.value, { kind: "password", start: run.first });
    if (!begun.ok) return begun;
    if (!("response" in begun.value)) return badAnswer();
    const { stepUp, response } = begun.value;
    const logged = run.finish(response);
    if (!logged.ok) return logged;
    const { finish } = logged.value;
    const done = await directory.finishStepUp(caller.value, stepUp, { finish });
    return done.ok ? ok(done.value.until) : done;
  }
}

function badAnswer(): Result<never, AccountError> {
  return fail({ kind: "malformed-answer", what: "step-up" });
}
