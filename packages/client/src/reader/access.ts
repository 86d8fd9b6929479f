import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { ChainState, GrantState } from "@salus/evaluate";
import { type Policy, policyOf } from "@salus/health";
import type { SourceHandle, VaultHandle } from "@salus/protocol";
import type { Caller, Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import { type ChainCache, fetchChain } from "../vault/chain.ts";
import { OwnerKeys } from "../vault/owner-keys.ts";
import { Pins } from "../vault/pins.ts";
import { grantedKeyring, type Keyring, ownerKeyring } from "./keyring.ts";

/** One way into a vault: as its owner, or by one grant. A request is made under exactly one. */
export interface Access {
  readonly vault: VaultHandle;
  readonly caller: Caller;
  readonly chain: ChainState;
  readonly policy: Policy;
  readonly keys: Keyring;
  /** The sources that it may ask. */
  readonly sources: readonly SourceHandle[];
  readonly owner: boolean;
  readonly pins: Pins;
}

/** Where a reader's rights are looked for. */
export interface AccessOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  readonly identity: Identity;
  readonly chains: ChainCache;
}

/**
 * Every way that an identity has into a vault, by the newest chain.
 *
 * She owns the vault that she knows to be hers, whatever others the cloud lists.
 *
 * Grants that another one covers wholly are left out, so that a question is asked as seldom as can be.
 *
 * Fails:   `unknown-grant` when there is no way; `unreadable`; as `fetchChain`.
 * Cost:    a request for the chain, and a decapsulation for each grant.
 */
export async function openAccesses(
  options: AccessOptions,
  vault: VaultHandle,
  asGrantee: Caller["grant"],
): Promise<Result<readonly Access[], ClientError>> {
  const { cloud, identity, store, chains } = options;
  const pins = await Pins.of(store, vault);
  if (!pins.ok) return pins;
  const from = { cloud, caller: identity.caller(asGrantee), pins: pins.value, chains };
  const read = await fetchChain(from, vault);
  if (!read.ok) return read;
  const chain = read.value.state;
  const policy = policyOf(chain.policyVersion, chain.policy);
  if (!policy.ok) return policy;
  const common = { vault, chain, policy: policy.value, pins: pins.value };
  if (identity.owns(chain)) {
    const keys = ownerKeyring(chain, new OwnerKeys(identity.owned.roots));
    const sources = [...chain.sources.values()].map(({ source }) => source);
    return ok([{ ...common, caller: identity.caller(), keys, sources, owner: true }]);
  }
  const accesses: Access[] = [];
  for (const grant of usefulGrants(chain, identity, Date.now())) {
    const keys = await grantedKeyring(chain, grant, identity);
    if (!keys.ok) return keys;
    const caller = identity.caller(grant.grant);
    const { sources } = grant.terms;
    accesses.push({ ...common, caller, keys: keys.value, sources, owner: false });
  }
  return accesses.length > 0 ? ok(accesses) : fail({ kind: "unknown-grant" });
}

/** Grants to this identity that are in force, the widest first, without those inside another. */
function usefulGrants(chain: ChainState, identity: Identity, now: number): readonly GrantState[] {
  const mine = [...chain.grants.values()]
    .filter(({ terms, status }) => {
      const inForce = status === "live" && terms.notBefore <= now && now <= terms.expires;
      return inForce && equalBytes(terms.grantee, identity.card.sign);
    })
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  const useful: GrantState[] = [];
  for (const grant of mine) if (!useful.some((wider) => covers(wider, grant))) useful.push(grant);
  return useful;
}

function sizeOf({ terms }: GrantState): number {
  return terms.cells.length + terms.scopes.length;
}

function covers(wider: GrantState, { terms }: GrantState): boolean {
  const held = new Set([...wider.terms.cells, ...wider.terms.scopes].map(toHex));
  return [...terms.cells, ...terms.scopes].every((handle) => held.has(toHex(handle)));
}
