import { ok, type Result, toHex } from "@salus/base";
import type { ChainState, GrantState } from "@salus/evaluate";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import { grantedKeyring, type Keyring } from "./keyring.ts";

/**
 * What identities hold by grants, as long as a state of a chain is known: somebody who asks many
 * questions of many vaults opens each grant once.
 */
const rings = new WeakMap<ChainState, WeakMap<Identity, Map<string, Keyring>>>();

/**
 * What a grant gives under a chain, opened once for each state of it.
 *
 * Fails:   `unreadable`.
 * Cost:    a decapsulation for a grant of a chain that was not seen before.
 */
export async function grantedRing(
  chain: ChainState,
  grant: GrantState,
  identity: Identity,
): Promise<Result<Keyring, ClientError>> {
  const byIdentity = rings.get(chain) ?? new WeakMap<Identity, Map<string, Keyring>>();
  rings.set(chain, byIdentity);
  const held = byIdentity.get(identity) ?? new Map<string, Keyring>();
  byIdentity.set(identity, held);
  const name = toHex(grant.grant);
  const known = held.get(name);
  if (known !== undefined) return ok(known);
  const opened = await grantedKeyring(chain, grant, identity);
  if (opened.ok) held.set(name, opened.value);
  return opened;
}
