import { assert, equalBytes, toHex } from "@salus/base";
import {
  type OrderedMap,
  orderedColumn,
  type SealedColumn,
  scopeHandle,
  sealedColumn,
  tagToken,
} from "@salus/crypto";
import {
  CATEGORIES,
  type Category,
  type Clause,
  type CompiledSearch,
  type Predicate,
  type SortColumn,
  sourceClause,
} from "@salus/health";
import { LIMITS, type OrderColumn, type Probe, type SourceHandle } from "@salus/protocol";
import type { HeldCell, HeldScope, Keyring } from "./keyring.ts";

/** The part of a vault that a question is about. */
export interface Target {
  readonly keys: Keyring;
  /** Whether the root's scopes hold the entries of all sources. */
  readonly rootIsWhole: boolean;
  /** An organisation, and the nodes below it; none for everything. */
  readonly node?: TargetNode;
  /** Only records of these categories; all when left out. */
  readonly categories?: ReadonlySet<Category>;
}

export interface TargetNode {
  readonly source: SourceHandle;
  /** The organisation's own node. */
  readonly organisation: string;
  /** Nodes below the organisation. */
  readonly path: readonly string[];
  /** Scopes below the organisation's that have entries, by hexadecimal; unknown to grantees. */
  readonly introduced?: ReadonlySet<string>;
}

/** One request, ready but for its cursor, and how to read what comes back. */
export interface Plan {
  readonly clauses: readonly (readonly Probe[])[];
  readonly order: readonly OrderColumn[];
  readonly descending: boolean;
  readonly sources: readonly SourceHandle[];
  /** The maps of the columns of `order`, and what they are columns of. */
  readonly columns: readonly PlannedColumn[];
  /** Whether all candidates without a term in a column stand after the others. */
  readonly unrankedLast: boolean;
  /** Whether the candidates come in an order that can be refined to the exact one. */
  readonly sorted: boolean;
}

export interface PlannedColumn {
  readonly map: OrderedMap;
  readonly attribute: string;
}

/**
 * Turn a search into one question to one vault, whatever the number of its sources.
 *
 * An ordered predicate becomes one range at the highest node that covers what is asked: the root, an
 * organisation, a department; one for each map version that has entries. Sealed predicates and tags
 * become a probe for each cell. What cannot be asked is left to the exact filter.
 *
 * Gives:   nothing when no record that the reader can open meets the search.
 * Leaks:   to the cloud: which columns and cells are asked, where fresh points fall in their order,
 *          and what each kind of probe shows: see docs/threat-model.md.
 */
export function planSearch(search: CompiledSearch, target: Target): Plan | undefined {
  const { keys, node, categories } = target;
  const cells = keys.cells.filter(
    ({ source, category }) =>
      (node === undefined || equalBytes(source, node.source)) &&
      (categories === undefined || categories.has(category)),
  );
  const scopes = new ScopeChoice(target);
  const asked: readonly Clause[] = [...search.clauses, ...restriction(search.type, node)];
  const clauses: Probe[][] = [];
  for (const { any } of asked) {
    const probes = any.flatMap((predicate) => probesOf(predicate, cells, scopes));
    if (probes.length === 0) return undefined;
    clauses.push(probes);
  }
  const [key] = search.sort;
  const columns = (key?.columns ?? []).flatMap((column) => plannedColumns(column, cells, scopes));
  const sorted = columns.length > 0 && columns.length <= LIMITS.groups;
  const ranked = new Set((key?.columns ?? []).map(({ category }) => category));
  const searched = new Set(asked.flatMap(({ any }) => any.map(({ category }) => category)));
  return {
    clauses: affordable(clauses),
    order: sorted ? columns.map(({ column }) => column) : [],
    descending: key?.direction === "descending",
    sources: node === undefined ? [] : [node.source],
    columns: sorted ? columns.map(({ planned }) => planned) : [],
    unrankedLast: cells.every(({ category }) => !searched.has(category) || ranked.has(category)),
    sorted,
  };
}

/**
 * The plans of a search of which the first matches are wanted before the others.
 *
 * Where some categories have no order, all of their candidates must be seen before the first match is
 * certain. They are asked for by themselves, so that the others need not all be fetched for it.
 */
export function planSoon(search: CompiledSearch, target: Target): readonly Plan[] {
  const whole = planSearch(search, target);
  if (whole === undefined) return [];
  if (!whole.sorted || whole.unrankedLast) return [whole];
  const ranked = new Set((search.sort[0]?.columns ?? []).map(({ category }) => category));
  const others = new Set(CATEGORIES.filter((category) => !ranked.has(category)));
  return [ranked, others].flatMap(
    (categories) => planSearch(search, { ...target, categories }) ?? [],
  );
}

const PAGE_SIZE = 500;
const PAGE_SIZE_LEAST = 25;

/** A question that wants few matches should not fetch many candidates, unless it sorts them itself. */
export function pageSizeFor(
  soon: number | undefined,
  { sort }: CompiledSearch,
  { sorted }: Plan,
): number {
  const needsAll = sort.length > 0 && !sorted;
  if (soon === undefined || needsAll) return PAGE_SIZE;
  return Math.min(Math.max(soon + (soon >> 2), PAGE_SIZE_LEAST), PAGE_SIZE);
}

/** The clause that keeps a question below an organisation. */
function restriction(type: string, node: TargetNode | undefined): readonly Clause[] {
  const last = node?.path.at(-1);
  return last === undefined ? [] : [sourceClause(type, last)];
}

/** Which scopes an ordered predicate of a category is asked at. */
class ScopeChoice {
  readonly #target: Target;
  readonly #chosen = new Map<Category, readonly HeldScope[]>();

