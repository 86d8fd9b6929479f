import { AttributeHandle, type CellHandle, type Entry, type ScopeHandle } from "@salus/protocol";
import { int2Array, int4Array, uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import { type IndexKind, KIND, type Schema, type Trx, type VaultId } from "../database/schema.ts";

/** What an index column holds, by handles. */
export interface ColumnPlace {
  readonly kind: IndexKind;
  readonly place: ScopeHandle | CellHandle;
  readonly attribute: AttributeHandle;
}

/** The tags of a cell are one column, whatever the attribute: a token says itself which it means. */
export const NO_ATTRIBUTE: AttributeHandle = AttributeHandle.of(new Uint8Array(16));

/** The column that an entry is in. */
export function placeOf(entry: Entry): ColumnPlace {
  switch (entry.kind) {
    case "ordered":
      return { kind: KIND.ordered, place: entry.scope, attribute: entry.attribute };
    case "sealed":
      return { kind: KIND.sealed, place: entry.cell, attribute: entry.attribute };
    case "tags":
      return { kind: KIND.tags, place: entry.cell, attribute: NO_ATTRIBUTE };
  }
}

/** One text for one column of a vault: the bytes that its entries begin with. */
export function nameOf({ kind, place, attribute }: ColumnPlace): string {
  const handles = kind === KIND.tags ? latin1(place) : latin1(place) + latin1(attribute);
  return String.fromCharCode(kind) + handles;
}

/** `nameOf` the column of an entry as it was sent. */
export function nameOfEntry(entry: Uint8Array): string {
  return latin1(entry.subarray(0, entry[0] === KIND.tags ? 17 : 33));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** The numbers of columns, by `nameOf`. */
export type ColumnNumbers = ReadonlyMap<string, number>;

/**
 * The numbers of those columns that have had an entry.
 *
 * Plan:    `index_column_by_place`, once for each.
 */
export async function findColumns(
  db: Kysely<Schema>,
  vault: VaultId,
  places: readonly ColumnPlace[],
): Promise<ColumnNumbers> {
  if (places.length === 0) return new Map();
  const found = await sql<Schema["index_column"]>`
    select c.index_column, c.kind, c.place, c.attribute
    from unnest(${int2Array(places.map((one) => one.kind))}::int2[],
      ${uuidArray(places.map((one) => one.place))}::uuid[],
      ${uuidArray(places.map((one) => one.attribute))}::uuid[]) as p (kind, place, attribute)
    join index_column c on c.vault = ${vault}
      and c.place = p.place and c.attribute = p.attribute and c.kind = p.kind`.execute(db);
  return new Map(found.rows.map((row) => [nameOf(row), row.index_column]));
}

/**
 * The numbers of columns, giving numbers to those that have none.
 *
 * Takes:   `given`, how many numbers the vault has given out; its row is locked.
 * Gives:   the numbers, and how many are given out now.
 */
export async function makeColumns(
  trx: Trx,
  vault: VaultId,
  given: number,
  places: readonly ColumnPlace[],
): Promise<{ readonly numbers: ColumnNumbers; readonly given: number }> {
  const numbers = new Map(await findColumns(trx, vault, places));
  const fresh = places.filter((place) => !numbers.has(nameOf(place)));
  if (fresh.length === 0) return { numbers, given };
  for (const [at, place] of fresh.entries()) numbers.set(nameOf(place), given + 1 + at);
  await sql`insert into index_column (vault, index_column, kind, place, attribute)
    select ${vault}, n, kind, place, attribute
    from unnest(${int4Array(fresh.map((_, at) => given + 1 + at))}::int4[],
      ${int2Array(fresh.map((one) => one.kind))}::int2[],
      ${uuidArray(fresh.map((one) => one.place))}::uuid[],
      ${uuidArray(fresh.map((one) => one.attribute))}::uuid[]) as c (n, kind, place, attribute)`.execute(
    trx,
  );
  return { numbers, given: given + fresh.length };
}
