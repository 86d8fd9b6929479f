import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { named } from "@salus/evaluate";
import type {
  CellHandle,
  LeftHalf,
  OrderColumn,
  Probe,
  Query,
  SourceHandle,
  TagToken,
} from "@salus/protocol";
import { KIND, type Trx } from "../database/schema.ts";
import type { Access } from "../store/access.ts";
import { type ColumnPlace, NO_ATTRIBUTE, nameOf } from "../store/index-column.ts";
import type { OrderedRange } from "../store/ordered-entry.ts";
import { scopeOwners } from "../store/scope.ts";
import type { Store } from "../store/store.ts";
import type { VaultRow } from "../store/vault.ts";

/** A clause over columns that exist. One without any probe left holds for no record. */
export interface Clause {
  readonly ranges: readonly OrderedRange[];
  readonly sealed: readonly SealedScan[];
  readonly tags: readonly TagScan[];
}

export interface SealedScan {
  readonly column: number;
  readonly cell: CellHandle;
  readonly low: LeftHalf;
  readonly high: LeftHalf;
}

export interface TagScan {
  readonly column: number;
  readonly cell: CellHandle;
  readonly token: TagToken;
}

/** A question whose every name has been looked up and allowed. */
export interface Question {
  readonly clauses: readonly Clause[];
  /** The columns to sort by; nothing for one that has no entry yet. */
  readonly order: readonly (number | undefined)[];
  /** The sources that are asked. */
  readonly sources: readonly SourceHandle[];
  /** Cells that the answer is limited to; nothing when it is not. */
  readonly cells: readonly CellHandle[] | undefined;
  /** Whether every source is asked, so that no candidate need be checked for its own. */
  readonly everything: boolean;
}

export type QuestionError = {
  readonly kind: "unknown-scope" | "unknown-cell" | "unknown-source" | "outside-grant";
};

/**
 * Look up what a query names, and refuse what the signer may not name.
 *
 * Fails:   `unknown-scope`, `unknown-cell`, `unknown-source`: the vault has none of this handle, so
 *          the key was wrong or too old. `outside-grant`: the grant does not cover it.
 * Plan:    primary key of `scope`; as `VaultFacts.columnsOf`.
 */
export async function readQuestion(
  { facts }: Store,
  trx: Trx,
  row: VaultRow,
  access: Access<"query">,
  query: Query,
): Promise<Result<Question, QuestionError>> {
  const allowed = await checkNames(trx, access, query);
  if (!allowed.ok) return allowed;
  const sources = askedSources(access, query.sources);
  if (!sources.ok) return sources;
  const places = [...query.clauses.flat().map(placeOfProbe), ...query.order.map(placeOfOrder)];
  const distinct = [...new Map(places.map((place) => [nameOf(place), place])).values()];
  const numbers = await facts.columnsOf(trx, row, distinct);
  const { role } = access;
  return ok({
    clauses: query.clauses.map((probes) => readClause(probes, numbers)),
    order: query.order.map((column) => numbers.get(nameOf(placeOfOrder(column)))),
    sources: sources.value,
    cells: role.role === "grantee" ? role.allowed.cells : undefined,
    everything: role.role === "device" && query.sources.length === 0,
  });
}

/** Columns are numbered from 1. */
const NO_COLUMN = 0;

function placeOfProbe(probe: Probe): ColumnPlace {
  switch (probe.kind) {
    case "ordered":
      return placeOfOrder(probe);
    case "sealed":
      return { kind: KIND.sealed, place: probe.cell, attribute: probe.attribute };
    case "tag":
      return { kind: KIND.tags, place: probe.cell, attribute: NO_ATTRIBUTE };
  }
}

function placeOfOrder({ scope, attribute }: OrderColumn): ColumnPlace {
  return { kind: KIND.ordered, place: scope, attribute };
}

function readClause(probes: readonly Probe[], numbers: ReadonlyMap<string, number>): Clause {
  const clause = {
    ranges: [] as OrderedRange[],
    sealed: [] as SealedScan[],
    tags: [] as TagScan[],
  };
  for (const probe of probes) {
    const column = numbers.get(nameOf(placeOfProbe(probe)));
    if (probe.kind === "ordered") {
      // A cursor counts ranges, so that one without entries yet keeps its place.
      clause.ranges.push({ column: column ?? NO_COLUMN, low: probe.low, high: probe.high });
    } else if (column !== undefined) {
      if (probe.kind === "sealed") clause.sealed.push({ ...probe, column });
      else clause.tags.push({ ...probe, column });
    }
  }
  return clause;
}

async function checkNames(
  trx: Trx,
  access: Access<"query">,
  query: Query,
): Promise<Result<void, QuestionError>> {
  const { chain, role } = access;
  const probes = query.clauses.flat();
  const cells = probes.flatMap((probe) => (probe.kind === "ordered" ? [] : [probe.cell]));
  const scopes = [...probes.filter((probe) => probe.kind === "ordered"), ...query.order].map(
    (named) => named.scope,
  );
  if (cells.some((cell) => named(chain.cells, cell) === undefined)) {
    return fail({ kind: "unknown-cell" });
  }
  const elsewhere = scopes.filter((scope) => named(chain.scopes, scope) === undefined);
  const introduced = await scopeOwners(trx, access.vault, elsewhere);
  if (elsewhere.some((scope) => !introduced.has(toHex(scope)))) {
    return fail({ kind: "unknown-scope" });
  }
  if (role.role === "device") return ok(undefined);
  const { allowed } = role;
  const granted = new Set([...allowed.cells, ...allowed.scopes].map(toHex));
  const inside = [...cells, ...scopes].every((handle) => granted.has(toHex(handle)));
  return inside ? ok(undefined) : fail({ kind: "outside-grant" });
}

/** The sources that a signer may ask, as far as the query does not leave them out. */
function askedSources(
  { chain, role }: Access<"query">,
  asked: readonly SourceHandle[],
): Result<readonly SourceHandle[], QuestionError> {
  const mine =
    role.role === "grantee"
      ? role.allowed.sources
      : [...chain.sources.values()].map((source) => source.source);
  for (const source of asked) {
    if (named(chain.sources, source) === undefined) return fail({ kind: "unknown-source" });
    if (!mine.some((one) => equalBytes(one, source))) return fail({ kind: "outside-grant" });
  }
  return ok(asked.length === 0 ? mine : asked);
}
