import { splitEnvelope } from "@salus/evaluate";
import {
  Absent,
  type CellHandle,
  isAbsent,
  LIMITS,
  type RecordHandle,
  type RecordsPage,
  type RecordsQuestion,
  type StoredRevision,
  type VerifyKey,
} from "@salus/protocol";
import { inSnapshot, uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";
import type { Access } from "./access.ts";
import { wrapsOf } from "./batch-page.ts";
import { certificatesFor } from "./certificate.ts";
import { entriesOf } from "./entry.ts";
import { NO_BATCH_HANDLE } from "./no-batch.ts";

/** A record of a page. */
export interface PageRow {
  readonly record: number;
  readonly handle: RecordHandle;
  readonly revision: number;
  readonly cell: CellHandle;
  readonly batch: number;
  readonly batch_handle: Uint8Array<ArrayBuffer>;
  readonly envelope: Uint8Array<ArrayBuffer>;
  /** How many records there were to choose the page from. */
  readonly found: number;
}

/** With entries a page has fewer records: each may have a thousand of them. */
const WITH_ENTRIES_MAX = 200;

/**
 * Records of one source in order of handle, tombstones included.
 *
 * Sees:    sealed bytes and opaque terms; this process can decrypt neither.
 * Plan:    a range of `record_by_source`; then as `entriesOf` and `wrapsOf`.
 */
export async function recordPage(
  db: Kysely<Schema>,
  access: Access<"list-records">,
  question: RecordsQuestion,
): Promise<RecordsPage> {
  return inSnapshot(db, async (trx) => {
    const asked = question.entries ? Math.min(question.limit, WITH_ENTRIES_MAX) : question.limit;
    const rows = await pageRows(trx, access, question, asked);
    const page = rows.slice(0, asked); // The query looks one further.
    const numbers = page.map((row) => row.record);
    const entries = question.entries ? await entriesOf(trx, access.vault, numbers) : new Map();
    const source = access.role.role === "source";
    const opened = source
      ? { wraps: [], certificates: [] }
      : await openersOf(trx, access.vault, page, sourceKeys(access));
    return {
      records: page.map((row) => ({
        record: row.handle,
        revision: row.revision,
        batch: row.batch_handle as RecordsPage["records"][number]["batch"],
        envelope: source ? new Uint8Array() : row.envelope,
        entries: entries.get(row.record) ?? [],
      })),
      ...opened,
      more: (rows[0]?.found ?? 0) > page.length,
    };
  });
}

/** Fewer than asked for where the envelopes are large. */
async function pageRows(
  trx: Trx,
  access: Access<"list-records">,
  question: RecordsQuestion,
  limit: number,
): Promise<readonly PageRow[]> {
  const { role } = access;
  const after = isAbsent(question.after) ? sql`true` : sql`r.handle > ${question.after}`;
  const cells =
    role.role === "grantee"
      ? sql`r.cell = any(${uuidArray(role.allowed.cells)}::uuid[])`
      : sql`true`;
  const envelope = role.role === "source" ? sql`''::bytea` : sql`r.envelope`;
  const { rows } = await sql<PageRow>`
    select * from (
      select r.record, r.handle, r.revision, r.cell, r.batch, coalesce(b.handle, ${NO_BATCH_HANDLE}::uuid)
          as batch_handle, ${envelope} as envelope, count(*) over () as found, row_number() over (order by r.handle) as place,
        sum(octet_length(r.envelope)) over (order by r.handle) as bytes
      from (select * from record r
        where r.vault = ${access.vault} and r.source = ${question.source} and ${after} and ${cells}
        order by r.handle limit ${limit + 1}) as r
      left join batch b on b.vault = r.vault and b.batch = r.batch) as page
    where bytes <= ${LIMITS.pageBytes} or place = 1 order by place`.execute(trx);
  return rows;
}

/** What a reader needs to open and to believe records: their batches' wraps, their authors' certificates. */
export async function openersOf(
  db: Kysely<Schema>,
  vault: VaultId,
  rows: readonly Pick<PageRow, "batch" | "cell" | "envelope">[],
  known: readonly VerifyKey[],
): Promise<Pick<RecordsPage, "wraps" | "certificates">> {
  const authors = rows.flatMap((row) => {
    const parts = splitEnvelope(row.envelope);
    return parts.ok ? [parts.value.author] : [];
  });
  return {
    wraps: await wrapsOf(db, vault, rows),
    certificates: await certificatesFor(db, vault, authors, known),
  };
}

/** The keys of a vault's sources: authors that need no certificate. */
export function sourceKeys(
  access: Access<"query" | "list-records" | "read-history">,
): readonly VerifyKey[] {
  return [...access.chain.sources.values()].map((source) => source.key);
}

/**
 * What is stored of some records of the source that asks; revision 0 for none.
 *
 * Plan:    `record_by_handle`, once for each.
 */
export async function revisionsOf(
  db: Kysely<Schema>,
  access: Access<"read-revisions">,
  handles: readonly RecordHandle[],
): Promise<readonly StoredRevision[]> {
  const { source } = access.role.source;
  const { rows } = await sql<{ [K in keyof StoredRevision]: StoredRevision[K] | null }>`
    select r.revision, r.tombstone, r.cell from unnest(${uuidArray(handles)}::uuid[]) with ordinality as h (handle, place)
    left join record r on r.vault = ${access.vault} and r.handle = h.handle
      and r.source = ${source}::uuid
    order by h.place`.execute(db);
  return rows.map(({ revision, tombstone, cell }) => ({
    revision: revision ?? 0,
    tombstone: tombstone ?? false,
    cell: cell ?? Absent.of(new Uint8Array(0)),
  }));
}
