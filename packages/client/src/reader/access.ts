import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type Allowed,
  allowedBy,
  type ChainState,
  type GrantState,
  type Standing,
} from "@salus/evaluate";
import { type Policy, policyOf } from "@salus/health";
import { isAbsent, type SourceHandle, type VaultHandle } from "@salus/protocol";
import type { Caller, Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import { LogWatch } from "../log/log-watch.ts";
import { periodWithin } from "../period.ts";
import { type Deed, type TrailName, trailSealer } from "../trail/trail-voice.ts";
import { type ChainCache, fetchChain } from "../vault/chain.ts";
import { Pins } from "../vault/pins.ts";
import { grantedRing } from "./granted-rings.ts";
import { type Keyring, mergedKeyring } from "./keyring.ts";
import { OpenedBefore } from "./opened-before.ts";
import { ownerRing } from "./owner-rings.ts";

/** One way into a vault: as its owner, by all grants that answer one request, or by one grant. */
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
  /** What whoever reads has opened before. */
  readonly opened: OpenedBefore;
  /** Who of the authors was suspended, as far as a registry is known. */
  readonly standing: Standing | undefined;
}

/** Where a reader's rights are looked for. */
export interface AccessOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  readonly identity: Identity;
  readonly chains: ChainCache;
  /** What the patient is told that it is for, and by whom. */
  readonly deed: Deed;
  readonly who: TrailName;
  /** Left out, authors are judged by their certificates alone. */
  readonly standing?: Standing | undefined;
  /** How old a chain may be to be gone by without another look; left out, it is looked for. */
  readonly chainAgeMs?: number;
}

/** How old a look at the log may be that is not taken again for one more question. */
const LOG_AGE_MS = 60_000;

/**
 * Every way that an identity has into a vault, by the newest chain.
 *
 * She owns the vault that she knows to be hers, whatever others the cloud lists.
 *
 * All grants that answer one request are one way: a question is asked once under all of them, whatever
 * the number of sources. Ways that another one covers wholly are left out.
 *
 * Fails:   `unknown-grant` when there is no way; `unreadable`; as `fetchChain` and `LogWatch.check`.
 * Cost:    a request for the chain and one for the log, and a decapsulation for each new grant.
 */
export async function openAccesses(
  options: AccessOptions,
  vault: VaultHandle,
  asGrantee: Caller["grant"],
): Promise<Result<readonly Access[], ClientError>> {
  const { cloud, identity, store, chains, standing } = options;
  const pins = await Pins.of(store, vault);
  if (!pins.ok) return pins;
  const from = { cloud, caller: identity.caller(asGrantee), pins: pins.value, chains };
  const watch = await LogWatch.of(store, cloud);
  if (!watch.ok) return watch;
  const looking = watch.value.check(LOG_AGE_MS);
  const read = await fetchChain(from, vault, options.chainAgeMs ?? 0);
  const looked = await looking;
  if (!read.ok) return read;
  if (!looked.ok) return looked;
  const chain = read.value.state;
  const policy = policyOf(chain.policyVersion, chain.policy);
  if (!policy.ok) return policy;
  const opened = OpenedBefore.of(identity);
  const common = { vault, chain, policy: policy.value, pins: pins.value, opened, standing };
  if (identity.owns(chain)) {
    const keys = ownerRing(identity, chain);
    const sources = [...chain.sources.values()].map(({ source }) => source);
    return ok([{ ...common, caller: identity.caller(), keys, sources, owner: true }]);
  }
  const accesses: Access[] = [];
  for (const { under, grants, allowed } of usefulWays(chain, identity, Date.now())) {
    const keyrings: Keyring[] = [];
    for (const grant of grants) {
      const keys = await grantedRing(chain, grant, identity);
      if (!keys.ok) return keys;
      keyrings.push(keys.value);
    }
    const caller = callerUnder(options, chain, under, watch.value);
    const { sources } = allowed;
    accesses.push({ ...common, caller, keys: mergedKeyring(keyrings), sources, owner: false });
  }
  return accesses.length > 0 ? ok(accesses) : fail({ kind: "unknown-grant" });
}

/** Who asks under grants, and says to the patient what it is for. */
function callerUnder(
  { identity, deed, who }: AccessOptions,
  { vault, trail }: ChainState,
  grant: Way["under"],
  watch: LogWatch,
): Caller {
  const caller = identity.caller(grant);
  if (trail === undefined) return caller;
  return { ...caller, trail: trailSealer(trail, { vault, grant }, deed, who, () => watch.newest) };
}

/** Grants under which one request can be made. */
interface Way {
  /** The handle of the request that they answer, or of the one that answers none. */
  readonly under: NonNullable<Caller["grant"]>;
  readonly grants: readonly GrantState[];
  readonly allowed: Allowed;
}

/** What is in force for this identity, the widest first, without what is inside another. */
function usefulWays(chain: ChainState, identity: Identity, now: number): readonly Way[] {
  const byName = new Map<string, GrantState[]>();
  for (const grant of chain.grants.values()) {
    const { terms, status } = grant;
    const inForce = status === "live" && terms.notBefore <= now && now <= terms.expires;
    if (!inForce || !equalBytes(terms.grantee, identity.card.sign)) continue;
    const name = toHex(nameOf(grant));
    const group = byName.get(name);
    if (group === undefined) byName.set(name, [grant]);
    else group.push(grant);
  }
  const all = [...byName.values()].flatMap((grants) => {
    const [first] = grants;
    return first === undefined
      ? []
      : [{ under: nameOf(first), grants, allowed: allowedBy(grants) }];
  });
  const useful: Way[] = [];
  for (const way of all.sort((a, b) => sizeOf(b) - sizeOf(a))) {
    if (!useful.some((wider) => covers(wider, way))) useful.push(way);
  }
  return useful;
}

function nameOf({ grant, terms }: GrantState): Way["under"] {
  return isAbsent(terms.request) ? grant : terms.request;
}

function sizeOf({ allowed }: Way): number {
  return allowed.cells.length + allowed.scopes.length;
}

/** Whether one way gives all that another does: its keys, for its periods of care. */
function covers({ allowed: wider, grants: widerBy }: Way, { allowed, grants }: Way): boolean {
  const held = new Set([...wider.cells, ...wider.scopes].map(toHex));
  const holds = [...allowed.cells, ...allowed.scopes].every((handle) => held.has(toHex(handle)));
  const lasts = widerBy.every(({ terms: within }) =>
    grants.every(({ terms }) => periodWithin(terms.period, within.period)),
  );
  return holds && lasts;
}