  constructor(target: Target) {
    this.#target = target;
  }

  of(category: Category): readonly HeldScope[] {
    const known = this.#chosen.get(category);
    if (known !== undefined) return known;
    const chosen = this.#choose(category);
    this.#chosen.set(category, chosen);
    return chosen;
  }

  #choose(category: Category): readonly HeldScope[] {
    const { keys, node, rootIsWhole } = this.#target;
    const held = keys.scopes.filter((scope) => scope.category === category);
    const root = held.filter(({ source }) => source === undefined);
    const own = held.filter(({ source }) => source !== undefined);
    if (node === undefined) return rootIsWhole && root.length > 0 ? root : own;
    const organisation = own.filter(
      ({ source }) => source !== undefined && equalBytes(source, node.source),
    );
    if (node.path.length > 0 && node.introduced !== undefined && keys.below !== undefined) {
      return this.#below(node, node.introduced, organisation);
    }
    return organisation.length > 0 ? organisation : root;
  }

  /** The scopes of a department or physician: one for each version that has entries there. */
  #below(
    node: TargetNode,
    introduced: ReadonlySet<string>,
    organisation: readonly HeldScope[],
  ): readonly HeldScope[] {
    return organisation.flatMap((above) => {
      const { category, version } = above;
      const key = this.#target.keys.below?.(node.source, node.path, category, version);
      if (key === undefined) return [];
      const scope = scopeHandle(key);
      return introduced.has(toHex(scope)) ? [{ ...above, scope, key }] : [];
    });
  }
}

function probesOf(
  predicate: Predicate,
  cells: readonly HeldCell[],
  scopes: ScopeChoice,
): readonly Probe[] {
  const { kind, category } = predicate;
  const inCells = cells.filter((cell) => cell.category === category);
  // A category of which no record could be opened need not be asked for.
  if (inCells.length === 0) return [];
  switch (kind) {
    case "tag":
      return inCells.map(({ cell, index }) => ({ kind, cell, token: tagToken(index, predicate) }));
    case "sealed":
      return inCells.map(({ cell, index }) => {
        const { handle, column } = sealedColumn(index, predicate.attribute, predicate.bits);
        const [from, to] = rangeIn(column, predicate);
        const bounds = column.bounds(from, to);
        assert(bounds.ok, "the index policy asks for ranges that its columns hold");
        const { below: low, greatest: high } = bounds.value;
        return { kind, cell, attribute: handle, low, high };
      });
    case "ordered":
      return scopes.of(category).map(({ scope, key }) => {
        const { handle, map } = mapOf(key, predicate);
        const [from, to] = rangeIn(map, predicate);
        const probes = map.probes(from, to);
        assert(probes.ok, "the index policy asks for ranges that its columns hold");
        return { kind, scope, attribute: handle, ...probes.value };
      });
  }
}

type RangePredicate = Extract<Predicate, { readonly kind: "ordered" | "sealed" }>;

/** The codes that a predicate asks for, in one column: of a composite they depend on its key. */
function rangeIn(column: OrderedMap | SealedColumn, predicate: RangePredicate): [number, number] {
  if (!("composite" in predicate)) return [predicate.from, predicate.to];
  const { text, high, low, from, to } = predicate.composite;
  const shape = { codeBits: high, valueBits: low };
  const first = column.compositeCode(text, from, shape);
  const last = column.compositeCode(text, to, shape);
  assert(first.ok && last.ok, "the index policy asks for values that its columns hold");
  return [first.value, last.value];
}

function mapOf(
  key: HeldScope["key"],
  { attribute, bits }: Pick<SortColumn, "attribute" | "bits">,
): ReturnType<typeof orderedColumn> {
  return orderedColumn(key, attribute, { bits, profile: "private" });
}

function plannedColumns(
  sort: SortColumn,
  cells: readonly HeldCell[],
  scopes: ScopeChoice,
): readonly { readonly column: OrderColumn; readonly planned: PlannedColumn }[] {
  if (!cells.some(({ category }) => category === sort.category)) return [];
  return scopes.of(sort.category).map(({ scope, key }) => {
    const { handle, map } = mapOf(key, sort);
    const { attribute } = sort;
    return { column: { scope, attribute: handle }, planned: { map, attribute } };
  });
}

/**
 * As many clauses as a query may have, the most telling ones. Leaving one out loses no match: the
 * exact filter judges what comes back.
 */
function affordable(clauses: readonly (readonly Probe[])[]): readonly (readonly Probe[])[] {
  const kept: (readonly Probe[])[] = [];
  let probes = 0;
  let bytes = 0;
  for (const clause of clauses.toSorted((a, b) => a.length - b.length)) {
    const size = clause.reduce((sum, probe) => sum + bytesOf(probe), 0);
    const fits =
      kept.length < LIMITS.clauses &&
      probes + clause.length <= LIMITS.probes &&
      bytes + size <= LIMITS.queryBytes - RESERVED_BYTES;
    if (!fits) break;
    kept.push(clause);
    probes += clause.length;
    bytes += size;
  }
  return kept;
}

/** Of a query's body, what is not probes: the columns to sort by, the sources, the cursor. */
const RESERVED_BYTES = 65_536;
/** The names of a probe's fields. */
const PROBE_BYTES = 64;

function bytesOf(probe: Probe): number {
  switch (probe.kind) {
    case "tag":
      return PROBE_BYTES + 32;
    case "ordered":
      return PROBE_BYTES + 64;
    case "sealed":
      return PROBE_BYTES + 32 + probe.low.length + probe.high.length;
  }
}
