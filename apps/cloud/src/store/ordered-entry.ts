import { type Bytes, compareBytes } from "@salus/base";
import { Term } from "@salus/protocol";
import { int4Array, uuidArray } from "@salus/service";
import { sql } from "kysely";
import type { Trx, VaultId } from "../database/schema.ts";

/** Terms strictly between two points of one column. */
export interface OrderedRange {
  readonly column: number;
  readonly low: Term;
  readonly high: Term;
}

/** Where an entry stands in its column. */
export interface Place {
  readonly term: Term;
  readonly record: number;
}

/** Before the first entry of a column, and behind its last. */
export const FIRST: Place = { term: Term.of(new Uint8Array(16)), record: 0 };
export const LAST: Place = { term: Term.of(new Uint8Array(16).fill(255)), record: 0x7fff_ffff };

const NONE = new Uint32Array(0);

/**
 * Ranges that find the same, none of which goes over another: who asks for one column thousands of
 * times, or for its parts, has it read once.
 */
export function disjoint(ranges: readonly OrderedRange[]): readonly OrderedRange[] {
  const found: OrderedRange[] = [];
  const order = ranges.toSorted((a, b) => a.column - b.column || compareBytes(a.low, b.low));
  for (const range of order) {
    const before = found.at(-1);
    // Both are open: a term at which one ends and the other begins is in neither.
    const meets = before?.column === range.column && compareBytes(range.low, before.high) < 0;
    if (before === undefined || !meets) found.push(range);
    else if (compareBytes(before.high, range.high) < 0) {
      found[found.length - 1] = { ...before, high: range.high };
    }
  }
  return found;
}

/**
 * The records that have a term in one of some ranges, in no order, with repeats.
 *
 * Takes:   `limit`: more entries than this are not looked at, in any range or in all.
 * Plan:    one index-only range of the primary key of `ordered_entry` for each range, whatever the
 *          number of sources below the scope; test/plans.test.ts pins it.
 * Order:   rests on PostgreSQL comparing `uuid` by unsigned byte, which
 *          packages/service/test/order.test.ts checks.
 */
export async function recordsInRanges(
  trx: Trx,
  vault: VaultId,
  asked: readonly OrderedRange[],
  limit: number,
): Promise<Uint32Array> {
  if (asked.length === 0) return NONE;
  const ranges = disjoint(asked);
  // The inner limit keeps each range a scan of its own: without it the planner may read the whole
  // vault and join.
  const { rows } = await sql<{ readonly records: Uint32Array | null }>`
    select array_agg(record) as records from (
      select e.record
      from unnest(${int4Array(ranges.map((range) => range.column))}::int4[],
        ${uuidArray(ranges.map((range) => range.low))}::uuid[],
        ${uuidArray(ranges.map((range) => range.high))}::uuid[]) as p (c, low, high)
      cross join lateral (
        select o.record from ordered_entry o
        where o.vault = ${vault} and o.index_column = p.c and o.term > p.low and o.term < p.high
        order by o.term limit ${limit}) as e
      limit ${limit}) as found`.execute(trx);
  return rows[0]?.records ?? NONE;
}

/**
 * Those of some records that have a term in one of some ranges.
 *
 * Plan:    `ordered_entry_by_record`, once for each record.
 */
export async function recordsAmong(
  trx: Trx,
  vault: VaultId,
  asked: readonly OrderedRange[],
  records: readonly number[],
): Promise<Uint32Array> {
  const ranges = disjoint(asked);
  const { rows } = await sql<{ readonly records: Uint32Array | null }>`
    select array_agg(o.record) as records
    from unnest(${int4Array(records)}::int4[]) as r (record)
    cross join lateral (
      select e.record, e.index_column, e.term from ordered_entry e
      where e.vault = ${vault} and e.record = r.record offset 0) as o
    join unnest(${int4Array(ranges.map((range) => range.column))}::int4[],
      ${uuidArray(ranges.map((range) => range.low))}::uuid[],
      ${uuidArray(ranges.map((range) => range.high))}::uuid[]) as p (c, low, high)
      on p.c = o.index_column and o.term > p.low and o.term < p.high`.execute(trx);
  return rows[0]?.records ?? NONE;
}

/**
 * All records that have a term in one of some columns, with repeats.
 *
 * Plan:    one index-only range of the primary key of `ordered_entry` for each column.
 */
