import { assert, toHex } from "@salus/base";
import { type Entry, encodeEntry, type StoredEntry } from "@salus/protocol";
import { byteaArray, int2Array, int4Array, uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import { KIND, type Schema, type Trx, type VaultId } from "../database/schema.ts";
import { type ColumnNumbers, nameOfEntry } from "./index-column.ts";
import { NO_BATCH_HANDLE } from "./no-batch.ts";

/** The entries of one record, to be stored. */
export interface RecordEntries {
  readonly record: number;
  readonly entries: readonly Entry[];
  /** The entries as they were sent, in the same order. */
  readonly entryBytes: readonly Uint8Array[];
}

/**
 * Store the entries of a batch.
 *
 * Sees:    terms, right halves and tags; this process can read none.
 */
export async function insertEntries(
  trx: Trx,
  vault: VaultId,
  batch: number,
  numbers: ColumnNumbers,
  items: readonly RecordEntries[],
): Promise<void> {
  const ordered = new Rows();
  const sealed = new Rows();
  const tags = new Rows();
  for (const { record, entries, entryBytes } of items) {
    entries.forEach((entry, position) => {
      const column = numbers.get(nameOfEntry(entryBytes[position] as Uint8Array));
      assert(column !== undefined, "every entry's column has a number");
      if (entry.kind === "ordered") ordered.add(column, record, position, entry.term);
      else if (entry.kind === "sealed") sealed.add(column, record, position, entry.right);
      else tags.add(column, record, position, entry.tags);
    });
  }
  if (ordered.size > 0) {
    await sql`insert into ordered_entry (vault, index_column, term, record, batch)
      select ${vault}, c, t, r, ${batch}
      from unnest(${ordered.columns()}::int4[], ${uuidArray(ordered.values)}::uuid[],
        ${ordered.records()}::int4[]) as e (c, t, r)`.execute(trx);
  }
  if (sealed.size > 0) {
    await sql`insert into sealed_entry (vault, index_column, record, position, half, batch)
      select ${vault}, c, r, p, h, ${batch}
      from unnest(${sealed.columns()}::int4[], ${sealed.records()}::int4[],
        ${int2Array(sealed.positions)}::int2[], ${byteaArray(sealed.values)}::bytea[])
        as e (c, r, p, h)`.execute(trx);
  }
  if (tags.size > 0) {
    await sql`insert into tag_list (vault, index_column, record, tags, batch)
      select ${vault}, c, r, t, ${batch}
      from unnest(${tags.columns()}::int4[], ${tags.records()}::int4[],
        ${byteaArray(tags.values)}::bytea[]) as e (c, r, t)`.execute(trx);
  }
}

/** Rows to insert, one array for each field, as `unnest` takes them. */
class Rows {
  readonly #columns: number[] = [];
  readonly #records: number[] = [];
  readonly positions: number[] = [];
  readonly values: Uint8Array[] = [];

  get size(): number {
    return this.values.length;
  }

  add(column: number, record: number, position: number, value: Uint8Array): void {
    this.#columns.push(column);
    this.#records.push(record);
    this.positions.push(position);
    this.values.push(value);
  }

  columns(): Buffer {
    return int4Array(this.#columns);
  }

  records(): Buffer {
    return int4Array(this.#records);
  }
}

const TABLES = ["ordered_entry", "sealed_entry", "tag_list"] as const;

/**
 * Remove all entries of some records, whoever made them.
 *
 * Plan:    the `_by_record` index of each table.
 */
export async function deleteEntries(
  trx: Trx,
  vault: VaultId,
  records: readonly number[],
): Promise<void> {
  if (records.length === 0) return;
  const list = int4Array(records);
  for (const table of TABLES) {
    await sql`delete from ${sql.table(table)}
      where vault = ${vault} and record = any(${list}::int4[])`.execute(trx);
  }
}

/** A row of any of the three tables, with its column's handles and its batch's. */
interface EntryRow {
  readonly record: number;
  readonly kind: number;
  readonly place: Uint8Array<ArrayBuffer>;
  readonly attribute: Uint8Array<ArrayBuffer>;
  readonly value: Uint8Array<ArrayBuffer>;
  readonly batch: Uint8Array<ArrayBuffer>;
}

/**
 * The entries of some records, read from the index rows themselves, so that a row which somebody
 * removed or changed is missed by who verifies.
 *
 * Gives:   by record, ascending as bytes.
 * Plan:    the `_by_record` index of each table, primary keys of `index_column` and `batch`.
 */
export async function entriesOf(
  db: Kysely<Schema>,
  vault: VaultId,
  records: readonly number[],
): Promise<ReadonlyMap<number, readonly StoredEntry[]>> {
  const list = int4Array(records);
  const part = (table: string, value: string): ReturnType<typeof sql> => sql`
    select e.record, c.kind, c.place, c.attribute, ${sql.ref(value)} as value,
      coalesce(b.handle, ${NO_BATCH_HANDLE}::uuid) as batch
    from ${sql.table(table)} e
    join index_column c on c.vault = e.vault and c.index_column = e.index_column
    left join batch b on b.vault = e.vault and b.batch = e.batch
    where e.vault = ${vault} and e.record = any(${list}::int4[])`;
  const all: EntryRow[] = [];
  for (const [table, value] of [
    ["ordered_entry", "e.term"],
    ["sealed_entry", "e.half"],
    ["tag_list", "e.tags"],
  ] as const) {
    const { rows } = await part(table, value).execute(db);
    all.push(...(rows as EntryRow[]));
  }
  return groupEntries(all);
}

function groupEntries(rows: readonly EntryRow[]): ReadonlyMap<number, readonly StoredEntry[]> {
  const groups = new Map<number, (StoredEntry & { readonly name: string })[]>();
  for (const row of rows) {
    const entry = encodeEntry(entryOf(row));
    const group = groups.get(row.record) ?? [];
    groups.set(row.record, group);
    group.push({ batch: row.batch as StoredEntry["batch"], entry, name: toHex(entry) });
  }
  const sorted = [...groups].map(([record, group]): [number, readonly StoredEntry[]] => [
    record,
    group.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ batch, entry }) => ({ batch, entry })),
  ]);
  return new Map(sorted);
}

/** The row as the entry that it was made from: the database holds what handles brand. */
function entryOf({ kind, place, attribute, value }: EntryRow): Entry {
  if (kind === KIND.ordered) {
    return { kind: "ordered", scope: place, attribute, term: value } as Entry;
  }
  if (kind === KIND.sealed) {
    return { kind: "sealed", cell: place, attribute, right: value } as Entry;
  }
  return { kind: "tags", cell: place, tags: value } as Entry;
}
