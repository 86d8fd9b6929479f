import { assert, type Bytes, equalBytes, toHex } from "@salus/base";
import {
  type Key,
  type OrderedMap,
  orderedColumn,
  type SealedColumn,
  scopeHandle,
  sealedColumn,
  tagToken,
} from "@salus/crypto";
import { evaluateSealed, evaluateTags } from "@salus/evaluate";
import type { IndexEntry } from "@salus/health";
import { type Entry, parseEntry, type SealedEntry, type TagsEntry } from "@salus/protocol";
import type { Access } from "../access.ts";
import type { HeldCell } from "../keyring.ts";
import type { OpenRecord } from "../opener.ts";

type RangeEntry = Extract<IndexEntry, { readonly kind: "ordered" | "sealed" }>;
type TagIndexEntry = Extract<IndexEntry, { readonly kind: "tag" }>;

/** A row that should be there and is not, or is there and should not be, by what it indexes. */
export interface RowFault {
  readonly kind: "row-missing" | "row-changed" | "row-added";
  readonly attribute: string | undefined;
}

/**
 * Compare the index rows of a record with the entries that it should have.
 *
 * A row is read with the reader's own keys: a term is decrypted, a sealed value compared, a tag
 * computed again. Rows under keys that the reader does not hold are left to the signed root.
 *
 * Gives:   what differs, by attribute.
 */
export function compareRows(
  access: Access,
  opened: OpenRecord,
  expected: readonly IndexEntry[],
  rows: readonly Bytes[],
): readonly RowFault[] {
  const entries = rows.flatMap((row) => {
    const entry = parseEntry(row);
    return entry.ok ? [entry.value] : [];
  });
  const faults: RowFault[] =
    entries.length < rows.length ? [{ kind: "row-changed", attribute: undefined }] : [];
  const ranges = expected.filter((entry) => entry.kind !== "tag");
  const tags = expected.filter((entry) => entry.kind === "tag");
  faults.push(...compareTags(access, opened, tags, entries.filter(isTags)));
  if (ranges.some(({ kind }) => kind === "sealed") || entries.some(isSealed)) {
    faults.push(...compareSealed(access, opened, ranges, entries.filter(isSealed)));
  }
  const ordered = ranges.filter(({ kind }) => kind === "ordered");
  return [...faults, ...compareOrdered(access, opened, ordered, entries)];
}

/** Rows of one column, or one cell, against what should be in it. */
class Matching {
  readonly #missing: IndexEntry[];
  readonly #added: (string | undefined)[] = [];

  constructor(expected: readonly IndexEntry[]) {
    this.#missing = [...expected];
  }

  /** A row of a column that says what `is` accepts; no column is one that nothing should be in. */
  row(attribute: string | undefined, is: (entry: IndexEntry) => boolean): void {
    const at = this.#missing.findIndex((entry) => entry.attribute === attribute && is(entry));
    if (at < 0) this.#added.push(attribute);
    else this.#missing.splice(at, 1);
  }

  /** What one row lacks of an attribute that another has too much of, has been changed. */
  faults(): readonly RowFault[] {
    const added = [...this.#added];
    const missing = this.#missing.map(({ attribute }): RowFault => {
      const at = added.indexOf(attribute);
      if (at >= 0) added.splice(at, 1);
      return { kind: at < 0 ? "row-missing" : "row-changed", attribute };
    });
    return [...missing, ...added.map((attribute): RowFault => ({ kind: "row-added", attribute }))];
  }
}

/** At every node of the record's path the same entries, each under that node's own key. */
function compareOrdered(
  access: Access,
  opened: OpenRecord,
  expected: readonly RangeEntry[],
  entries: readonly Entry[],
): readonly RowFault[] {
  const faults: RowFault[] = [];
  let read = 0;
  for (const node of nodesOf(access, opened)) {
    const rows = entries.filter(
      (entry) =>
        entry.kind === "ordered" && node.some(({ scope }) => equalBytes(scope, entry.scope)),
    );
    read += rows.length;
    const matching = new Matching(expected);
    for (const row of rows) {
      const key = node.find(({ scope }) => row.kind === "ordered" && equalBytes(scope, row.scope));
      if (row.kind !== "ordered" || key === undefined) continue;
      const column = columnNamed(expected, (attribute, bits) => {
        const made = orderedColumn(key.key, attribute, { bits, profile: "private" });
        return equalBytes(made.handle, row.attribute) ? made.map : undefined;
      });
      const code = column?.column.decrypt(row.term);
      matching.row(
        column?.attribute,
        (entry) => column !== undefined && codeIn(column.column, entry) === code,
      );
    }
    faults.push(...matching.faults());
  }
  const ordered = entries.filter((entry) => entry.kind === "ordered");
  // The owner holds every scope: a row in none of them belongs to nobody.
  for (let extra = ordered.length - read; access.owner && extra > 0; extra -= 1) {
    faults.push({ kind: "row-added", attribute: undefined });
  }
  return faults;
}

