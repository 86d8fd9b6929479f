import { type Bytes, equalBytes, ok, type Result, toHex } from "@salus/base";
import { drawGrant, encodeTerms, wrapGrant } from "@salus/crypto";
import type { GrantState } from "@salus/evaluate";
import {
  type Absent,
  type CellHandle,
  type Closes,
  type GrantHandle,
  type GrantTerms,
  isAbsent,
  type KemPublic,
  LIMITS,
  type ScopeHandle,
  type SourceHandle,
} from "@salus/protocol";
import type { OwnedCell, OwnedScope } from "../vault/owner-keys.ts";
import type { VaultDraft } from "./vault-draft.ts";

/** What is to be closed, and the grants that end by it, if it is for some. */
export interface Rotation {
  readonly cells: readonly OwnedCell[];
  readonly scopes: readonly OwnedScope[];
  readonly grants?: readonly GrantHandle[];
}

export const NOTHING: Closes = { cells: [], scopes: [] };

/**
 * Close cells and scopes, open their successors, and give the new keys to the sources that write and
 * to the readers who stay: in this order, so that nothing is accepted in between under closed keys.
 *
 * A reader who stays gets one new grant in place of the old one, which covers what the old one did
 * and the successors, so that a question still takes one request.
 */
export async function rotate(draft: VaultDraft, rotation: Rotation): Promise<void> {
  const { grants: ended = [] } = rotation;
  const cells = rotation.cells.filter((cell) => cell.status === "live");
  const scopes = rotation.scopes.filter((scope) => scope.status === "live");
  const closes = { cells: cells.map(({ cell }) => cell), scopes: scopes.map(({ scope }) => scope) };
  const [first, ...others] = ended;
  if (first !== undefined) draft.links.add("chain/revoke", { grant: first, closes });
  else if (cells.length + scopes.length > 0) draft.links.add("chain/generation", { closes });
  for (const [at, grant] of others.entries()) {
    // As many at once as an append can hold: time may have ended hundreds.
    const joined = (at + 1) % LIMITS.links !== 0;
    draft.links.add("chain/revoke", { grant, closes: NOTHING }, joined);
  }
  await succeed(draft, { cells, scopes, grants: ended });
}

/**
 * Open the successors of what the links so far have closed, and give the new keys to the sources that
 * write and to the readers who stay.
 */
export async function succeed(
  draft: VaultDraft,
  { cells, scopes, grants }: Rotation,
): Promise<void> {
  const closes = { cells: cells.map(({ cell }) => cell), scopes: scopes.map(({ scope }) => scope) };
  draft.markClosed(closes.cells, closes.scopes);
  for (const scope of scopes) draft.succeedScope(scope);
  for (const cell of cells) draft.succeedCell(cell);
  await draft.deliver();
  for (const grant of staying(draft, closes, grants ?? [])) await grantAgain(draft, grant);
}

/** Whether time, or an interruption, has left something to be done. */
export function isUntidy(draft: VaultDraft): boolean {
  const { cells, scopes } = unfinished(draft);
  return cells.length + scopes.length + expiredGrants(draft).length > 0;
}

/**
 * End grants whose time is over, with everything that they covered; where there are none, open what
 * should have taken the place of what is closed: a change of more links than one append has may have
 * been interrupted between two of them. Until then nobody writes there, and who stays is not given what
 * comes. Where both are left to do, it takes two changes.
 */
export async function tidy(draft: VaultDraft): Promise<Result<void, never>> {
  const expired = expiredGrants(draft);
  if (expired.length > 0) await endGrants(draft, expired);
  else await succeed(draft, unfinished(draft));
  return ok(undefined);
}

/** Grants that were not revoked, and whose time is over. */
function expiredGrants({ chain, time }: VaultDraft): readonly GrantState[] {
  return [...chain.grants.values()].filter(
    ({ status, terms }) => status === "live" && terms.expires < time,
  );
}

/** What is closed, has no successor, and is of a source that writes. */
function unfinished(draft: VaultDraft): Pick<Rotation, "cells" | "scopes"> {
  const isOpen = (
    { status, successor }: OwnedCell | OwnedScope,
    source: SourceHandle | Absent,
  ): boolean => {
    const writes = isAbsent(source) || draft.source(source)?.status === "live";
    return status === "closed" && successor === undefined && writes;
  };
  return {
    cells: draft.cells().filter((cell) => isOpen(cell, cell.source)),
    scopes: draft.scopes().filter((scope) => isOpen(scope, scope.node)),
  };
}

