import { assert, type Bytes, compareBytes, concat, equalBytes, type Result } from "@salus/base";
import {
  type CompositeShape,
  encryptTags,
  type Keyword,
  type Ordered,
  type OutOfDomain,
  orderedColumn,
  type Sealed,
  sealedColumn,
} from "@salus/crypto";
import type { IndexEntry } from "@salus/health";
import { encodeEntry } from "@salus/protocol";
import type { Place, WritableScope } from "./source-keys.ts";

/** What is to be indexed of one record, and where. */
export interface Indexable {
  readonly entries: readonly IndexEntry[];
  readonly place: Place;
  /** The scopes on the record's path. */
  readonly scopes: readonly WritableScope[];
}

type RangeEntry = Extract<IndexEntry, { readonly kind: "ordered" | "sealed" }>;

/** Values for one column, and the records that they are of. */
interface Column {
  readonly kind: "ordered" | "sealed";
  /** The bytes of an entry before its value. */
  readonly prefix: Bytes;
  readonly encrypt: (codes: readonly number[]) => Result<Bytes, OutOfDomain>;
  readonly compose: (
    text: string,
    value: number,
    shape: CompositeShape,
  ) => Result<number, OutOfDomain>;
  /** Of a composite's texts, the code of the value 0: a derivation each. */
  readonly bases: Map<string, number>;
  codes: number[];
  records: number[];
}

/** Columns that are kept for the next batch; a column costs two derivations and a cipher. */
const COLUMNS_MAX = 4096;
const BASES_MAX = 1024;

/**
 * Turns what is indexed of records into entries, for one vault.
 *
 * Values are encrypted a column at a time, and keywords a cell at a time: many under one key cost a fifth
 * of one by one. That order is not seen outside, for the entries of a record are sorted as bytes.
 *
 * Leaks:   to the cloud, through the entries: the order of the terms of a column, the padded number of
 *          tags, and which columns a record has values in.
 */
export class EntryMaker {
  readonly #columns = new Map<string, Column>();

  /**
   * The entries of each record, as a batch has them.
   *
   * Cost:    under 1 µs a term or tag, 2 µs a sealed value, and 10 µs for the first of a column or keyword.
   */
  make(records: readonly Indexable[]): readonly (readonly Bytes[])[] {
    const made: Bytes[][] = records.map(() => []);
    const used = new Set<Column>();
    for (const [at, { entries, place, scopes }] of records.entries()) {
      for (const entry of entries) {
        if (entry.kind === "tag") continue;
        for (const column of this.#columnsFor(entry, place, scopes)) add(column, at, entry, used);
      }
    }
    for (const column of used) drain(column, made);
    for (const [place, tagged] of taggedIn(records)) tag(place, tagged, made);
    this.#forget();
    return made.map(sorted);
  }

  #columnsFor(
    entry: RangeEntry,
    place: Place,
    scopes: readonly WritableScope[],
  ): readonly Column[] {
    if (entry.kind === "sealed") return [this.#sealed(place, entry)];
    return scopes.map((scope) => this.#ordered(scope, entry));
  }

  #ordered({ scope, name, key }: WritableScope, { attribute, bits }: RangeEntry): Column {
    return this.#column(`${name} ${bits} ${attribute}`, () => {
      const { handle, map }: Ordered = orderedColumn(key, attribute, { bits, profile: "private" });
      return {
        kind: "ordered",
        prefix: concat(Uint8Array.of(1), scope, handle),
        encrypt: (codes) => map.encryptMany(codes),
        compose: (text, value, shape) => map.compositeCode(text, value, shape),
        bases: new Map(),
        codes: [],
        records: [],
      };
    });
  }

  #sealed({ cell, name, index }: Place, { attribute, bits }: RangeEntry): Column {
    return this.#column(`${name} ${bits} ${attribute}`, () => {
      const { handle, column }: Sealed = sealedColumn(index, attribute, bits);
      return {
        kind: "sealed",
        prefix: concat(Uint8Array.of(2), cell.cell, handle),
        encrypt: (codes) => column.encryptMany(codes),
        compose: (text, value, shape) => column.compositeCode(text, value, shape),
        bases: new Map(),
        codes: [],
        records: [],
      };
    });
  }

  #column(name: string, make: () => Column): Column {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#columns.set(name, made);
    return made;
  }

  /** Drop the columns that were made first, when there are too many. */
  #forget(): void {
    for (const name of this.#columns.keys()) {
      if (this.#columns.size <= COLUMNS_MAX) return;
      this.#columns.delete(name);
    }
  }
}

function add(column: Column, record: number, entry: RangeEntry, used: Set<Column>): void {
  column.codes.push(codeOf(column, entry));
  column.records.push(record);
  used.add(column);
}

function codeOf(column: Column, entry: RangeEntry): number {
  if ("code" in entry) return entry.code;
  const { text, value, high, low } = entry.composite;
  const known = column.bases.get(text);
  if (known !== undefined) return known + value;
  const code = column.compose(text, value, { codeBits: high, valueBits: low });
  assert(code.ok, "the index policy gives values that its columns hold");
  if (column.bases.size < BASES_MAX) column.bases.set(text, code.value - value);
  return code.value;
}

/** Encrypt what has gathered in a column, and hand each record its part. */
function drain(column: Column, made: Bytes[][]): void {
  const { prefix, codes, records } = column;
  const values = column.encrypt(codes);
  assert(values.ok, "the index policy gives codes that its columns hold");
  const size = values.value.length / codes.length;
  for (const [at, record] of records.entries()) {
    made[record]?.push(concat(prefix, values.value.subarray(at * size, (at + 1) * size)));
  }
  column.codes = [];
  column.records = [];
}

/** A record's keywords, and its place among the records. */
interface Tagged {
  readonly at: number;
  readonly keywords: readonly Keyword[];
}

/** The records that have keywords, by where they are written. */
function taggedIn(records: readonly Indexable[]): ReadonlyMap<Place, readonly Tagged[]> {
  const places = new Map<Place, Tagged[]>();
  for (const [at, { entries, place }] of records.entries()) {
    const keywords = entries.filter((entry) => entry.kind === "tag");
    if (keywords.length === 0) continue;
    const tagged = places.get(place) ?? [];
    places.set(place, tagged);
    tagged.push({ at, keywords });
  }
  return places;
}

/** Encrypt the keywords of a cell's records, and hand each record its list. */
function tag({ cell, index }: Place, tagged: readonly Tagged[], made: Bytes[][]): void {
  const keywords = tagged.map((record) => record.keywords);
  const lists = encryptTags(index, keywords);
  assert(lists.ok, "the index policy gives no more keywords than a tag list holds");
  for (const [place, { at }] of tagged.entries()) {
    const tags = lists.value[place];
    assert(tags !== undefined, "each record has its list");
    made[at]?.push(encodeEntry({ kind: "tags", cell: cell.cell, tags }));
  }
}

/** As a batch has them: ascending, each once. */
function sorted(entries: Bytes[]): readonly Bytes[] {
  return entries
    .sort(compareBytes)
    .filter((entry, at) => at === 0 || !equalBytes(entry, entries[at - 1] as Bytes));
}