interface ScopeKey {
  readonly scope: Uint8Array;
  readonly key: Key<"scope-index">;
}

/** The nodes of a record's path that the reader has keys of; each with the scopes of all versions. */
function nodesOf({ keys, chain }: Access, { header, content }: OpenRecord): readonly ScopeKey[][] {
  const held = keys.cells.find(({ cell }) => equalBytes(cell, header.cell));
  const category = held?.category;
  const scopes = keys.scopes.filter((scope) => scope.category === category);
  const root = scopes.filter(({ source }) => source === undefined);
  const own = scopes.filter(
    ({ source }) => source !== undefined && equalBytes(source, header.source),
  );
  const nodes: ScopeKey[][] = [];
  if (root.length > 0 && chain.merge === "sources") nodes.push([...root]);
  if (own.length > 0) nodes.push([...own]);
  const below = keys.below;
  if (below === undefined || category === undefined) return nodes;
  for (let depth = 2; depth <= content.path.length; depth += 1) {
    const path = content.path.slice(1, depth);
    const versions = own.map(({ version }) => {
      const key = below(header.source, path, category, version);
      return { scope: scopeHandle(key), key };
    });
    nodes.push(versions);
  }
  return nodes;
}

function compareSealed(
  { keys }: Access,
  { header }: OpenRecord,
  expected: readonly RangeEntry[],
  rows: readonly SealedEntry[],
): readonly RowFault[] {
  const matching = new Matching(expected.filter(({ kind }) => kind === "sealed"));
  let known = true;
  for (const row of rows) {
    const cell = cellOf(keys.cells, row.cell, header.source);
    if (cell === undefined) {
      known = false;
      continue;
    }
    const column = columnNamed(expected, (attribute, bits) => {
      const made = sealedColumn(cell.index, attribute, bits);
      return equalBytes(made.handle, row.attribute) ? made.column : undefined;
    });
    matching.row(
      column?.attribute,
      (entry) => column !== undefined && holds(column.column, entry, row.right),
    );
  }
  return known ? matching.faults() : [];
}

/** Whether a right half is of the value that an entry says. */
function holds(column: SealedColumn, entry: IndexEntry, right: SealedEntry["right"]): boolean {
  const code = codeIn(column, entry);
  if (code === undefined || right.length !== column.shape.rightBytes) return false;
  const bounds = column.bounds(code, code);
  assert(bounds.ok, "the index policy gives values that its columns hold");
  const inside = evaluateSealed(column.shape.bits, right, bounds.value);
  return inside.ok && inside.value[0] === 1;
}

function compareTags(
  { keys }: Access,
  { header }: OpenRecord,
  expected: readonly TagIndexEntry[],
  rows: readonly TagsEntry[],
): readonly RowFault[] {
  const [row, ...more] = rows;
  const faults = more.map((): RowFault => ({ kind: "row-added", attribute: undefined }));
  if (row === undefined) {
    const [first] = expected;
    return first === undefined ? [] : [{ kind: "row-missing", attribute: first.attribute }];
  }
  if (expected.length === 0) return [{ kind: "row-added", attribute: undefined }, ...faults];
  const cell = cellOf(keys.cells, row.cell, header.source);
  if (cell === undefined) return faults;
  const column = { lists: row.tags, offsets: Uint32Array.of(0, row.tags.length) };
  const found = evaluateTags(
    column,
    expected.map((entry) => tagToken(cell.index, entry)),
  );
  const lacking = expected.find((_, at) => found[at]?.[0] !== 1);
  if (lacking !== undefined) faults.push({ kind: "row-changed", attribute: lacking.attribute });
  return faults;
}

/** The column of a row, among those that the expected entries are in. */
function columnNamed<Column>(
  expected: readonly RangeEntry[],
  find: (attribute: string, bits: number) => Column | undefined,
): { readonly attribute: string; readonly column: Column } | undefined {
  const tried = new Set<string>();
  for (const { attribute, bits } of expected) {
    if (tried.has(attribute)) continue;
    tried.add(attribute);
    const column = find(attribute, bits);
    if (column !== undefined) return { attribute, column };
  }
  return undefined;
}

/** The code that an entry has in a column of its attribute. */
function codeIn(column: OrderedMap | SealedColumn, entry: IndexEntry): number | undefined {
  if (entry.kind === "tag") return undefined;
  if ("code" in entry) return entry.code;
  const { text, value, high, low } = entry.composite;
  const code = column.compositeCode(text, value, { codeBits: high, valueBits: low });
  return code.ok ? code.value : undefined;
}

function cellOf(
  cells: readonly HeldCell[],
  handle: Uint8Array,
  source: Uint8Array,
): HeldCell | undefined {
  const name = toHex(handle);
  return cells.find((cell) => toHex(cell.cell) === name && equalBytes(cell.source, source));
}

function isTags(entry: Entry): entry is TagsEntry {
  return entry.kind === "tags";
}

function isSealed(entry: Entry): entry is SealedEntry {
  return entry.kind === "sealed";
}
