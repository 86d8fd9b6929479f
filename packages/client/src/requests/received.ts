import { type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { type ChainState, digest, type GrantState, named } from "@salus/evaluate";
import { CATEGORIES, type Category } from "@salus/health";
import type { AccessRequest, VaultHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { Identity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import type { Period } from "../period.ts";
import { grantedKeyring } from "../reader/keyring.ts";
import type { Registry } from "../registry/registry.ts";
import { type ChainCache, fetchChain } from "../vault/chain.ts";
import { Pins } from "../vault/pins.ts";
import { checkAsked } from "./asked.ts";
import type { AnswerError } from "./failure.ts";
import type { CoveredSource } from "./read-terms.ts";
import { shownText } from "./shown-text.ts";

/** What a practitioner was given. */
export interface ReceivedAccess {
  readonly vault: VaultHandle;
  readonly status: "live" | "expired" | "revoked";
  readonly sources: readonly CoveredSource[];
  readonly period: Period;
  readonly expires: number;
  readonly leftMs: number;
}

/** With what an access is read. */
export interface AccessReader {
  readonly cloud: Cloud;
  readonly chains: ChainCache;
  readonly identity: Identity;
  readonly registry: Registry;
  readonly store: KeyStore;
  readonly now: number;
}

/**
 * What the grants of a request let this device read, by the patient's own chain.
 *
 * Fails:   `request-mismatch`: her chain approved another request under this name.
 *          `wider-than-asked`: more than was asked is not used. As `fetchChain`.
 * Source:  spec/requests.md §2.
 */
export async function readAccess(
  { cloud, chains, identity, registry, store, now }: AccessReader,
  vault: VaultHandle,
  request: AccessRequest,
  signed: Bytes,
): Promise<Result<ReceivedAccess, AnswerError>> {
  const over = (status: "expired" | "revoked"): Result<ReceivedAccess, never> =>
    ok({ vault, status, sources: [], period: request.period, expires: request.expires, leftMs: 0 });
  const pins = await Pins.of(store, vault);
  if (!pins.ok) return pins;
  const caller = identity.caller(request.request);
  const chain = await fetchChain({ cloud, caller, pins: pins.value, chains }, vault);
  if (!chain.ok) {
    const problem = chain.error.kind === "refused" ? chain.error.problem : undefined;
    if (problem === "grant-revoked") return over("revoked");
    return problem === "grant-expired" ? over("expired") : chain;
  }
  const { state } = chain.value;
  const approval = named(state.approvals, request.request);
  if (approval === undefined || !equalBytes(approval.digest, digest(signed))) {
    return fail({ kind: "request-mismatch" });
  }
  const mine = [...state.grants.values()].filter(
    ({ terms }) =>
      equalBytes(terms.request, request.request) && equalBytes(terms.grantee, identity.card.sign),
  );
  const live = mine.filter(({ status }) => status === "live");
  const inForce = live.filter(({ terms }) => terms.notBefore <= now && now <= terms.expires);
  const [first] = inForce;
  if (first === undefined) return over(live.length === 0 ? "revoked" : "expired");
  const sources = await coveredBy(state, inForce, identity, registry);
  if (!sources.ok) return sources;
  const terms = inForce.map((grant) => grant.terms);
  const expires = Math.max(...terms.map((one) => one.expires));
  // The patient may let it last longer than was asked: what it covers stays within.
  const extended = { ...request, expires: Math.max(request.expires, expires) };
  const devices = [identity.card];
  const asked = checkAsked({ request: extended, devices }, terms, sources.value);
  if (!asked.ok) return asked;
  const { period } = first.terms;
  const shown = { sources: sources.value, period, expires, leftMs: expires - now };
  return ok({ vault, status: "live", ...shown });
}

/** The sources and categories whose keys are in the grants: what was really given. */
async function coveredBy(
  chain: ChainState,
  grants: readonly GrantState[],
  identity: Identity,
  registry: Registry,
): Promise<Result<readonly CoveredSource[], AnswerError>> {
  const bySource = new Map<string, Set<Category>>();
  for (const grant of grants) {
    const keys = await grantedKeyring(chain, grant, identity);
    if (!keys.ok) return keys;
    for (const { source, category } of keys.value.cells) {
      const name = toHex(source);
      bySource.set(name, (bySource.get(name) ?? new Set()).add(category));
    }
  }
  const covered: CoveredSource[] = [];
  for (const { source, key } of chain.sources.values()) {
    const held = bySource.get(toHex(source));
    if (held === undefined) continue;
    const provider = registry.byKey(key);
    const name = provider && shownText(provider.name, 128);
    const categories = CATEGORIES.filter((category) => held.has(category));
    covered.push({ source, name, node: provider?.node, categories });
  }
  return ok(covered);
}
