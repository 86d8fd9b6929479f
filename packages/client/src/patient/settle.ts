import { assert, ok, type Result, toHex } from "@salus/base";
import { rootDeviceId, vaultDeviceId } from "@salus/crypto";
import { named } from "@salus/evaluate";
import type { Device, DeviceId } from "@salus/protocol";
import type { Identity } from "../identity.ts";
import { rootIdentity } from "./genesis.ts";
import { rotate } from "./rotation.ts";
import type { VaultDraft } from "./vault-draft.ts";

/**
 * Let a vault agree with its account: the newest root's own device is in it, no device that the
 * account does not have any more, and no live cell of an older root. Nothing is added where it does.
 *
 * Source:  spec/accounts.md §1, §3.
 */
export async function settle(
  draft: VaultDraft,
  { owned }: Identity,
  devices: readonly DeviceId[],
): Promise<Result<void, never>> {
  const [oldest] = owned.roots;
  const newest = owned.roots.at(-1);
  assert(oldest !== undefined && newest !== undefined, "an account's vault has a root");
  assert(owned.device !== undefined, "a device settles a vault that it belongs to");
  const { sign, suite, kem } = rootIdentity(newest).card;
  const root: Device = { id: rootDeviceId(newest), sign, suite, kem };
  if (named(draft.chain.devices, root.id) === undefined) {
    draft.links.add("chain/device", { op: "add", device: root });
  }
  const known = devices.map((id) => vaultDeviceId(oldest, id));
  const stay = new Set([root.id, owned.device, ...known].map(toHex));
  for (const { status, ...device } of draft.chain.devices.values()) {
    if (status === "live" && !stay.has(toHex(device.id))) {
      draft.links.add("chain/device", { op: "remove", device });
    }
  }
  const old = draft
    .cells()
    .filter(({ status, root: at }) => status === "live" && at !== draft.keys.newest);
  if (old.length > 0) await rotate(draft, { cells: old, scopes: [] });
  return ok(undefined);
}
