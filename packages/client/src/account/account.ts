import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  type DeviceSecret,
  derive,
  type Face,
  type HeldSecrets,
  type Key,
  MailboxKeys,
  type OpenedRoots,
  type Phrase,
  passkeySecret,
  passwordSecret,
  rootSigner,
  Signer,
} from "@salus/crypto";
import { type AccountState, applyAccountLinks, named } from "@salus/evaluate";
import type { AccountHandle, AccountRole, UnlockKind, VaultHandle } from "@salus/protocol";
import type { DirectoryCaller } from "../directory/call.ts";
import type { Directory } from "../directory/port.ts";
import { claimMailbox } from "../discovery/parcels.ts";
import type { DirectorySession } from "../discovery/session.ts";
import type { CloudError } from "../failure.ts";
import { faceOf, HELD, type Identity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import { type VaultChoice, vaultGenesis } from "../patient/genesis.ts";
import { fetchAccount, pinAccount } from "./account-chain.ts";
import { AccountDraft } from "./account-draft.ts";
import { deviceOf, encodeDeviceCard } from "./card.ts";
import { Devices } from "./devices.ts";
import { Factors } from "./factors.ts";
import type { AccountError } from "./failure.ts";
import { readHeld, readSession, removeSession, type StoredSession, writeHeld } from "./held.ts";
import { openAsDevice, openWith } from "./opening.ts";
import { Sessions } from "./sessions.ts";
import { Unlocks } from "./unlocks.ts";
import type { Send, WholeAccount } from "./whole.ts";

/** Where an account is, and where this device keeps what it holds of it. */
export interface AccountOptions {
  readonly directory: Directory;
  readonly store: KeyStore;
}

/** What a store holds of an account, and what is known besides. */
export interface AccountParts extends AccountOptions {
  readonly handle: AccountHandle;
  readonly held: HeldSecrets;
  readonly session: StoredSession | undefined;
  /** Of the password that she has just signed in with. */
  readonly exportKey?: Bytes;
}

/** What somebody unlocks with who has signed in on a device that is not part of the account yet. */
export type UnlockWith =
  | { readonly deviceSecret: DeviceSecret }
  | { readonly phrase: Phrase }
  /** What WebAuthn's `prf` gave for `prfSalt`. */
  | { readonly passkey: Bytes };

const REBUILDS_MAX = 5;

/**
 * A person's account, on one of her devices.
 *
 * *Unlocked*, the device knows the account roots, also without a network. *Locked*, somebody has
 * signed in and nothing has opened them yet: another device approves this one, or she shows what
 * unlocks.
 */
export class Account implements WholeAccount {
  readonly directory: Directory;
  readonly store: KeyStore;
  readonly handle: AccountHandle;
  readonly devices: Devices;
  readonly unlocks: Unlocks;
  readonly factors: Factors;
  readonly sessions: Sessions;
  readonly #exportKey: Bytes | undefined;
  #held: HeldSecrets;
  #session: StoredSession | undefined;
  #state: AccountState | undefined;

  constructor({ directory, store, handle, held, session, exportKey }: AccountParts) {
    this.directory = directory;
    this.store = store;
    this.handle = handle;
    this.#held = held;
    this.#session = session;
    this.#exportKey = exportKey;
    this.devices = new Devices(this);
    this.unlocks = new Unlocks(this);
    this.factors = new Factors(this);
    this.sessions = new Sessions(this);
  }

  /** Open the account of a store, as this device last knew it. Fails: `no-account`, `store-damaged`. */
  static async open(options: AccountOptions): Promise<Result<Account, AccountError>> {
    const held = await readHeld(options.store);
    if (!held.ok) return held;
    const session = await readSession(options.store);
    if (!session.ok) return session;
    const handle = held.value?.account;
    if (held.value === undefined || handle === undefined) return fail({ kind: "no-account" });
    return ok(new Account({ ...options, handle, held: held.value, session: session.value }));
  }

  /** Let a store belong to no account: what this device alone knew is gone. */
  static async forget(store: KeyStore): Promise<void> {
    await removeSession(store);
    await store.remove(HELD);
  }

  get isUnlocked(): boolean {
    return this.#held.roots.length > 0;
  }

  /** Stands in the printed kit; none while locked. */
  get deviceSecret(): DeviceSecret | undefined {
    return this.#held.secret;
  }

  get vault(): VaultHandle | undefined {
    return this.#held.vault;
  }

  /** The role of the session; none while signed out. */
  get role(): AccountRole | undefined {
    return this.#session?.opened.role;
  }

  get held(): HeldSecrets {
    return this.#held;
  }

  get session(): StoredSession | undefined {
    return this.#session;
  }

  /** The chain as it was last fetched. */
  get state(): AccountState | undefined {
    return this.#state;
  }

  /** This device as one of its faces; as `vault` it is the owner of her vault. */
  identity(face: Face): Identity {
    return faceOf(this.#held, face);
  }

  /** The keys of her mailbox, the newest first: what was sent to an older one is still hers. */
  mailboxes(): readonly MailboxKeys[] {
    return this.#held.roots.map((root) => new MailboxKeys(root)).toReversed();
  }

  /** What another device of hers approves this one by, shown as a text or as a code. */
  card(): string {
    return encodeDeviceCard(this.handle, deviceOf(this.#held));
  }

  /** Makes requests in the session. Fails: `signed-out`. */
  caller(): Result<DirectorySession["caller"], AccountError> {
    if (this.#session === undefined) return fail({ kind: "signed-out" });
    return ok({ signer: signerOf(this.#held), session: this.#session.opened.session });
  }

  /** The session, for discovery. Fails: `signed-out`. */
  inDirectory(): Result<DirectorySession, AccountError> {
    const caller = this.caller();
    if (!caller.ok) return caller;
    return ok({ directory: this.directory, caller: caller.value, store: this.store });
  }

  /** Forget the session here. */
  async leave(): Promise<void> {
    this.#session = undefined;
    await removeSession(this.store);
  }

  /**
   * Fetch and verify what the chain has gained, and open the newest roots if this device may.
   *
   * Fails:   `rollback`, `account-invalid`, `unlisted-wrap`, `key-integrity`, `device-removed`,
   *          `signed-out`, any `CloudError`.
   */
  async sync(): Promise<Result<AccountState, AccountError>> {
    const caller = this.caller();
    if (!caller.ok) return caller;
    const pages = (from: number) => this.directory.accountChain(caller.value, from);
    const fetched = await fetchAccount(pages, this.store, this.handle, this.#state);
    if (!fetched.ok) return fetched;
    this.#state = fetched.value;
    const own = named(fetched.value.devices, this.#held.id);
    if (own?.status === "removed") return fail({ kind: "device-removed" });
    if (own === undefined) return fetched;
    const opened = await openAsDevice(fetched.value, this.#held.id, this.#held.device);
    if (!opened.ok) return opened;
    await this.#hold(opened.value);
    return fetched;
  }

  /**
   * Unlock with something that she knows or has, and let this device belong to the account.
   *
   * Fails:   `unlisted-wrap`: it is no way to unlock this account; `locked`: a device secret without a
   *          password just given; as `sync` and `join`.
   */
  async unlock(how: UnlockWith): Promise<Result<void, AccountError>> {
    const synced = await this.sync();
    if (!synced.ok) return synced;
    const way = this.#wayOf(how);
    if (way === undefined) return fail({ kind: "locked" });
    const opened = await openWith(synced.value, ...way);
    if (!opened.ok) return opened;
    await this.#hold(opened.value);
    return this.join();
  }

  #wayOf(how: UnlockWith): [UnlockKind, Key<"unlock-secret">] | undefined {
    if ("phrase" in how) return ["phrase", how.phrase.secret];
    if ("passkey" in how) return ["passkey", passkeySecret(how.passkey)];
    if (this.#exportKey === undefined) return undefined;
    return ["password", passwordSecret(this.#exportKey, how.deviceSecret)];
  }

  /** Add this unlocked device to the account, unless it is there. Fails: as `change`. */
  join(): Promise<Result<void, AccountError>> {
    return this.change((draft, state) => {
      if (named(state.devices, this.#held.id) === undefined) draft.addDevice(deviceOf(this.#held));
      return ok(undefined);
    });
  }

  /**
   * Let this account have a vault: from now on all her devices know which one is hers. `Patient.create`
   * makes it at the cloud.
   *
   * Fails:   as `change`.
   */
  addVault(choice: VaultChoice = {}): Promise<Result<void, AccountError>> {
    return this.change((draft) => {
      const [oldest] = draft.opened.roots;
      if (oldest === undefined) return fail({ kind: "locked" });
      if (draft.opened.vault === undefined) draft.setVault(vaultGenesis(oldest, choice).vault);
      return ok(undefined);
    });
  }

  /**
   * Build a change on the newest chain and append it; where another device was first, build again.
   *
   * Takes:   `build`, which adds nothing when there is nothing to do; `send`, where links are not
   *          appended by themselves.
   * Fails:   `locked`; as `sync`; what `build` fails with; as `refused`: `step-up`.
   */
  async change(
    build: (draft: AccountDraft, state: AccountState) => Result<void, AccountError>,
    send: Send = (links) => this.#append(links),
  ): Promise<Result<void, AccountError>> {
    for (let attempt = 1; ; attempt += 1) {
      const synced = await this.sync();
      if (!synced.ok) return synced;
      const state = synced.value;
      const draft = this.#draft(state);
      if (draft === undefined) return fail({ kind: "locked" });
      const built = build(draft, state);
      if (!built.ok) return built;
      const links = await draft.seal();
      if (!links.ok) return links;
      if (links.value.length === 0) return ok(undefined);
      const sent = await send(links.value);
      if (sent.ok) return this.#changed(state, draft, links.value);
      if (!isConflict(sent.error) || attempt === REBUILDS_MAX) return sent;
    }
  }

  /** Name the newest root's mailbox to the directory, if another one is named. Fails: as `refused`. */
  async settleMailbox(): Promise<Result<void, AccountError>> {
    const [newest] = this.mailboxes();
    const session = this.inDirectory();
    if (!session.ok) return session;
    if (newest === undefined) return fail({ kind: "locked" });
    const info = await this.directory.account(session.value.caller);
    if (!info.ok) return info;
    const known = info.value.mailbox;
    if (known !== null && equalBytes(known.id, newest.mailbox.id)) return ok(undefined);
    const claimed = await claimMailbox(session.value, newest);
    return claimed.ok ? claimed : fail(claimed.error as AccountError);
  }

  #draft(state: AccountState): AccountDraft | undefined {
    const { roots, vault, secret, id } = this.#held;
    const newest = roots.at(-1);
    if (newest === undefined || secret === undefined) return undefined;
    const isDevice = named(state.devices, id)?.status === "live";
    const signer = isDevice ? signerOf(this.#held) : rootSigner(newest);
    return new AccountDraft(state, { roots, vault, secret }, signer);
  }

  async #append(links: readonly Bytes[]): Promise<Result<unknown, CloudError>> {
    const { signer, session } = { signer: signerOf(this.#held), session: this.#session };
    const caller: DirectoryCaller =
      session === undefined ? { signer } : { signer, session: session.opened.session };
    return this.directory.appendAccount(caller, links);
  }

  async #changed(
    before: AccountState,
    draft: AccountDraft,
    links: readonly Bytes[],
  ): Promise<Result<void, AccountError>> {
    const applied = applyAccountLinks(before, links);
    if (!applied.ok)
      return fail({ kind: "account-invalid", account: this.handle, problem: applied.error.kind });
    this.#state = applied.value;
    const pinned = await pinAccount(this.store, applied.value);
    if (!pinned.ok) return pinned;
    const isNew = draft.opened.roots.length > this.#held.roots.length;
    await this.#hold(draft.opened);
    // The change is done, and the next sign-in names the mailbox where this one could not.
    if (isNew) await this.settleMailbox();
    return ok(undefined);
  }

  async #hold({ roots, vault, secret }: OpenedRoots): Promise<void> {
    this.#held = { ...this.#held, account: this.handle, roots, vault, secret };
    await writeHeld(this.store, this.#held);
  }
}

/** Signs requests to the directory, and links of the account: a device's `account` key. */
export function signerOf({ device }: Pick<HeldSecrets, "device">): Signer {
  return new Signer(derive(device, "sign-seed", "account"));
}

function isConflict(error: CloudError): boolean {
  return error.kind === "refused" && error.problem === "chain-conflict";
}
