import { assert, equalBytes, toHex } from "@salus/base";
import {
  cellHandle,
  derive,
  KemPair,
  type ReaderKeys,
  type Signer,
  type SourceCell,
  type SourceScope,
  scopeHandle,
  wrapDelivery,
} from "@salus/crypto";
import { type ChainState, named, type SourceState } from "@salus/evaluate";
import { type Category, type Policy, rangeKind } from "@salus/health";
import {
  Absent,
  type CellHandle,
  isAbsent,
  type ScopeHandle,
  type SourceHandle,
  type Suite,
} from "@salus/protocol";
import type { OwnedCell, OwnedScope, OwnerKeys } from "../vault/owner-keys.ts";
import { LinkDraft } from "./link-draft.ts";

/** The root of the scope tree, where a scope would name an organisation. */
const ROOT = Absent.of(new Uint8Array(0));

/** What a change is built on. */
export interface DraftOptions {
  readonly chain: ChainState;
  readonly keys: OwnerKeys;
  readonly policy: Policy;
  readonly signer: Signer;
  /** The suite of the cells' keys. */
  readonly suite: Suite;
  readonly time: number;
}

interface Pending {
  readonly cells: Map<string, SourceCell>;
  readonly scopes: Map<string, SourceScope>;
  withNode: boolean;
}

/**
 * A change of a vault: links on top of a chain, and the keys that they owe to sources.
 *
 * Cells and scopes are looked up as they will be after the links so far.
 */
export class VaultDraft {
  readonly chain: ChainState;
  readonly keys: OwnerKeys;
  readonly links: LinkDraft;
  readonly time: number;
  readonly #suite: Suite;
  readonly #policy: Policy;
  readonly #cells: Map<string, OwnedCell>;
  readonly #scopes: Map<string, OwnedScope>;
  readonly #sources: Map<string, SourceState>;
  readonly #pending = new Map<string, Pending>();

  constructor({ chain, keys, policy, signer, suite, time }: DraftOptions) {
    this.chain = chain;
    this.keys = keys;
    this.links = new LinkDraft(signer, chain.head, time);
    this.time = time;
    this.#suite = suite;
    this.#policy = policy;
    this.#cells = new Map(keys.cells(chain).map((cell) => [toHex(cell.cell), cell]));
    this.#scopes = new Map(keys.scopes(chain).map((scope) => [toHex(scope.scope), scope]));
    this.#sources = new Map(chain.sources);
    this.#keepTrail();
  }

