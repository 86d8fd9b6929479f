import { assert, equalBytes, toHex } from "@salus/base";
import {
  cellHandle,
  derive,
  type KemPair,
  type Key,
  scopeHandle,
  trailKeyPair,
} from "@salus/crypto";
import type { CellState, ChainState, ScopeState } from "@salus/evaluate";
import { CATEGORIES, type Category } from "@salus/health";
import { isAbsent, type SourceHandle } from "@salus/protocol";

/**
 * The tree generation. It stays 1: record handles are derived below it, so that a new tree would give
 * every record a second name. Revocation raises generations and versions instead; docs/decisions/0031.
 */
const TREE = 1;

/** A cell of the vault, with what the chain does not say of it. */
export interface OwnedCell extends CellState {
  readonly category: Category;
  /** Which account root it is derived from: the newest when it was introduced. */
  readonly root: number;
}

/** A scope of the vault, with what the chain does not say of it. */
export interface OwnedScope extends ScopeState {
  readonly category: Category;
}

/**
 * The keys that the owner of a vault derives, and what the opaque handles of her chain stand for.
 *
 * The scope tree is that of the oldest account root, for the reason given at `TREE`; a cell's keys are
 * those of the root that was the newest when it was introduced, so that a device which was removed
 * does not know them.
 */
export class OwnerKeys {
  /** The number of the root that new cells are derived from. */
  readonly newest: number;
  readonly #roots: readonly Key<"vault-root">[];
  readonly #node: Key<"scope-node">;
  #trail: readonly KemPair[] | undefined;
  readonly #cells = new Map<string, Pick<OwnedCell, "category" | "root">>();
  readonly #scopes = new Map<string, Category>();

  /** Takes:   account roots, oldest first, at least one. */
  constructor(accounts: readonly Key<"account-root">[]) {
    this.#roots = accounts.map((account) => derive(account, "vault-root"));
    this.newest = this.#roots.length - 1;
    this.#node = derive(this.#vaultRoot(0), "scope-node", TREE);
  }

  /** What the trail is read with: of every root, oldest first. New entries are for the last. */
  trail(): readonly KemPair[] {
    this.#trail ??= this.#roots.map(trailKeyPair);
    return this.#trail;
  }

  /** Whether these are all roots: a chain names its trail's key after the newest. */
  areNewest({ trail }: ChainState): boolean {
    if (trail === undefined) return true;
    return this.trail().some(({ kem }) => equalBytes(kem, trail.kem));
  }

  /** A cell's key, under the newest root when no other is named. */
  cell(
    source: SourceHandle,
    category: Category,
    generation: number,
    root: number = this.newest,
  ): Key<"cell"> {
    return derive(this.#vaultRoot(root), "cell", source, category, generation);
  }

  /** The node of an organisation, or of somebody below it; the root's without a source. */
  node(source?: SourceHandle, path: readonly string[] = []): Key<"scope-node"> {
    if (source === undefined) return this.#node;
    let node = derive(this.#node, "scope-node", source);
    for (const child of path) node = derive(node, "scope-node", child);
    return node;
  }

  scope(source: SourceHandle | undefined, category: Category, version: number): Key<"scope-index"> {
    return derive(this.node(source), "scope-index", category, version);
  }

  /** Every cell of a chain, by what it is for. Cells that this owner did not make are left out. */
  cells(chain: ChainState): readonly OwnedCell[] {
    return [...chain.cells.values()].flatMap((cell) => {
      const known = this.#cells.get(toHex(cell.cell)) ?? this.#recognise(cell);
      if (known === undefined) return [];
      this.#cells.set(toHex(cell.cell), known);
      return [{ ...cell, ...known }];
    });
  }

  /** Every scope of a chain, by what it is for. */
  scopes(chain: ChainState): readonly OwnedScope[] {
    return [...chain.scopes.values()].flatMap((scope) => {
      const source = isAbsent(scope.node) ? undefined : scope.node;
      const category = this.#scopes.get(toHex(scope.scope)) ?? this.#recogniseScope(scope, source);
      if (category === undefined) return [];
      this.#scopes.set(toHex(scope.scope), category);
      return [{ ...scope, category }];
    });
  }

  /** A handle does not say its category, so each is tried, under the newest root first. */
  #recognise({
    cell,
    source,
    generation,
  }: CellState): Pick<OwnedCell, "category" | "root"> | undefined {
    for (let root = this.newest; root >= 0; root -= 1) {
      const category = CATEGORIES.find((tried) =>
        equalBytes(cellHandle(this.cell(source, tried, generation, root)), cell),
      );
      if (category !== undefined) return { category, root };
    }
    return undefined;
  }

  #recogniseScope(
    { scope, version }: ScopeState,
    source: SourceHandle | undefined,
  ): Category | undefined {
    return CATEGORIES.find((tried) =>
      equalBytes(scopeHandle(this.scope(source, tried, version)), scope),
    );
  }

  #vaultRoot(at: number): Key<"vault-root"> {
    const root = this.#roots[at];
    assert(root !== undefined, "an owner has the account root that a cell is derived from");
    return root;
  }
}
