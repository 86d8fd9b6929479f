import type { Bytes } from "@salus/base";
import { int4Array } from "@salus/service";
import { sql } from "kysely";
import type { Trx, VaultId } from "../database/schema.ts";
import { Recent } from "../recent.ts";
import type { VaultRow } from "./vault.ts";

/** What is scanned and not searched: sealed halves, or tag lists. */
export type ScanKind = "sealed" | "tags";

/** Some rows of a scanned column: their records, and their bytes one after the other. */
export interface ScanChunk {
  readonly records: Uint32Array;
  /** Where each row begins, and at last where the last one ends. */
  readonly offsets: Uint32Array;
  readonly bytes: Bytes;
}

/** A column in memory, as of one batch of its vault. */
interface KeptColumn {
  readonly batches: number;
  readonly last: RowPlace;
  readonly chunks: readonly ScanChunk[];
}

/** Where a row stands in its column. */
interface RowPlace {
  readonly record: number;
  readonly position: number;
}

const START: RowPlace = { record: 0, position: 0 };

const KEPT_BYTES = 134_217_728;
/** A column that is larger is read for every query, and never held whole. */
const COLUMN_BYTES_MAX = 33_554_432;
/** Chunks that came batch by batch are read again as larger ones when there are so many. */
const CHUNKS_MAX = 64;
/** A tag list has at most 8 kB, a right half 62 bytes. */
const ROWS_AT_ONCE = { sealed: 32_768, tags: 4096 } as const;
/** The beginnings of so many columns are read together: most columns are short. */
const COLUMNS_AT_ONCE = 16;
const FIRST_ROWS = 2048;

/**
 * The scanned columns that were used lately: a cache that the database fills.
 *
 * A column is as of a batch of its vault, and used for a question about the same one. New batches
 * are added to what is kept; a batch that replaced entries makes what is kept worthless.
 */
export class ScanCache {
  readonly columnBytesMax: number;
  readonly #kept = new Recent<KeptColumn>(KEPT_BYTES);

  /** Takes: `columnBytesMax`, how large a column may be to be held. */
  constructor(columnBytesMax: number = COLUMN_BYTES_MAX) {
    this.columnBytesMax = columnBytesMax;
  }

  /** The column as of this batch, or as of an earlier one that it only adds to. */
  find(row: VaultRow, name: string): KeptColumn | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined || kept.batches > row.batches) return undefined;
    const current = kept.batches === row.batches || row.rewritten <= kept.batches;
    return current && kept.chunks.length <= CHUNKS_MAX ? kept : undefined;
  }

  keep(name: string, column: KeptColumn): void {
    const known = this.#kept.get(name);
    if (known !== undefined && known.batches > column.batches) return;
    const bytes = bytesOf(column.chunks);
    if (bytes <= this.columnBytesMax) this.#kept.set(name, column, bytes + 256);
  }

  get bytes(): number {
    return this.#kept.weight;
  }
}

/** How many bytes chunks hold: rows, and eight for each row's number and place. */
function bytesOf(chunks: readonly ScanChunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.bytes.length + 8 * chunk.records.length, 0);
}

/**
 * The rows of some columns, column by column and chunk by chunk.
 *
 * Takes:   `row`, the vault's row as of the transaction's moment.
 * Sees:    right halves and tags; this process can read none.
 * Plan:    a range of the primary key of `sealed_entry` or `tag_list` for each column that is not
 *          kept, or for what it has gained.
 */
