import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { derive, KemPair, type Key, openGrant, scopeHandle } from "@salus/crypto";
import type { ChainState, GrantState } from "@salus/evaluate";
import { CATEGORIES, type Category, type Period } from "@salus/health";
import { type CellHandle, isAbsent, type ScopeHandle, type SourceHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { OwnerKeys } from "../vault/owner-keys.ts";

/** What a reader holds a cell as. */
interface Holding {
  readonly cell: CellHandle;
  readonly source: SourceHandle;
  readonly category: Category;
  readonly index: Key<"cell-index">;
  /** Left out: all. */
  readonly periods?: readonly Period[];
}

const ANY: readonly Period[] = [[]];

/** A cell that a reader opens the records of, and searches. */
export class HeldCell implements Holding {
  readonly cell: CellHandle;
  readonly source: SourceHandle;
  readonly category: Category;
  readonly index: Key<"cell-index">;
  /** The periods of care whose records it is held for: the key opens them all, the reader gives these. */
  readonly periods: readonly Period[];
  readonly #pair: () => KemPair;
  #kem: KemPair | undefined;

  constructor({ periods = ANY, ...of }: Holding, pair: () => KemPair) {
    this.cell = of.cell;
    this.source = of.source;
    this.category = of.category;
    this.index = of.index;
    this.periods = periods;
    this.#pair = pair;
  }

  /** What the cell's batch keys are unwrapped with: made when it is first needed. */
  get kem(): KemPair {
    this.#kem ??= this.#pair();
    return this.#kem;
  }
}

/** A scope that a reader searches. */
export interface HeldScope {
  readonly scope: ScopeHandle;
  /** The organisation at whose node it is; none for the root. */
  readonly source: SourceHandle | undefined;
  readonly category: Category;
  readonly version: number;
  readonly key: Key<"scope-index">;
}

/** All that a reader holds of one vault. */
export interface Keyring {
  readonly cells: readonly HeldCell[];
  readonly scopes: readonly HeldScope[];
  /** Of the owner alone: the scope key of a node below an organisation. */
  readonly below?: (
    source: SourceHandle,
    path: readonly string[],
    category: Category,
    version: number,
  ) => Key<"scope-index">;
}

/** What the owner derives for everything in her chain. */
export function ownerKeyring(chain: ChainState, keys: OwnerKeys): Keyring {
  const cells = keys.cells(chain).map(({ cell, source, category, generation, suite, root }) => {
    const key = keys.cell(source, category, generation, root);
    const held = { cell, source, category, index: derive(key, "cell-index") };
    return new HeldCell(held, () => new KemPair(derive(key, "cell-kem-seed"), suite));
  });
  const scopes = keys.scopes(chain).map(({ scope, node, category, version }) => {
    const source = isAbsent(node) ? undefined : node;
    return { scope, source, category, version, key: keys.scope(source, category, version) };
  });
  return {
    cells,
    scopes,
    below: (source, path, category, version) =>
      derive(keys.node(source, path), "scope-index", category, version),
  };
}

/**
 * What a grant gives, once its wrap is opened.
 *
 * Keys that do not belong to what the terms or the chain say beside them are refused: they would find
 * nothing, and nobody would know why.
 *
 * Fails:   `unreadable`.
 */
export async function grantedKeyring(
  chain: ChainState,
  grant: GrantState,
  identity: Identity,
): Promise<Result<Keyring, ClientError>> {
  const place = { vault: chain.vault, grant: grant.grant, terms: grant.termsBytes };
  const opened = await openGrant(identity.kem, place, grant.wrap);
  if (!opened.ok) return opened;
  const cells: HeldCell[] = [];
  for (const { cell, source, category, generation, seed, index } of opened.value.cells) {
    const state = chain.cells.get(toHex(cell));
    const fits =
      state !== undefined && equalBytes(state.source, source) && state.generation === generation;
    if (!fits || !isCategory(category)) return fail({ kind: "unreadable" });
    const { suite } = state;
    const held = { cell, source, category, index, periods: [grant.terms.period] };
    cells.push(new HeldCell(held, () => new KemPair(seed, suite)));
  }
  const scopes: HeldScope[] = [];
  for (const { scope, node, category, version, key } of opened.value.scopes) {
    const state = chain.scopes.get(toHex(scope));
    const fits =
      state !== undefined &&
      equalBytes(state.node, node) &&
      state.version === version &&
      equalBytes(scopeHandle(key), scope);
    if (!fits || !isCategory(category)) return fail({ kind: "unreadable" });
    const source = isAbsent(node) ? undefined : node;
    scopes.push({ scope, source, category, version, key });
  }
  return ok({ cells, scopes });
}

/** What several grants give together. */
export function mergedKeyring(keyrings: readonly Keyring[]): Keyring {
  const cells = new Map<string, HeldCell>();
  for (const held of keyrings.flatMap((keys) => keys.cells)) {
    const name = toHex(held.cell);
    const periods = [...(cells.get(name)?.periods ?? []), ...held.periods];
    cells.set(name, new HeldCell({ ...held, periods }, () => held.kem));
  }
  const scopes = keyrings
    .flatMap((keys) => keys.scopes)
    .map((held) => [toHex(held.scope), held] as const);
  return { cells: [...cells.values()], scopes: [...new Map(scopes).values()] };
}

function isCategory(text: string): text is Category {
  return (CATEGORIES as readonly string[]).includes(text);
}
