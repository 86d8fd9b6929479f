import { toHex } from "@salus/base";
import type { CellHandle, SourceHandle } from "@salus/protocol";
import { sql } from "kysely";
import type { Trx } from "../database/schema.ts";
import { Recent } from "../recent.ts";
import { RecordSet } from "../record-set.ts";
import type { VaultRow } from "./vault.ts";

/** The records of one source in one cell; tombstones are not among them. */
export interface Ward {
  readonly source: SourceHandle;
  readonly cell: CellHandle;
  readonly records: RecordSet;
}

interface KeptWards {
  readonly batches: number;
  readonly wards: readonly Ward[];
}

const KEPT_BYTES = 33_554_432;

/** Which records a vault has, by source and cell: a cache that the database fills. */
export class WardCache {
  readonly #kept = new Recent<KeptWards>(KEPT_BYTES);

  /**
   * The records of a vault as of its row.
   *
   * Plan:    one index-only range of the primary key of `record`, unless it is kept.
   */
  async of(trx: Trx, row: VaultRow): Promise<readonly Ward[]> {
    const name = toHex(row.vault);
    const kept = this.#kept.get(name);
    if (kept?.batches === row.batches) return kept.wards;
    const wards = await readWards(trx, row);
    if (kept === undefined || kept.batches < row.batches) {
      const weight = wards.length * (row.records / 8 + 64);
      this.#kept.set(name, { batches: row.batches, wards }, weight);
    }
    return wards;
  }
}

interface WardRow {
  readonly source: SourceHandle;
  readonly cell: CellHandle;
  readonly records: Uint32Array;
}

async function readWards(trx: Trx, row: VaultRow): Promise<readonly Ward[]> {
  const { rows } = await sql<WardRow>`
    select source, cell, array_agg(record) as records from record
    where vault = ${row.vault} and not tombstone group by source, cell`.execute(trx);
  return rows.map(({ source, cell, records }) => ({
    source,
    cell,
    records: RecordSet.of(row.records, records),
  }));
}
