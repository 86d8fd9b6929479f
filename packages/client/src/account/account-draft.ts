import { type Bytes, compareBytes, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  drawKey,
  drawUnlock,
  type Key,
  type OpenedRoots,
  rootKey,
  type Signer,
  unlockPair,
  wrapRoots,
} from "@salus/crypto";
import { type AccountState, liveOpeners } from "@salus/evaluate";
import {
  type AccountHandle,
  type Device,
  type KemPublic,
  OpenerId,
  SIGNED_BYTES_MAX,
  type Unlock,
  type UnlockKind,
  type VaultHandle,
} from "@salus/protocol";
import { LinkDraft } from "../patient/link-draft.ts";
import type { AccountError } from "./failure.ts";

/** Of a wrap in a link: what stands beside its encapsulation and the roots that it holds. */
const WRAP_BYTES = 220;
const ROOT_BYTES = 34;

interface Opener extends KemPublic {
  readonly id: Uint8Array;
}

/** A change of an account: links on top of its chain, closed by sealing the roots again. */
export class AccountDraft {
  readonly links: LinkDraft;
  readonly #account: AccountHandle;
  #openers: readonly Opener[];
  #opened: OpenedRoots;
  #removed = false;
  #changed = false;

  /** Takes:   `signer`, a live device, or the current root. */
  constructor(
    { account, head, ...state }: Pick<AccountState, "account" | "head" | "devices" | "unlocks">,
    opened: OpenedRoots,
    signer: Signer,
  ) {
    this.links = new LinkDraft(signer, head, Date.now());
    this.#account = account;
    this.#openers = liveOpeners(state);
    this.#opened = opened;
  }

  /** The roots as they will be after the change. */
  get opened(): OpenedRoots {
    return this.#opened;
  }

  /** The device of the genesis, which no further link adds. */
  isFounder(device: Device): void {
    this.#add(device);
  }

  addDevice(device: Device): void {
    this.links.add("account/device", { op: "add", device });
    this.#add(device);
  }

  removeDevice(device: Device): void {
    this.links.add("account/device", { op: "remove", device: deviceOf(device) });
    this.#remove(device);
  }

  addUnlock(kind: UnlockKind, secret: Key<"unlock-secret">): void {
    const pair = unlockPair(kind, secret, this.#account);
    const unlock = { id: drawUnlock(), kind, ...pair.public };
    this.links.add("account/unlock", { op: "add", unlock });
    this.#add(unlock);
  }

  removeUnlock({ id, kind, suite, kem }: Unlock): void {
    const unlock = { id, kind, suite, kem };
    this.links.add("account/unlock", { op: "remove", unlock });
    this.#remove(unlock);
  }

  /** Tell all devices which vault is hers. */
  setVault(vault: VaultHandle): void {
    this.#opened = { ...this.#opened, vault };
    this.#changed = true;
  }

  /**
   * Close the change: seal the roots to whoever is live now, a new one among them if anybody was
   * removed.
   *
   * Gives:   the links; none when nothing changes.
   * Fails:   `account-full`.
   * Cost:    1.3 ms for each device and way to unlock.
   */
  async seal(): Promise<Result<readonly Bytes[], AccountError>> {
    if (!this.#changed) return ok([]);
    if (this.#removed) {
      this.#opened = { ...this.#opened, roots: [...this.#opened.roots, drawKey("account-root")] };
    }
    const { roots } = this.#opened;
    const each = WRAP_BYTES + ROOT_BYTES * roots.length;
    const size = this.#openers.reduce((sum, { kem }) => sum + kem.length + each, 0);
    if (size > SIGNED_BYTES_MAX) return fail({ kind: "account-full" });
    const { seq } = this.links;
    const wraps = await Promise.all(
      this.#openers.map(async ({ id, suite, kem }) => {
        const to = OpenerId.of(id);
        const place = { account: this.#account, seq, to };
        return { to, wrap: await wrapRoots({ suite, kem }, place, this.#opened) };
      }),
    );
    const current = roots.at(-1);
    if (current === undefined) return fail({ kind: "locked" });
    wraps.sort((a, b) => compareBytes(a.to, b.to));
    this.links.add("account/root", { root: rootKey(current), wraps });
    return ok(this.links.links);
  }

  #add(opener: Opener): void {
    this.#openers = [...this.#openers, opener];
    this.#changed = true;
  }

  #remove({ id }: Opener): void {
    this.#openers = this.#openers.filter((other) => !equalBytes(other.id, id));
    this.#removed = true;
    this.#changed = true;
  }
}

/** A device as it was added: what a state says of it besides is no part of a link. */
function deviceOf({ id, sign, suite, kem }: Device): Device {
  return { id, sign, suite, kem };
}
