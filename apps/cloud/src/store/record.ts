import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { VerifiedBatch, VerifiedRecord } from "@salus/evaluate";
import type { Problem, RecordHandle, SourceHandle } from "@salus/protocol";
import { boolArray, byteaArray, int4Array, int8Array, uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";

/** What is stored of a record, without its envelope. */
export type RecordRow = Omit<Schema["record"], "envelope" | "vault">;

/**
 * Find records by their handles.
 *
 * Gives:   by the hexadecimal of the handle.
 * Plan:    `record_by_handle`, once for each.
 */
export async function findRecords(
  db: Kysely<Schema>,
  vault: VaultId,
  handles: readonly RecordHandle[],
): Promise<ReadonlyMap<string, RecordRow>> {
  const { rows } = await sql<RecordRow>`
    select record, handle, revision, source, cell, batch, tombstone from record
    where vault = ${vault} and handle = any(${uuidArray(handles)}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [toHex(row.handle), row]));
}

/** Why a batch does not fit the records that are stored. Spec: batch §5. */
export type RecordConflict = Extract<
  Problem,
  { readonly kind: "not-yours" | "revision-conflict" | "malformed" }
>;

/** What a batch does to records. */
export interface RecordPlan {
  /** The number of each item's record, in the order of the items. */
  readonly numbers: readonly number[];
  /** Records whose entries are replaced. */
  readonly replaced: readonly number[];
  /** How many numbers the vault has given out now. */
  readonly given: number;
}

/**
 * Judge a batch by the records that are stored, and give numbers to the new ones.
 *
 * Takes:   `stored`, the records that the batch names, as far as they are stored.
 * Fails:   `not-yours`: another source's record. `revision-conflict`: it is not the revision that
 *          the batch replaces, or adds to. `malformed`: entries for a tombstone.
 */
export function planRecords(
  batch: VerifiedBatch,
  stored: ReadonlyMap<string, RecordRow>,
  given: number,
): Result<RecordPlan, RecordConflict> {
  const numbers: number[] = [];
  const replaced: number[] = [];
  let last = given;
  for (const item of batch.items) {
    const known = stored.get(toHex(item.record));
    if (known !== undefined && !equalBytes(known.source, batch.source.source)) {
      return fail({ kind: "not-yours" });
    }
    const expected = item.kind === "record" ? item.expects : item.revision;
    const revision = known?.revision ?? 0;
    if (revision !== expected) {
      return fail({ kind: "revision-conflict", record: item.record, revision });
    }
    if (item.kind === "index" && known?.tombstone && item.entries.length > 0) {
      return fail({ kind: "malformed", what: "entries of a tombstone" });
    }
    if (known === undefined) last += 1;
    else replaced.push(known.record);
    numbers.push(known?.record ?? last);
  }
  return ok({ numbers, replaced, given: last });
}

/**
 * Store the envelopes of a batch: of new records, and of new revisions. What stood there before is kept
 * as it was sealed.
 *
 * Plan:    two statements; primary keys of `record` and `earlier_revision`.
 */
export async function writeRecords(
  trx: Trx,
  vault: VaultId,
  batch: number,
  source: SourceHandle,
  records: readonly { readonly number: number; readonly item: VerifiedRecord }[],
): Promise<void> {
  if (records.length === 0) return;
  const items = records.map(({ item }) => item);
  const updated = records.flatMap(({ number, item }) => (item.revision > 1 ? number : []));
  if (updated.length > 0) {
    await sql`insert into earlier_revision (vault, record, revision, cell, batch, envelope)
      select vault, record, revision, cell, batch, envelope from record
      where vault = ${vault} and record = any(${int4Array(updated)}::int4[])`.execute(trx);
  }
  await sql`insert into record
      (vault, record, handle, revision, source, cell, batch, tombstone, envelope)
    select ${vault}, n, h, v, ${source}::uuid, c, ${batch}, t, e
    from unnest(${int4Array(records.map(({ number }) => number))}::int4[],
      ${uuidArray(items.map((item) => item.record))}::uuid[],
      ${int8Array(items.map((item) => item.revision))}::int8[],
      ${uuidArray(items.map((item) => item.header.cell))}::uuid[],
      ${boolArray(items.map((item) => item.header.tombstone))}::bool[],
      ${byteaArray(items.map((item) => item.envelope))}::bytea[]) as r (n, h, v, c, t, e)
    on conflict (vault, record) do update set revision = excluded.revision, cell = excluded.cell,
      batch = excluded.batch, tombstone = excluded.tombstone, envelope = excluded.envelope`.execute(
    trx,
  );
}
