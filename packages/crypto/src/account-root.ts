import { type Bytes, fail, ok, type Result } from "@salus/base";
import {
  Absent,
  type AccountHandle,
  type DeviceId,
  encodeCbor,
  isAbsent,
  type KemPublic,
  type OpenerId,
  parseAccountRoots,
  type UnlockId,
  type VaultHandle,
  type VerifyKey,
  type Wrap,
} from "@salus/protocol";
import { DeviceSecret } from "./device-secret.ts";
import { type KemPair, type Unreadable, type WrapPurpose, wrapTo } from "./kem-pair.ts";
import { derive, Key } from "./keys.ts";
import { Signer } from "./signing.ts";

/** The link and the receiver that wrapped roots belong to. */
export interface RootPlace {
  readonly account: AccountHandle;
  readonly seq: number;
  readonly to: DeviceId | UnlockId | OpenerId;
}

/** What every device and every way to unlock opens. Spec: accounts §3. */
export interface OpenedRoots {
  /** Oldest first; the last is the current. */
  readonly roots: readonly Key<"account-root">[];
  /** Her vault, if she has one: the only word for it that is not the cloud's. */
  readonly vault: VaultHandle | undefined;
  /** Stands on every device, and beside the password in the printed kit. */
  readonly secret: DeviceSecret;
}

/**
 * Seal the account's roots to a device or a way to unlock.
 *
 * Takes:   `drawn`, in tests with vectors only.
 * Leaks:   how many roots there have been, which the chain says anyway, and whether there is a vault.
 * Source:  spec/accounts.md §3; vectors/account-v1.json.
 */
export function wrapRoots(
  to: KemPublic,
  place: RootPlace,
  { roots, vault, secret }: OpenedRoots,
  drawn?: Bytes,
): Promise<Wrap> {
  const text = encodeCbor({
    roots: roots.map(Key.reveal),
    vault: vault ?? NO_VAULT,
    secret: DeviceSecret.reveal(secret),
  });
  return wrapTo(to, purposeOf(place), text, drawn);
}

/**
 * The roots that were sealed to this device or way to unlock.
 *
 * Whether they are the account's, only its chain can say: compare `rootKey` of each.
 *
 * Fails:   `unreadable`.
 * Source:  spec/accounts.md §3; vectors/account-v1.json.
 */
export async function openRoots(
  opener: KemPair,
  place: RootPlace,
  wrap: Wrap,
): Promise<Result<OpenedRoots, Unreadable>> {
  const text = await opener.unwrap(purposeOf(place), wrap);
  if (!text.ok) return text;
  const held = parseAccountRoots(text.value);
  if (!held.ok) return fail({ kind: "unreadable" });
  const { roots, vault, secret } = held.value;
  return ok({
    roots: roots.map((root) => new Key("account-root", root)),
    vault: isAbsent(vault) ? undefined : vault,
    secret: new DeviceSecret(secret),
  });
}

/** Signs as the account itself, when no device of it is left. Source: spec/accounts.md §1. */
export function rootSigner(root: Key<"account-root">): Signer {
  return new Signer(derive(root, "root-sign-seed"));
}

/** The key of a root, as the account's chain names it. Cost: 0.4 ms in Node. */
export function rootKey(root: Key<"account-root">): VerifyKey {
  return rootSigner(root).key;
}

const NO_VAULT = Absent.of(new Uint8Array(0));

function purposeOf({ account, seq, to }: RootPlace): WrapPurpose {
  return { purpose: "root", context: { account, seq, to } };
}