export async function* scanColumns(
  trx: Trx,
  cache: ScanCache,
  row: VaultRow,
  kind: ScanKind,
  columns: readonly number[],
): AsyncGenerator<{ readonly column: number; readonly chunk: ScanChunk }> {
  const prefix = `${Buffer.from(row.vault).toString("hex")} `;
  for (let at = 0; at < columns.length; at += COLUMNS_AT_ONCE) {
    const some = columns.slice(at, at + COLUMNS_AT_ONCE);
    const kept = new Map(some.map((column) => [column, cache.find(row, prefix + column)]));
    const behind = some.filter((column) => kept.get(column)?.batches !== row.batches);
    const places = behind.map((column) => kept.get(column)?.last ?? START);
    const gained = await firstRows(trx, row.vault, kind, behind, places);
    for (const column of some) {
      const before = kept.get(column);
      for (const chunk of before?.chunks ?? []) yield { column, chunk };
      if (before?.batches === row.batches) continue;
      const chunks = [...(before?.chunks ?? [])];
      let last = before?.last ?? START;
      let bytes = bytesOf(chunks);
      for await (const read of restOf(trx, row.vault, kind, column, gained.get(column))) {
        yield { column, chunk: read.chunk };
        last = read.last;
        bytes += bytesOf([read.chunk]);
        if (bytes <= cache.columnBytesMax) chunks.push(read.chunk);
      }
      if (bytes <= cache.columnBytesMax) {
        cache.keep(prefix + column, { batches: row.batches, last, chunks });
      }
    }
  }
}

/** Rows that were read, and where the last of them stands. */
interface Read {
  readonly chunk: ScanChunk;
  readonly last: RowPlace;
  /** Whether there may be more behind it. */
  readonly full: boolean;
}

async function* restOf(
  trx: Trx,
  vault: VaultId,
  kind: ScanKind,
  column: number,
  first: Read | undefined,
): AsyncGenerator<Read> {
  let read = first;
  while (read !== undefined) {
    yield read;
    if (!read.full) return;
    const { last } = read;
    const next = await readRows(trx, vault, kind, [column], [last], ROWS_AT_ONCE[kind]);
    read = next.get(column);
  }
}

function firstRows(
  trx: Trx,
  vault: VaultId,
  kind: ScanKind,
  columns: readonly number[],
  from: readonly RowPlace[],
): Promise<ReadonlyMap<number, Read>> {
  return readRows(trx, vault, kind, columns, from, FIRST_ROWS);
}

interface AggregatedRow {
  readonly column: number;
  readonly records: Uint32Array | null;
  readonly positions: Uint32Array | null;
  readonly sizes: Uint32Array | null;
  readonly bytes: Bytes | null;
}

async function readRows(
  trx: Trx,
  vault: VaultId,
  kind: ScanKind,
  columns: readonly number[],
  from: readonly RowPlace[],
  limit: number,
): Promise<ReadonlyMap<number, Read>> {
  if (columns.length === 0) return new Map();
  const rows =
    kind === "sealed"
      ? sql`select record, position::int4 as position, half as value from sealed_entry
          where vault = ${vault} and index_column = p.c and (record, position) > (p.r, p.p)
          order by record, position limit ${limit}`
      : sql`select record, 0 as position, tags as value from tag_list
          where vault = ${vault} and index_column = p.c and record > p.r
          order by record limit ${limit}`;
  const result = await sql<AggregatedRow>`
    select p.c as column, s.* from unnest(${int4Array(columns)}::int4[],
      ${int4Array(from.map((place) => place.record))}::int4[],
      ${int4Array(from.map((place) => place.position))}::int4[]) as p (c, r, p)
    cross join lateral (
      select array_agg(record order by record, position) as records,
        array_agg(position order by record, position) as positions,
        array_agg(octet_length(value) order by record, position) as sizes,
        string_agg(value, ''::bytea order by record, position) as bytes
      from (${rows}) as v) as s`.execute(trx);
  const read = new Map<number, Read>();
  for (const { column, records, positions, sizes, bytes } of result.rows) {
    if (records === null || positions === null || sizes === null || bytes === null) continue;
    const offsets = new Uint32Array(sizes.length + 1);
    for (let at = 0; at < sizes.length; at += 1) {
      offsets[at + 1] = (offsets[at] as number) + (sizes[at] as number);
    }
    const last = { record: records.at(-1) ?? 0, position: positions.at(-1) ?? 0 };
    const full = records.length === limit;
    read.set(column, { chunk: { records, offsets, bytes }, last, full });
  }
  return read;
}
