import { assert, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  derive,
  type KemPair,
  type Key,
  openDelivery,
  type SourceScope,
  scopeHandle,
} from "@salus/crypto";
import type { CellState, ChainState, SourceState } from "@salus/evaluate";
import type { Category } from "@salus/health";
import { isAbsent, type ScopeHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";

/** Where a source writes what is of one category: a cell, and the scopes of its organisation's path. */
export interface Place {
  readonly category: Category;
  readonly cell: CellState;
  /** The cell's handle, as hexadecimal. */
  readonly name: string;
  readonly index: Key<"cell-index">;
  /** The organisation's version of the category, which those below it share; none without scopes. */
  readonly version: number | undefined;
  /** The organisation's scope, and the root's where the sources fill it; none where all is sealed. */
  readonly scopes: readonly WritableScope[];
}

/** A scope that terms can be entered in. */
export interface WritableScope {
  readonly scope: ScopeHandle;
  /** The handle, as hexadecimal. */
  readonly name: string;
  readonly key: Key<"scope-index">;
}

/** What a source was given for one vault, as far as it is live. */
export interface SourceKeys {
  readonly node: Key<"scope-node">;
  readonly records: Key<"record-handle">;
  readonly places: ReadonlyMap<Category, Place>;
  /** What every cell that was delivered is of, closed ones too, by the handle as hexadecimal. */
  readonly categories: ReadonlyMap<string, Category>;
}

/**
 * Open the deliveries of a chain to a source, and sort them into places.
 *
 * Keys are taken only from the patient's signed chain. A scope's handle is derived from its key, so
 * that a key which does not belong to the handle beside it is found here.
 *
 * Fails:   `unreadable`: a delivery that was not made for this source, or fits no scope.
 *          `no-cell`, without a category, when nothing at all was delivered.
 * Cost:    one decapsulation for each delivery.
 */
export async function openSourceKeys(
  chain: ChainState,
  source: SourceState,
  kem: KemPair,
): Promise<Result<SourceKeys, ClientError>> {
  const delivered = chain.deliveries.filter(({ to }) => equalBytes(to, source.source));
  let node: Key<"scope-node"> | undefined;
  const cells = new Map<string, { readonly category: string; readonly index: Key<"cell-index"> }>();
  const scopes = new Map<string, SourceScope>();
  for (const { seq, to, wrap } of delivered) {
    const keys = await openDelivery(kem, { vault: chain.vault, to, seq }, wrap);
    if (!keys.ok) return keys;
    node = keys.value.node ?? node;
    for (const { cell, category, index } of keys.value.cells) {
      cells.set(toHex(cell), { category, index });
    }
    for (const scope of keys.value.scopes) scopes.set(toHex(scope.scope), scope);
  }
  if (node === undefined) return fail({ kind: "unreadable" });
  const places = new Map<Category, Place>();
  for (const cell of chain.cells.values()) {
    if (cell.status !== "live" || !equalBytes(cell.source, source.source)) continue;
    const held = cells.get(toHex(cell.cell));
    if (held === undefined) continue;
    const place = placeOf(chain, node, cell, held, [...scopes.values()]);
    if (place === undefined) return fail({ kind: "unreadable" });
    places.set(place.category, place);
  }
  const categories = new Map([...cells].map(([name, held]) => [name, held.category as Category]));
  return ok({ node, records: derive(node, "record-handle"), places, categories });
}

function placeOf(
  chain: ChainState,
  node: Key<"scope-node">,
  cell: CellState,
  held: { readonly category: string; readonly index: Key<"cell-index"> },
  delivered: readonly SourceScope[],
): Place | undefined {
  const live = delivered.filter(
    ({ scope, category }) =>
      category === held.category && chain.scopes.get(toHex(scope))?.status === "live",
  );
  const scopes: WritableScope[] = [];
  let version: number | undefined;
  for (const { scope, category, version: of, rootKey } of live) {
    const state = chain.scopes.get(toHex(scope));
    if (state === undefined || isAbsent(state.node) !== (rootKey !== undefined)) return undefined;
    const key = rootKey ?? derive(node, "scope-index", category, of);
    if (!equalBytes(scopeHandle(key), scope)) return undefined;
    if (rootKey === undefined) version = of;
    scopes.push({ scope, name: toHex(scope), key });
  }
  const { category, index } = held;
  const name = toHex(cell.cell);
  return { category: category as Category, cell, name, index, version, scopes };
}

/** A scope below the organisation's: of a department, or of a physician in it. */
export function scopeBelow(keys: SourceKeys, place: Place, path: readonly string[]): WritableScope {
  let node = keys.node;
  for (const child of path) node = derive(node, "scope-node", child);
  assert(place.version !== undefined, "terms are made only where there are scopes");
  const key = derive(node, "scope-index", place.category, place.version);
  const scope = scopeHandle(key);
  return { scope, name: toHex(scope), key };
}
