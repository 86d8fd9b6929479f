import { toHex } from "@salus/base";
import { cellHandle, derive, type Key, scopeHandle } from "@salus/crypto";
import type { CellState, ChainState, ScopeState } from "@salus/evaluate";
import { CATEGORIES, type Category } from "@salus/health";
import { type CellHandle, isAbsent, type ScopeHandle, type SourceHandle } from "@salus/protocol";

/**
 * The tree generation. It stays 1: record handles are derived below it, so that a new tree would give
 * every record a second name. Revocation raises generations and versions instead; docs/decisions/0031.
 */
const TREE = 1;

/** A cell of the vault, with what the chain does not say of it. */
export interface OwnedCell extends CellState {
  readonly category: Category;
}

/** A scope of the vault, with what the chain does not say of it. */
export interface OwnedScope extends ScopeState {
  readonly category: Category;
}

/** The keys that the owner of a vault derives, and what the opaque handles of her chain stand for. */
export class OwnerKeys {
  readonly #root: Key<"vault-root">;
  readonly #node: Key<"scope-node">;
  readonly #categories = new Map<string, Category>();

  constructor(account: Key<"account-root">) {
    this.#root = derive(account, "vault-root");
    this.#node = derive(this.#root, "scope-node", TREE);
  }

  cell(source: SourceHandle, category: Category, generation: number): Key<"cell"> {
    return derive(this.#root, "cell", source, category, generation);
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
      const category = this.#categoryOf(cell.cell, (tried) =>
        cellHandle(this.cell(cell.source, tried, cell.generation)),
      );
      return category === undefined ? [] : [{ ...cell, category }];
    });
  }

  /** Every scope of a chain, by what it is for. */
  scopes(chain: ChainState): readonly OwnedScope[] {
    return [...chain.scopes.values()].flatMap((scope) => {
      const source = isAbsent(scope.node) ? undefined : scope.node;
      const category = this.#categoryOf(scope.scope, (tried) =>
        scopeHandle(this.scope(source, tried, scope.version)),
      );
      return category === undefined ? [] : [{ ...scope, category }];
    });
  }

  /** A handle does not say its category, so each is tried: 16 of them, once for each handle. */
  #categoryOf(
    handle: CellHandle | ScopeHandle,
    handleFor: (category: Category) => CellHandle | ScopeHandle,
  ): Category | undefined {
    const name = toHex(handle);
    const known = this.#categories.get(name);
    if (known !== undefined) return known;
    const category = CATEGORIES.find((tried) => toHex(handleFor(tried)) === name);
    if (category !== undefined) this.#categories.set(name, category);
    return category;
  }
}