/** End grants: close what they covered, open successors, deliver them, grant again who stays. */
export async function endGrants(
  draft: VaultDraft,
  grants: readonly Pick<GrantState, "grant" | "terms">[],
): Promise<void> {
  const covered = new Set(
    grants.flatMap(({ terms }) => [...terms.cells, ...terms.scopes]).map(toHex),
  );
  await rotate(draft, {
    cells: draft.cells().filter(({ cell }) => covered.has(toHex(cell))),
    scopes: draft.scopes().filter(({ scope }) => covered.has(toHex(scope))),
    grants: grants.map(({ grant }) => grant),
  });
}

/** Live grants of others that cover something which was closed. */
function staying(
  draft: VaultDraft,
  closes: { readonly cells: readonly CellHandle[]; readonly scopes: readonly ScopeHandle[] },
  ended: readonly GrantHandle[],
): readonly GrantState[] {
  const closed = new Set([...closes.cells, ...closes.scopes].map(toHex));
  return [...draft.chain.grants.values()].filter(({ grant, status, terms }) => {
    if (status !== "live" || terms.expires < draft.time) return false;
    if (ended.some((one) => equalBytes(one, grant))) return false;
    return [...terms.cells, ...terms.scopes].some((handle) => closed.has(toHex(handle)));
  });
}

/**
 * Give a grant anew, with the successors of what it covered. One that has grown beyond what a link can
 * hold ends instead: nothing may stand in the way of ending another.
 */
async function grantAgain(draft: VaultDraft, { grant, terms }: GrantState): Promise<void> {
  const cells = withSuccessors(draft.cells(), terms.cells, (cell) => cell.cell);
  const scopes = withSuccessors(draft.scopes(), terms.scopes, (scope) => scope.scope);
  const fits = fitsLink(cells, scopes);
  if (fits) await addGrant(draft, terms, cells, scopes);
  draft.links.add("chain/revoke", { grant, closes: NOTHING }, fits);
}

/** Of the terms and the sealed keys of a grant, for each, with the longest category; and of the rest. */
const [CELL_BYTES, SCOPE_BYTES, REST_BYTES] = [224, 160, 8192];

function fitsLink(cells: readonly OwnedCell[], scopes: readonly OwnedScope[]): boolean {
  const bytes = CELL_BYTES * cells.length + SCOPE_BYTES * scopes.length + REST_BYTES;
  return bytes <= LIMITS.grantBytes;
}

/** What a grant covers, and what has taken its place. */
function withSuccessors<T extends { readonly replaces: CellHandle | ScopeHandle | undefined }>(
  all: readonly T[],
  granted: readonly (CellHandle | ScopeHandle)[],
  handleOf: (item: T) => CellHandle | ScopeHandle,
): readonly T[] {
  const covered = new Set(granted.map(toHex));
  // A successor stands after what it replaces in the chain, so one pass follows whole successions.
  for (const item of all) {
    if (item.replaces !== undefined && covered.has(toHex(item.replaces))) {
      covered.add(toHex(handleOf(item)));
    }
  }
  return all.filter((item) => covered.has(toHex(handleOf(item))));
}

/**
 * Add a grant of these cells and scopes.
 *
 * Takes:   `terms`, of which the cells and scopes are replaced by those that are given.
 */
export async function addGrant(
  draft: VaultDraft,
  terms: GrantTerms,
  cells: readonly OwnedCell[],
  scopes: readonly OwnedScope[],
): Promise<GrantHandle> {
  const grant = drawGrant();
  const bytes = encodeTerms({
    ...terms,
    cells: cells.map(({ cell }) => cell),
    scopes: scopes.map(({ scope }) => scope),
  });
  await addTerms(draft, { grant, terms: bytes }, terms, { cells, scopes });
  return grant;
}

/** Add the grant of exactly these terms. Takes: `joined`, as `LinkDraft.add`. */
export async function addTerms(
  draft: VaultDraft,
  { grant, terms }: { readonly grant: GrantHandle; readonly terms: Bytes },
  to: KemPublic,
  { cells, scopes }: Pick<Rotation, "cells" | "scopes">,
  joined = false,
): Promise<void> {
  const place = { vault: draft.chain.vault, grant, terms };
  const wrap = await wrapGrant(to, place, draft.readerKeys(cells, scopes));
  draft.links.add("chain/grant", { grant, terms, wrap }, joined);
}
