import { equalBytes, fail, ok, type Result } from "@salus/base";
import { named } from "@salus/evaluate";
import type { DeviceId, VerifyKey } from "@salus/protocol";
import { decodeDeviceCard } from "./card.ts";
import type { AccountError } from "./failure.ts";
import type { WholeAccount } from "./whole.ts";

/** A device of an account. */
export interface ListedDevice {
  readonly id: DeviceId;
  /** What it signs with: its sessions are of the same key. */
  readonly sign: VerifyKey;
  /** The one that this program runs on. */
  readonly current: boolean;
}

/** The devices of an account. */
export class Devices {
  readonly #account: WholeAccount;

  constructor(account: WholeAccount) {
    this.#account = account;
  }

  /** The live ones, in the order in which they came. Fails: as `Account.sync`. */
  async list(): Promise<Result<readonly ListedDevice[], AccountError>> {
    const synced = await this.#account.sync();
    if (!synced.ok) return synced;
    const live = [...synced.value.devices.values()].filter(({ status }) => status === "live");
    const own = this.#account.held.id;
    return ok(live.map(({ id, sign }) => ({ id, sign, current: equalBytes(id, own) })));
  }

  /**
   * Let a device that shows its card belong to the account. Repeating it is as good as once.
   *
   * Takes:   `card`, as the device itself shows it.
   * Gives:   its id.
   * Fails:   `bad-card`, `wrong-account`; as `Account.change`.
   */
  async approve(card: string): Promise<Result<DeviceId, AccountError>> {
    const device = decodeDeviceCard(card, this.#account.handle);
    if (!device.ok) return device;
    const changed = await this.#account.change((draft, state) => {
      const known = named(state.devices, device.value.id);
      if (known?.status === "removed") return fail({ kind: "device-removed" });
      if (known === undefined) draft.addDevice(device.value);
      else if (!equalBytes(known.sign, device.value.sign)) return fail({ kind: "bad-card" });
      return ok(undefined);
    });
    return changed.ok ? ok(device.value.id) : changed;
  }

  /**
   * Take a device out, under a new root. What it has read stays with it.
   *
   * Her vault follows with `Patient.settle`.
   *
   * Fails:   `unknown-device`; as `Account.change`.
   */
  async remove(id: DeviceId): Promise<Result<void, AccountError>> {
    return this.#account.change((draft, state) => {
      const known = named(state.devices, id);
      if (known === undefined) return fail({ kind: "unknown-device" });
      if (known.status === "live") draft.removeDevice(known);
      return ok(undefined);
    });
  }
}
