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
import {
  type Entry,
  type OrderedEntry,
  parseEntry,
  type SealedEntry,
  type TagsEntry,
} from "@salus/protocol";
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
 * Compares the index rows of records with the entries that they should have.
 *
 * A row is read with the reader's own keys: a term is decrypted, a sealed value compared, a tag
 * computed again. Rows under keys that the reader does not hold are left to the signed root.
 */
export class RowReader {
  readonly #access: Access;
  readonly #ordered = new Columns<OrderedMap>();
  readonly #sealed = new Columns<SealedColumn>();
  readonly #nodes = new Map<string, readonly ScopeKey[][]>();

  constructor(access: Access) {
    this.#access = access;
  }

  /** Gives: what differs, by attribute. */
  compare(
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
    faults.push(...compareTags(this.#access, opened, tags, entries.filter(isTags)));
    faults.push(...this.#compareSealed(opened, ranges, entries.filter(isSealed)));
    const ordered = ranges.filter(({ kind }) => kind === "ordered");
    return [...faults, ...this.#compareOrdered(opened, ordered, entries.filter(isOrdered))];
  }

  /** At every node of the record's path the same entries, each under that node's own key. */
  #compareOrdered(
    opened: OpenRecord,
    expected: readonly RangeEntry[],
    rows: readonly OrderedEntry[],
  ): readonly RowFault[] {
    const faults: RowFault[] = [];
    let read = 0;
    for (const node of this.#nodesOf(opened)) {
      const matching = new Matching(expected);
      for (const row of rows) {
        const name = toHex(row.scope);
        const at = node.find((scope) => scope.name === name);
        if (at === undefined) continue;
        read += 1;
        const column = this.#ordered.named(name, row.attribute, expected, (attribute, bits) => {
          const made = orderedColumn(at.key, attribute, { bits, profile: "private" });
          return { handle: made.handle, column: made.map };
        });
        const code = column?.column.decrypt(row.term);
        matching.row(
          column?.attribute,
          (entry) => column !== undefined && codeIn(column.column, entry) === code,
        );
      }
      faults.push(...matching.faults());
    }
    // The owner holds every scope: a row in none of them belongs to nobody.
    for (let extra = rows.length - read; this.#access.owner && extra > 0; extra -= 1) {
      faults.push({ kind: "row-added", attribute: undefined });
    }
    return faults;
  }

  #compareSealed(
    { header }: OpenRecord,
    expected: readonly RangeEntry[],
    rows: readonly SealedEntry[],
  ): readonly RowFault[] {
    const matching = new Matching(expected.filter(({ kind }) => kind === "sealed"));
    for (const row of rows) {
      const cell = cellOf(this.#access.keys.cells, row.cell, header.source);
      // Values of a cell that is not held cannot be told.
      if (cell === undefined) return [];
      const name = toHex(cell.cell);
      const column = this.#sealed.named(name, row.attribute, expected, (attribute, bits) =>
        sealedColumn(cell.index, attribute, bits),
      );
      matching.row(
        column?.attribute,
        (entry) => column !== undefined && holds(column.column, entry, row.right),
      );
    }
    return matching.faults();
  }

  /** The nodes of a record's path that the reader has keys of; each with the scopes of all versions. */
  #nodesOf({ header, content }: OpenRecord): readonly ScopeKey[][] {
    const { keys, chain } = this.#access;
    const held = keys.cells.find(({ cell }) => equalBytes(cell, header.cell));
    const category = held?.category;
    const name = JSON.stringify([toHex(header.source), category, ...content.path]);
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const scopes = keys.scopes.filter((scope) => scope.category === category);
    const root = scopes.filter(({ source }) => source === undefined);
    const own = scopes.filter(
      ({ source }) => source !== undefined && equalBytes(source, header.source),
    );
    const nodes: ScopeKey[][] = [];
    if (root.length > 0 && chain.merge === "sources") nodes.push(root.map(scopeKey));
    if (own.length > 0) nodes.push(own.map(scopeKey));
    const { below } = keys;
    for (let depth = 2; below && category && depth <= content.path.length; depth += 1) {
      const path = content.path.slice(1, depth);
      const versions = own.map(({ version }) => {
        const key = below(header.source, path, category, version);
        return scopeKey({ scope: scopeHandle(key), key });
      });
      if (own.length > 0) nodes.push(versions);
    }
    if (this.#nodes.size < NODES_MAX) this.#nodes.set(name, nodes);
    return nodes;
  }
}

const NODES_MAX = 4096;
const COLUMNS_MAX = 16_384;

interface ScopeKey {
  readonly name: string;
  readonly key: Key<"scope-index">;
}

function scopeKey(held: { readonly scope: Uint8Array; readonly key: ScopeKey["key"] }): ScopeKey {
  return { name: toHex(held.scope), key: held.key };
}

interface Column<Cipher> {
  readonly attribute: string;
  readonly column: Cipher;
}

/** Columns by the handle that the cloud knows them by, made for the attributes that records have. */
class Columns<Cipher> {
  readonly #byHandle = new Map<string, Column<Cipher>>();
  readonly #made = new Set<string>();

  /** The column of a row, among those that the expected entries are in. */
  named(
    place: string,
    handle: Uint8Array,
    expected: readonly RangeEntry[],
    make: (
      attribute: string,
      bits: number,
    ) => { readonly handle: Uint8Array; readonly column: Cipher },
  ): Column<Cipher> | undefined {
    const name = `${place}/${toHex(handle)}`;
    if (this.#made.size > COLUMNS_MAX) this.#forget();
    for (const { attribute, bits } of expected) {
      const of = `${place}/${bits}/${attribute}`;
      if (this.#made.has(of)) continue;
      const made = make(attribute, bits);
      this.#byHandle.set(`${place}/${toHex(made.handle)}`, { attribute, column: made.column });
      this.#made.add(of);
    }
    return this.#byHandle.get(name);
  }

  #forget(): void {
    this.#byHandle.clear();
    this.#made.clear();
  }
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

function isOrdered(entry: Entry): entry is OrderedEntry {
  return entry.kind === "ordered";
}

function isTags(entry: Entry): entry is TagsEntry {
  return entry.kind === "tags";
}

function isSealed(entry: Entry): entry is SealedEntry {
  return entry.kind === "sealed";
}