export async function recordsInColumns(
  trx: Trx,
  vault: VaultId,
  columns: readonly number[],
): Promise<Uint32Array> {
  const { rows } = await sql<{ readonly records: Uint32Array | null }>`
    select array_agg(e.record) as records
    from unnest(${int4Array(columns)}::int4[]) as p (c)
    cross join lateral (
      select o.record from ordered_entry o
      where o.vault = ${vault} and o.index_column = p.c offset 0) as e`.execute(trx);
  return rows[0]?.records ?? NONE;
}

/**
 * The next entries of a range, in order of term.
 *
 * Takes:   `from`, the last entry of the page before, or `FIRST` or `LAST`.
 * Plan:    one index-only range of the primary key of `ordered_entry`, from that entry on.
 */
export async function nextEntries(
  trx: Trx,
  vault: VaultId,
  range: OrderedRange,
  from: Place,
  descending: boolean,
  limit: number,
): Promise<readonly Place[]> {
  // One bound on each side: of two the index would begin at either.
  const { term, record } = within(range, from, descending);
  const bounds = descending
    ? sql`(term, record) < (${term}::uuid, ${record}::int4) and term > ${range.low}::uuid`
    : sql`(term, record) > (${term}::uuid, ${record}::int4) and term < ${range.high}::uuid`;
  const direction = descending ? sql`desc` : sql`asc`;
  const { rows } = await sql<Place>`
    select term, record from ordered_entry
    where vault = ${vault} and index_column = ${range.column} and ${bounds}
    order by term ${direction}, record ${direction} limit ${limit}`.execute(trx);
  return rows;
}

/** A place that is not before the beginning of a range: a cursor may say anything. */
function within(range: OrderedRange, from: Place, descending: boolean): Place {
  if (descending) {
    const inside = compareBytes(from.term, range.high) < 0;
    return inside ? from : { term: range.high, record: 0 };
  }
  const inside = compareBytes(from.term, range.low) > 0;
  return inside ? from : { term: range.low, record: LAST.record };
}

/** A term of a record in a column. */
export interface RecordTerm {
  readonly record: number;
  readonly column: number;
  readonly term: Term;
}

/**
 * The terms that some records have in some columns.
 *
 * Plan:    `ordered_entry_by_record`, once for each record.
 */
export async function termsOf(
  trx: Trx,
  vault: VaultId,
  records: readonly number[],
  columns: readonly number[],
): Promise<readonly RecordTerm[]> {
  const { rows } = await sql<RecordTerm>`
    select o.record, o.index_column as column, o.term
    from unnest(${int4Array(records)}::int4[]) as r (record)
    cross join lateral (
      select e.record, e.index_column, e.term from ordered_entry e
      where e.vault = ${vault} and e.record = r.record offset 0) as o
    where o.index_column = any(${int4Array(columns)}::int4[])`.execute(trx);
  return rows;
}

/** The place of a record in a list of ranges: the first of them that it is in, and its least term there. */
export interface FirstPlace {
  readonly range: number;
  readonly term: Term;
}

/**
 * Where each of some records comes first in a list of ranges.
 *
 * The database compares, and gives one row a record: who asks says how many ranges there are, and who
 * writes how many terms, and together they are too many to be compared while others wait.
 *
 * Plan:    `ordered_entry_by_record`, once for each record.
 */
export async function firstPlaces(
  trx: Trx,
  vault: VaultId,
  ranges: readonly OrderedRange[],
  records: readonly number[],
): Promise<ReadonlyMap<number, FirstPlace>> {
  const { rows } = await sql<FirstPlace & { readonly record: number }>`
    select distinct on (o.record) o.record, p.at::int4 - 1 as range, o.term
    from unnest(${int4Array(records)}::int4[]) as r (record)
    cross join lateral (
      select e.record, e.index_column, e.term from ordered_entry e
      where e.vault = ${vault} and e.record = r.record offset 0) as o
    join unnest(${int4Array(ranges.map((range) => range.column))}::int4[],
      ${uuidArray(ranges.map((range) => range.low))}::uuid[],
      ${uuidArray(ranges.map((range) => range.high))}::uuid[]) with ordinality as p (c, low, high, at)
      on p.c = o.index_column and o.term > p.low and o.term < p.high
    order by o.record, p.at, o.term`.execute(trx);
  return new Map(rows.map(({ record, range, term }) => [record, { range, term }]));
}

/** The least and the greatest term bound a whole column. */
export function wholeColumn(column: number): OrderedRange {
  return { column, low: FIRST.term, high: LAST.term };
}

/** A term as text that sorts as it does. */
export function termName(term: Bytes): string {
  return Buffer.from(term.buffer, term.byteOffset, term.length).toString("hex");
}
