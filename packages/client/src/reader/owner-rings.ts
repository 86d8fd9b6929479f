import { equalBytes } from "@salus/base";
import type { ChainState } from "@salus/evaluate";
import type { Digest } from "@salus/protocol";
import type { Identity } from "../identity.ts";
import { OwnerKeys } from "../vault/owner-keys.ts";
import { type Keyring, ownerKeyring } from "./keyring.ts";

interface Ring {
  readonly head: Digest;
  readonly keyring: Keyring;
}

/** What identities hold of their own vaults, as long as they live: a screen asks many questions at once. */
const rings = new WeakMap<Identity, Ring>();
const owners = new WeakMap<Identity, OwnerKeys>();

/**
 * What the owner of a vault holds under a chain, derived once for each state of it.
 *
 * Cost:    some 100 µs for each cell and scope of a chain that was not seen before.
 */
export function ownerRing(identity: Identity, chain: ChainState): Keyring {
  const known = rings.get(identity);
  if (known !== undefined && equalBytes(known.head, chain.head.hash)) return known.keyring;
  const keys = owners.get(identity) ?? new OwnerKeys(identity.owned.roots);
  owners.set(identity, keys);
  const keyring = ownerKeyring(chain, keys);
  rings.set(identity, { head: chain.head.hash, keyring });
  return keyring;
}
