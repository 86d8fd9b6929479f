import { LIMITS } from "@salus/protocol";
import { int4Array } from "@salus/service";
import { sql } from "kysely";
import type { Trx, VaultId } from "../database/schema.ts";
import { NO_BATCH_HANDLE } from "./no-batch.ts";
import type { PageRow } from "./record-page.ts";

/** As many of some records as a page of bytes holds. */
export interface Candidates {
  readonly rows: readonly (PageRow & { readonly place: number })[];
  /** How many of the records asked for are behind us; those that are not stored are, too. */
  readonly done: number;
}

/**
 * Some records with their envelopes, in the order asked for.
 *
 * A row that names a record or a batch which somebody removed is left out, or names no batch: who
 * verifies will miss it, and who asks is answered with the rest.
 *
 * Sees:    sealed bytes; this process cannot decrypt them.
 * Plan:    primary keys of `record` and `batch`, once for each.
 */
export async function readCandidates(
  trx: Trx,
  vault: VaultId,
  records: readonly number[],
): Promise<Candidates> {
  if (records.length === 0) return { rows: [], done: 0 };
  // Sizes first: an envelope that does not fit is not read. The limits keep each look-up one of its
  // own, however small the planner believes the tables to be.
  const { rows } = await sql<PageRow & { readonly place: number }>`
    select * from (
      select r.record, r.handle, r.revision, r.cell, r.batch, r.envelope,
        coalesce(b.handle, ${NO_BATCH_HANDLE}::uuid) as batch_handle, a.place,
        count(*) over () as found, sum(octet_length(r.envelope)) over (order by a.place) as bytes
      from unnest(${int4Array(records)}::int4[]) with ordinality as a (record, place)
      cross join lateral (select * from record
        where record.vault = ${vault} and record.record = a.record limit 1) as r
      left join lateral (select handle from batch
        where batch.vault = ${vault} and batch.batch = r.batch limit 1) as b on true) as page
    where bytes <= ${LIMITS.pageBytes} or bytes = octet_length(envelope) order by place`.execute(
    trx,
  );
  const last = rows.at(-1);
  const whole = last === undefined || last.found === rows.length;
  return { rows, done: whole ? records.length : last.place };
}
