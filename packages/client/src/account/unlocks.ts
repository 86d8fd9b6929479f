import { type Bytes, fail, ok, type Result } from "@salus/base";
import { passkeySecret, passwordSecret, prfSalt } from "@salus/crypto";
import { type AccountState, named, type UnlockState } from "@salus/evaluate";
import type { UnlockId, UnlockKind } from "@salus/protocol";
import { checkServerKey, meetDirectory } from "./directory-pin.ts";
import type { AccountError } from "./failure.ts";
import { registerPassword } from "./password.ts";
import type { WholeAccount } from "./whole.ts";

/** A way to unlock an account. */
export interface ListedUnlock {
  readonly id: UnlockId;
  readonly kind: UnlockKind;
}

/** The ways to unlock an account. */
export class Unlocks {
  readonly #account: WholeAccount;

  constructor(account: WholeAccount) {
    this.#account = account;
  }

  /** Those that are in use: what else could open the account is to be seen here. */
  async list(): Promise<Result<readonly ListedUnlock[], AccountError>> {
    const synced = await this.#account.sync();
    return synced.ok ? ok(liveUnlocks(synced.value).map(({ id, kind }) => ({ id, kind }))) : synced;
  }

  /** What a passkey's `prf` is to be evaluated for. */
  get salt(): Bytes {
    return prfSalt(this.#account.handle);
  }

  /** Let a passkey unlock. Takes: the 32 bytes that its `prf` gave for `salt`. */
  addPasskey(prf: Bytes): Promise<Result<void, AccountError>> {
    return this.#account.change((draft) => {
      draft.addUnlock("passkey", passkeySecret(prf));
      return ok(undefined);
    });
  }

  /** Let a passkey unlock no more. Fails: `unknown-unlock`; `last-one`: a password or phrase stays. */
  remove(id: UnlockId): Promise<Result<void, AccountError>> {
    return this.#account.change((draft, state) => {
      const known = named(state.unlocks, id);
      if (known === undefined) return fail({ kind: "unknown-unlock" });
      if (known.kind !== "passkey") return fail({ kind: "last-one" });
      if (known.status === "live") draft.removeUnlock(known);
      return ok(undefined);
    });
  }

  /**
   * Change the password, with the way to unlock that comes from it, under a new root: whoever has the
   * old password and an old copy of the chain opens nothing that is newer. Sessions on other devices
   * end.
   *
   * Fails:   `locked`, `server-key-changed`, `kdf-floor`; as `Account.change`.
   */
  async changePassword(password: string): Promise<Result<void, AccountError>> {
    const account = this.#account;
    const { session, deviceSecret } = account;
    const caller = account.caller();
    if (!caller.ok) return caller;
    if (session === undefined || deviceSecret === undefined) return fail({ kind: "locked" });
    const info = await meetDirectory(account.directory, account.store);
    if (!info.ok) return info;
    const ends = { login: session.login, service: info.value.id };
    const run = await registerPassword(password, ends);
    const request = { registration: run.first };
    const begun = await account.directory.startPassword(caller.value, request);
    if (!begun.ok) return begun;
    const registered = run.finish(begun.value.response);
    if (!registered.ok) return registered;
    const { record, exportKey, serverKey } = registered.value;
    const same = checkServerKey(info.value, serverKey);
    if (!same.ok) return same;
    return account.change(
      (draft, state) => {
        for (const old of liveUnlocks(state, "password")) draft.removeUnlock(old);
        draft.addUnlock("password", passwordSecret(exportKey, deviceSecret));
        return ok(undefined);
      },
      (links) => account.directory.finishPassword(caller.value, { record, links }),
    );
  }
}

/** The ways to unlock that are live, of one kind or of all. */
export function liveUnlocks(state: AccountState, kind?: UnlockKind): readonly UnlockState[] {
  return [...state.unlocks.values()].filter(
    (unlock) => unlock.status === "live" && (kind === undefined || unlock.kind === kind),
  );
}
