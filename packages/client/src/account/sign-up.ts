import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  DeviceSecret,
  drawKey,
  type HeldSecrets,
  loginTag,
  Phrase,
  passwordSecret,
  rootKey,
  signLink,
} from "@salus/crypto";
import { digest } from "@salus/evaluate";
import { AccountHandle, type AccountRole } from "@salus/protocol";
import { type VaultChoice, vaultGenesis } from "../patient/genesis.ts";
import { freshBytes } from "../random.ts";
import { Account, type AccountOptions, signerOf } from "./account.ts";
import { AccountDraft } from "./account-draft.ts";
import { deviceOf } from "./card.ts";
import { checkServerKey, meetDirectory } from "./directory-pin.ts";
import type { AccountError } from "./failure.ts";
import { newHeld, readHeld, writeHeld, writeSession } from "./held.ts";
import { type Registered, registerPassword } from "./password.ts";

/** What a person says of herself when she signs up. */
export interface NewAccount {
  readonly login: string;
  readonly password: string;
  /** The first is the one that she goes on in. A patient gets a vault. */
  readonly roles: readonly AccountRole[];
  readonly vault?: VaultChoice;
}

/**
 * A sign-up: what is drawn for it is shown to the person, who writes it down and shows that she has,
 * before there is an account.
 */
export class SignUp {
  readonly phrase: Phrase;
  /** Printed in the kit, and kept on this device. */
  readonly deviceSecret: DeviceSecret;
  readonly #wanted: NewAccount;

  constructor(wanted: NewAccount, { phrase, deviceSecret }: Drawn = {}) {
    this.#wanted = wanted;
    this.phrase = phrase ?? Phrase.draw();
    this.deviceSecret = deviceSecret ?? DeviceSecret.draw();
  }

  /**
   * The same sign-up under another login, for whom the first is taken: what she has written down counts.
   *
   * Leaks:   to the directory, once both are sent: that one person wanted both.
   */
  renamed(login: string): SignUp {
    return new SignUp({ ...this.#wanted, login }, this);
  }

  /**
   * Make the account, on this device, and be signed in.
   *
   * When nobody answers the last message, the account may be there: a sign-in with the same store
   * finds out.
   *
   * Takes:   `confirmation`, the phrase as she typed it.
   * Leaks:   to the directory: a tag of the login, the roles, public keys, and that it has a new
   *          account; nothing of the password or the phrase.
   * Fails:   `phrase-unconfirmed`, `home-taken`, `kdf-floor`, `server-key-changed`; as `refused`:
   *          `login-taken`; any `CloudError`.
   * Cost:    one Argon2id.
   */
  async finish(
    options: AccountOptions,
    confirmation: string,
  ): Promise<Result<Account, AccountError>> {
    const { directory, store } = options;
    const typed = Phrase.parse(confirmation);
    const confirmed = typed.ok && equalBytes(typed.value.recoveryTag, this.phrase.recoveryTag);
    if (!confirmed) return fail({ kind: "phrase-unconfirmed" });
    const taken = await readHeld(store);
    if (!taken.ok) return taken;
    if (taken.value?.account !== undefined) return fail({ kind: "home-taken" });
    const info = await meetDirectory(directory, store);
    if (!info.ok) return info;
    const login = loginTag(this.#wanted.login);
    const held = newHeld(this.deviceSecret);
    const signer = signerOf(held);
    const run = await registerPassword(this.#wanted.password, {
      login,
      service: info.value.id,
    });
    const begun = await directory.signUp({ signer }, { login, registration: run.first });
    if (!begun.ok) return begun;
    const registered = run.finish(begun.value.response);
    if (!registered.ok) return registered;
    const same = checkServerKey(info.value, registered.value.serverKey);
    if (!same.ok) return same;
    const founded = await this.#found(held, registered.value);
    if (!founded.ok) return founded;
    const { links, belonging, handle } = founded.value;
    // Before it is sent: what an account is opened with must not be lost with the answer.
    await writeHeld(store, belonging);
    const opened = await directory.finishSignUp({ signer }, begun.value.signUp, {
      record: registered.value.record,
      links,
      recovery: digest(this.phrase.recoveryTag),
      roles: this.#wanted.roles,
    });
    if (!opened.ok) {
      if (opened.error.kind === "refused") await Account.forget(store);
      return opened;
    }
    if (!equalBytes(opened.value.account, handle)) {
      return fail({ kind: "malformed-answer", what: "session" });
    }
    const session = { opened: opened.value, login };
    await writeSession(store, session);
    const account = new Account({ ...options, handle, held: belonging, session });
    // What cannot be named now, the next sign-in names.
    await account.settleMailbox();
    return ok(account);
  }

  /** The first links: this device, the phrase, the password, and the root sealed to each. */
  async #found(
    held: HeldSecrets,
    { exportKey }: Registered,
  ): Promise<Result<Founded, AccountError>> {
    const root = drawKey("account-root");
    const device = deviceOf(held);
    const signer = signerOf(held);
    const fields = { device, root: rootKey(root), salt: freshBytes(16) };
    const genesis = signLink(signer, "account/genesis", undefined, Date.now(), fields);
    const handle = AccountHandle.of(genesis.head.hash);
    const isPatient = this.#wanted.roles.includes("patient");
    const vault = isPatient ? vaultGenesis(root, this.#wanted.vault).vault : undefined;
    const opened = { roots: [root], vault, secret: this.deviceSecret };
    const nobody = { devices: new Map(), unlocks: new Map() };
    const draft = new AccountDraft(
      { account: handle, head: genesis.head, ...nobody },
      opened,
      signer,
    );
    draft.isFounder(device);
    draft.addUnlock("phrase", this.phrase.secret);
    draft.addUnlock("password", passwordSecret(exportKey, this.deviceSecret));
    const sealed = await draft.seal();
    if (!sealed.ok) return sealed;
    const belonging = { ...held, account: handle, roots: opened.roots, vault };
    return ok({ links: [genesis.signed, ...sealed.value], belonging, handle });
  }

  toJSON(): string {
    return "[sign-up]";
  }
}

interface Drawn {
  readonly phrase?: Phrase;
  readonly deviceSecret?: DeviceSecret;
}

interface Founded {
  readonly links: readonly Uint8Array<ArrayBuffer>[];
  readonly belonging: HeldSecrets;
  readonly handle: AccountHandle;
}
