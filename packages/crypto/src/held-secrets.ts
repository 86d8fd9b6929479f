import { type Bytes, ok, type Result } from "@salus/base";
import {
  Absent,
  type AccountHandle,
  type DeviceId,
  encodeCbor,
  isAbsent,
  type Malformed,
  parseHeldAccount,
  type VaultHandle,
} from "@salus/protocol";
import { DeviceSecret } from "./device-secret.ts";
import { Key } from "./keys.ts";

/** What a device keeps of an account that it belongs to. Spec: keys §5. */
export interface HeldSecrets {
  readonly device: Key<"device-root">;
  readonly id: DeviceId;
  /** None before a sign-up or a sign-in. */
  readonly account: AccountHandle | undefined;
  /** None while somebody signed in without it. */
  readonly secret: DeviceSecret | undefined;
  /** Oldest first; none while nothing has been unlocked. */
  readonly roots: readonly Key<"account-root">[];
  readonly vault: VaultHandle | undefined;
}

/** The bytes to be kept: for a sealed store, and nobody else. Source: spec/keys.md §5. */
export function encodeHeld({ device, id, account, secret, roots, vault }: HeldSecrets): Bytes {
  return encodeCbor({
    device: Key.reveal(device),
    id,
    account: account ?? NOTHING,
    secret: secret === undefined ? NOTHING : DeviceSecret.reveal(secret),
    roots: roots.map(Key.reveal),
    vault: vault ?? NOTHING,
  });
}

/** What was kept. Fails: `malformed`. */
export function decodeHeld(bytes: Bytes): Result<HeldSecrets, Malformed> {
  const read = parseHeldAccount(bytes);
  if (!read.ok) return read;
  const { device, id, account, secret, roots, vault } = read.value;
  return ok({
    device: new Key("device-root", device),
    id,
    account: isAbsent(account) ? undefined : account,
    secret: isAbsent(secret) ? undefined : new DeviceSecret(secret),
    roots: roots.map((root) => new Key("account-root", root)),
    vault: isAbsent(vault) ? undefined : vault,
  });
}

const NOTHING = Absent.of(new Uint8Array(0));
