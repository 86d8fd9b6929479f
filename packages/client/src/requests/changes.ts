import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { drawGrant, encodeTerms } from "@salus/crypto";
import type { ChainState, GrantState } from "@salus/evaluate";
import type { Category } from "@salus/health";
import { type GrantTerms, isAbsent, type RequestHandle, type SourceHandle } from "@salus/protocol";
import { addTerms, endGrants, NOTHING, succeed } from "../patient/rotation.ts";
import type { VaultDraft } from "../patient/vault-draft.ts";
import { periodWithin } from "../period.ts";
import type { OwnedCell, OwnedScope } from "../vault/owner-keys.ts";
import { thingsOf } from "./approval.ts";
import type { DecisionError } from "./failure.ts";

/** What remains of an access. What is left out stays as it is. */
export interface Narrowing {
  readonly sources?: readonly SourceHandle[];
  readonly categories?: readonly Category[];
  readonly period?: readonly [start: number, end: number];
  readonly expires?: number;
}

type Changed = Promise<Result<void, DecisionError>>;

/** The grants that answer a request and were not revoked. Fails: `unknown-grant`. */
export function liveGrants(
  chain: ChainState,
  request: RequestHandle,
): Result<readonly GrantState[], DecisionError> {
  const live = [...chain.grants.values()].filter(
    ({ status, terms }) => status === "live" && equalBytes(terms.request, request),
  );
  return live.length > 0 ? ok(live) : fail({ kind: "unknown-grant" });
}

/**
 * Let the grants of a request last longer: each is given again with a later end.
 *
 * Fails:   `unknown-grant`; `wider-than-asked`: the end is not later than all of theirs.
 * Source:  spec/requests.md §2.
 */
export async function extendGrants(
  draft: VaultDraft,
  request: RequestHandle,
  expires: number,
): Changed {
  const live = liveGrants(draft.chain, request);
  if (!live.ok) return live;
  if (live.value.some(({ terms }) => terms.expires >= expires)) {
    return fail({ kind: "wider-than-asked" });
  }
  for (const old of live.value) {
    await addReplacement(draft, { ...old.terms, expires });
    draft.links.add("chain/revoke", { grant: old.grant, closes: NOTHING }, true);
  }
  return ok(undefined);
}

/**
 * Give the grants of a request again with less in them, and close what is dropped.
 *
 * The scopes of the root go when a source does: whoever holds their keys finds what is in all.
 *
 * Fails:   `unknown-grant`; `wider-than-asked`.
 * Source:  spec/requests.md §2.
 */
export async function narrowGrants(
  draft: VaultDraft,
  request: RequestHandle,
  choice: Narrowing,
): Changed {
  const live = liveGrants(draft.chain, request);
  if (!live.ok) return live;
  const dropped: { cells: OwnedCell[]; scopes: OwnedScope[] } = { cells: [], scopes: [] };
  for (const { grant, terms } of live.value) {
    const { expires = terms.expires, period = terms.period } = choice;
    if (expires > terms.expires || !periodWithin(period, terms.period)) {
      return fail({ kind: "wider-than-asked" });
    }
    const kept = keptOf(draft, terms, choice);
    const gone = goneOf(draft, terms, kept);
    const closes = {
      cells: gone.cells.map(({ cell }) => cell),
      scopes: gone.scopes.map(({ scope }) => scope),
    };
    const some = kept.cells.length + kept.scopes.length > 0;
    if (some) {
      const handles = {
        cells: kept.cells.map(({ cell }) => cell),
        scopes: kept.scopes.map(({ scope }) => scope),
      };
      await addReplacement(draft, { ...terms, ...handles, sources: kept.sources, expires, period });
    }
    draft.links.add("chain/revoke", { grant, closes }, some);
    draft.markClosed(closes.cells, closes.scopes);
    dropped.cells.push(...gone.cells);
    dropped.scopes.push(...gone.scopes);
  }
  await succeed(draft, { ...dropped, grants: live.value.map(({ grant }) => grant) });
  return ok(undefined);
}

/** End all grants of a request, and close what they covered. Fails: `unknown-grant`. */
export async function revokeGrants(draft: VaultDraft, request: RequestHandle): Changed {
  const live = liveGrants(draft.chain, request);
  if (!live.ok) return live;
  await endGrants(draft, live.value);
  return ok(undefined);
}

/**
 * End, at once, all accesses that somebody has a part in: one after the other, those that come later
 * would be given again with the new keys.
 *
 * Takes:   `isHers`, by who a grant is for, and since when.
 */
export async function endAccesses(
  draft: VaultDraft,
  isHers: (terms: GrantTerms) => boolean,
): Promise<Result<void, never>> {
  const live = [...draft.chain.grants.values()].filter(({ status }) => status === "live");
  const hers = live.filter(({ terms }) => isHers(terms));
  const names = new Set(hers.map((grant) => toHex(accessName(grant))));
  const ended = live.filter((grant) => names.has(toHex(accessName(grant))));
  if (ended.length > 0) await endGrants(draft, ended);
  return ok(undefined);
}

function accessName({ grant, terms }: GrantState): Uint8Array {
  return isAbsent(terms.request) ? grant : terms.request;
}

async function addReplacement(draft: VaultDraft, terms: GrantTerms): Promise<void> {
  const things = thingsOf(draft, terms);
  await addTerms(draft, { grant: drawGrant(), terms: encodeTerms(terms) }, terms, things);
}

interface Kept {
  readonly sources: readonly SourceHandle[];
  readonly cells: readonly OwnedCell[];
  readonly scopes: readonly OwnedScope[];
}

function keptOf(draft: VaultDraft, terms: GrantTerms, choice: Narrowing): Kept {
  const stays = (source: SourceHandle): boolean =>
    choice.sources?.some((one) => equalBytes(one, source)) ?? true;
  const fits = ({ category }: { readonly category: Category }): boolean =>
    choice.categories?.includes(category) ?? true;
  const { cells, scopes } = thingsOf(draft, terms);
  const allStay = terms.sources.every(stays);
  return {
    sources: terms.sources.filter(stays),
    cells: cells.filter((cell) => stays(cell.source) && fits(cell)),
    scopes: scopes.filter(
      (scope) => (isAbsent(scope.node) ? allStay : stays(scope.node)) && fits(scope),
    ),
  };
}

/** What terms named and is not kept, as far as it is open. */
function goneOf(draft: VaultDraft, terms: GrantTerms, kept: Kept): Omit<Kept, "sources"> {
  const { cells, scopes } = thingsOf(draft, terms);
  return {
    cells: cells.filter((cell) => cell.status === "live" && !kept.cells.includes(cell)),
    scopes: scopes.filter((scope) => scope.status === "live" && !kept.scopes.includes(scope)),
  };
}
