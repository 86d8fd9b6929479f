import { LIMITS } from "@salus/protocol";
import { sql } from "kysely";
import { int4Array } from "../database/arrays.ts";
import type { VaultId } from "../database/schema.ts";
import type { PageRow } from "./record-page.ts";
import type { Trx } from "./transaction.ts";

/**
 * Some records with their envelopes, in the order asked for, as many as a page of bytes holds.
 *
 * Sees:    sealed bytes; this process cannot decrypt them.
 * Plan:    primary keys of `record` and `batch`, once for each.
 */
export async function readCandidates(
  trx: Trx,
  vault: VaultId,
  records: readonly number[],
): Promise<readonly PageRow[]> {
  if (records.length === 0) return [];
  // Sizes first: an envelope that does not fit is not read. The limits keep each look-up one of its
  // own, however small the planner believes the tables to be.
  const { rows } = await sql<PageRow>`
    select * from (
      select r.record, r.handle, r.revision, r.cell, r.batch, b.handle as batch_handle, r.envelope,
        a.place, sum(octet_length(r.envelope)) over (order by a.place) as bytes
      from unnest(${int4Array(records)}::int4[]) with ordinality as a (record, place)
      cross join lateral (select * from record
        where record.vault = ${vault} and record.record = a.record limit 1) as r
      cross join lateral (select handle from batch
        where batch.vault = ${vault} and batch.batch = r.batch limit 1) as b) as page
    where bytes <= ${LIMITS.pageBytes} or place = 1 order by place`.execute(trx);
  return rows;
}