  /** Name the key that grantees tell the patient under what they do, if it is not named. */
  #keepTrail(): void {
    const pair = this.keys.trail().at(-1);
    const named = this.chain.trail;
    if (pair === undefined || (named !== undefined && equalBytes(named.kem, pair.kem))) return;
    this.links.add("chain/trail", pair.public);
  }

  cells(): readonly OwnedCell[] {
    return [...this.#cells.values()];
  }

  scopes(): readonly OwnedScope[] {
    return [...this.#scopes.values()];
  }

  liveSources(): readonly SourceState[] {
    return [...this.#sources.values()].filter((source) => source.status === "live");
  }

  source(handle: SourceHandle): SourceState | undefined {
    return named(this.#sources, handle);
  }

  addSource(source: SourceState): void {
    const { source: handle, key, suite, kem } = source;
    this.links.add("chain/roster", { op: "add", source: handle, key, suite, kem });
    this.#sources.set(toHex(handle), source);
    this.#owedTo(handle).withNode = true;
  }

  endSource(source: SourceState): void {
    const { source: handle, key, suite, kem } = source;
    this.links.add("chain/roster", { op: "end", source: handle, key, suite, kem });
    this.#sources.set(toHex(handle), { ...source, status: "ended" });
  }

  /** Make sure that a source can write a category: into its own scopes, and the root's. */
  openCategory(source: SourceHandle, category: Category): void {
    // A category without ordered entries has no use for scopes.
    const ordered = rangeKind(this.#policy, category) === "ordered";
    if (ordered && this.chain.merge === "sources") this.#openScope(undefined, category);
    if (ordered) this.#openScope(source, category);
    this.#openCell(source, category);
  }

  /** Let nothing more be accepted under what is live of these. */
  markClosed(cells: readonly CellHandle[], scopes: readonly ScopeHandle[]): void {
    for (const handle of cells) {
      const cell = named(this.#cells, handle);
      if (cell !== undefined) this.#cells.set(toHex(handle), { ...cell, status: "closed" });
    }
    for (const handle of scopes) {
      const scope = named(this.#scopes, handle);
      if (scope !== undefined) this.#scopes.set(toHex(handle), { ...scope, status: "closed" });
    }
  }

  /** Open what takes the place of a closed scope, unless its organisation has ended. */
  succeedScope(scope: OwnedScope): void {
    const source = isAbsent(scope.node) ? undefined : scope.node;
    if (source !== undefined && this.source(source)?.status !== "live") return;
    this.#openScope(source, scope.category);
  }

  /** Open what takes the place of a closed cell, unless its source has ended. */
  succeedCell(cell: OwnedCell): void {
    if (this.source(cell.source)?.status === "live") this.#openCell(cell.source, cell.category);
  }

  /** What a grantee gets for these cells and scopes. */
  readerKeys(cells: readonly OwnedCell[], scopes: readonly OwnedScope[]): ReaderKeys {
    return {
      cells: cells.map(({ cell, source, category, generation, root }) => {
        const key = this.keys.cell(source, category, generation, root);
        const seed = derive(key, "cell-kem-seed");
        return { cell, source, category, generation, seed, index: derive(key, "cell-index") };
      }),
      scopes: scopes.map(({ scope, node, category, version }) => {
        const key = this.keys.scope(isAbsent(node) ? undefined : node, category, version);
        return { scope, node, category, version, key };
      }),
    };
  }

  /** Add the links that carry new keys to the sources that write with them. */
  async deliver(): Promise<void> {
    for (const source of this.liveSources()) {
      const pending = this.#pending.get(toHex(source.source));
      if (pending === undefined) continue;
      const { vault } = this.chain;
      const place = { vault, to: source.source, seq: this.links.seq };
      const wrap = await wrapDelivery(source, place, {
        node: pending.withNode ? this.keys.node(source.source) : undefined,
        cells: [...pending.cells.values()],
        scopes: [...pending.scopes.values()],
      });
      this.links.add("chain/keys", { to: source.source, wrap });
    }
    this.#pending.clear();
  }

  #openCell(source: SourceHandle, category: Category): void {
    const known = this.cells().filter((cell) => equalBytes(cell.source, source));
    const last = newest(known, category, (cell) => cell.generation);
    if (last?.status === "live") return;
    const generation = (last?.generation ?? 0) + 1;
    const key = this.keys.cell(source, category, generation);
    const cell = cellHandle(key);
    const kem = new KemPair(derive(key, "cell-kem-seed"), this.#suite).public;
    const replaces = last === undefined ? [] : [last.cell];
    this.links.add("chain/cell", { cell, source, generation, ...kem, replaces });
    this.#cells.set(toHex(cell), {
      ...kem,
      cell,
      source,
      category,
      root: this.keys.newest,
      generation,
      replaces: last?.cell,
      successor: undefined,
      status: "live",
    });
    const index = derive(key, "cell-index");
    this.#owedTo(source).cells.set(toHex(cell), { cell, category, generation, index });
    for (const scope of this.scopes()) {
      const own = isAbsent(scope.node) && scope.category === category && scope.status === "live";
      if (own) this.#oweScope(source, scope);
    }
  }

  #openScope(source: SourceHandle | undefined, category: Category): void {
    const node = source ?? ROOT;
    const known = this.scopes().filter((scope) => equalBytes(scope.node, node));
    const last = newest(known, category, (scope) => scope.version);
    if (last?.status === "live") return;
    const version = (last?.version ?? 0) + 1;
    const scope = scopeHandle(this.keys.scope(source, category, version));
    const replaces = last === undefined ? [] : [last.scope];
    this.links.add("chain/scope", { scope, node, version, replaces });
    const opened: OwnedScope = {
      scope,
      node,
      category,
      version,
      replaces: last?.scope,
      successor: undefined,
      status: "live",
    };
    this.#scopes.set(toHex(scope), opened);
    if (source !== undefined) this.#oweScope(source, opened);
    else this.#oweRootScope(opened);
  }

  /** Every source that writes the category writes into the root's scope of it. */
  #oweRootScope(scope: OwnedScope): void {
    for (const cell of this.cells()) {
      const writes = cell.category === scope.category && cell.status === "live";
      if (writes) this.#oweScope(cell.source, scope);
    }
  }

  #oweScope(source: SourceHandle, owned: OwnedScope): void {
    const { scope, category, version } = owned;
    const isRoot = isAbsent(owned.node);
    const rootKey = isRoot ? this.keys.scope(undefined, category, version) : undefined;
    this.#owedTo(source).scopes.set(toHex(scope), { scope, category, version, rootKey });
  }

  #owedTo(source: SourceHandle): Pending {
    const name = toHex(source);
    const known = this.#pending.get(name);
    if (known !== undefined) return known;
    const pending = { cells: new Map(), scopes: new Map(), withNode: false };
    this.#pending.set(name, pending);
    return pending;
  }
}

function newest<T extends { readonly category: Category }>(
  all: readonly T[],
  category: Category,
  countOf: (item: T) => number,
): T | undefined {
  let best: T | undefined;
  for (const item of all) {
    if (item.category !== category) continue;
    if (best === undefined || countOf(item) > countOf(best)) best = item;
  }
  assert(best === undefined || countOf(best) >= 1, "generations and versions count from 1");
  return best;
}
