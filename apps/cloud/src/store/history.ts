import { named } from "@salus/evaluate";
import { type HistoryPage, type HistoryQuestion, LIMITS, type SourceHandle } from "@salus/protocol";
import { inSnapshot, uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx } from "../database/schema.ts";
import type { Access } from "./access.ts";
import { NO_BATCH_HANDLE } from "./no-batch.ts";
import { openersOf, type PageRow, sourceKeys } from "./record-page.ts";

/**
 * All revisions of some records, the newest first, those that stand now among them.
 *
 * Who was granted some cells is given the revisions in these, of sources that have not ended.
 *
 * Sees:    sealed bytes; this process cannot decrypt them.
 * Plan:    `record_by_handle`, then ranges of `earlier_revision`, once for each record; then as
 *          `openersOf`.
 */
export async function historyPage(
  db: Kysely<Schema>,
  access: Access<"read-history">,
  question: HistoryQuestion,
): Promise<HistoryPage> {
  return inSnapshot(db, async (trx) => {
    const rows = await historyRows(trx, access, question);
    const page = rows.slice(0, question.limit); // The query looks one further.
    return {
      revisions: page.map(({ handle, revision, batch_handle, envelope }) => ({
        record: handle,
        revision,
        batch: batch_handle as HistoryPage["revisions"][number]["batch"],
        envelope,
      })),
      ...(await openersOf(trx, access.vault, page, sourceKeys(access))),
      more: (rows[0]?.found ?? 0) > page.length,
    };
  });
}

/** Fewer than asked for where the envelopes are large. */
async function historyRows(
  trx: Trx,
  { vault, role, chain }: Access<"read-history">,
  { records, before, limit }: HistoryQuestion,
): Promise<readonly PageRow[]> {
  const isLive = (source: SourceHandle): boolean => named(chain.sources, source)?.status === "live";
  const allowed =
    role.role === "grantee"
      ? sql`v.cell = any(${uuidArray(role.allowed.cells)}::uuid[])
          and r.source = any(${uuidArray(role.allowed.sources.filter(isLive))}::uuid[])`
      : sql`true`;
  const { rows } = await sql<PageRow>`
    select * from (
      select f.*, coalesce(b.handle, ${NO_BATCH_HANDLE}::uuid) as batch_handle, count(*) over () as found,
        row_number() over (order by place, revision desc) as at,
        sum(octet_length(envelope)) over (order by place, revision desc) as bytes
      from (select r.record, r.handle, v.*, a.place
        from unnest(${uuidArray(records)}::uuid[]) with ordinality as a (handle, place)
        join record r on r.vault = ${vault} and r.handle = a.handle
        cross join lateral (select r.revision, r.cell, r.batch, r.envelope
          union all select e.revision, e.cell, e.batch, e.envelope from earlier_revision e
            where e.vault = ${vault} and e.record = r.record) as v
        where ${allowed} and (a.place > 1 or ${before}::int8 = 0 or v.revision < ${before}::int8)
        order by a.place, v.revision desc limit ${limit + 1}) as f
      left join batch b on b.vault = ${vault} and b.batch = f.batch) as page
    where bytes <= ${LIMITS.pageBytes} or at = 1 order by at`.execute(trx);
  return rows;
}
