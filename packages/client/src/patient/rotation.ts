import { equalBytes, toHex } from "@salus/base";
import { drawGrant, encodeTerms, wrapGrant } from "@salus/crypto";
import type { GrantState } from "@salus/evaluate";
import type { CellHandle, GrantHandle, GrantTerms, ScopeHandle } from "@salus/protocol";
import type { OwnedCell, OwnedScope } from "../vault/owner-keys.ts";
import type { VaultDraft } from "./vault-draft.ts";

/** What is to be closed, and the grant that ends by it, if it is for one. */
export interface Rotation {
  readonly cells: readonly OwnedCell[];
  readonly scopes: readonly OwnedScope[];
  readonly grant?: GrantHandle;
}

const NOTHING = { cells: [], scopes: [] };

/**
 * Close cells and scopes, open their successors, and give the new keys to the sources that write and
 * to the readers who stay: in this order, so that nothing is accepted in between under closed keys.
 *
 * A reader who stays gets one new grant in place of the old one, which covers what the old one did
 * and the successors, so that a question still takes one request.
 */
export async function rotate(draft: VaultDraft, rotation: Rotation): Promise<void> {
  const cells = rotation.cells.filter((cell) => cell.status === "live");
  const scopes = rotation.scopes.filter((scope) => scope.status === "live");
  const closes = { cells: cells.map(({ cell }) => cell), scopes: scopes.map(({ scope }) => scope) };
  if (rotation.grant !== undefined)
    draft.links.add("chain/revoke", { grant: rotation.grant, closes });
  else if (cells.length + scopes.length > 0) draft.links.add("chain/generation", { closes });
  draft.markClosed(closes.cells, closes.scopes);
  for (const scope of scopes) draft.succeedScope(scope);
  for (const cell of cells) draft.succeedCell(cell);
  await draft.deliver();
  for (const grant of staying(draft, closes, rotation.grant)) await grantAgain(draft, grant);
}

/** Live grants of others that cover something which was closed. */
function staying(
  draft: VaultDraft,
  closes: { readonly cells: readonly CellHandle[]; readonly scopes: readonly ScopeHandle[] },
  ended: GrantHandle | undefined,
): readonly GrantState[] {
  const closed = new Set([...closes.cells, ...closes.scopes].map(toHex));
  return [...draft.chain.grants.values()].filter(({ grant, status, terms }) => {
    if (status !== "live" || terms.expires < draft.time) return false;
    if (ended !== undefined && equalBytes(grant, ended)) return false;
    return [...terms.cells, ...terms.scopes].some((handle) => closed.has(toHex(handle)));
  });
}

async function grantAgain(draft: VaultDraft, { grant, terms }: GrantState): Promise<void> {
  const cells = withSuccessors(draft.cells(), terms.cells, (cell) => cell.cell);
  const scopes = withSuccessors(draft.scopes(), terms.scopes, (scope) => scope.scope);
  await addGrant(draft, terms, cells, scopes);
  draft.links.add("chain/revoke", { grant, closes: NOTHING });
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
  const place = { vault: draft.chain.vault, grant, terms: bytes };
  const wrap = await wrapGrant(terms, place, draft.readerKeys(cells, scopes));
  draft.links.add("chain/grant", { grant, terms: bytes, wrap });
  return grant;
}
