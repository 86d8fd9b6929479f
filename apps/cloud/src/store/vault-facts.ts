import { toHex } from "@salus/base";
import type { Trx } from "../database/schema.ts";
import { Recent } from "../recent.ts";
import { type ColumnNumbers, type ColumnPlace, findColumns, nameOf } from "./index-column.ts";
import { type NewestBatch, newestBatches } from "./source.ts";
import type { VaultRow } from "./vault.ts";

/** Columns by name, as of the number of columns that a vault had; nothing for one without entries. */
interface KeptColumns {
  readonly columns: number;
  readonly numbers: ReadonlyMap<string, number | undefined>;
}

interface KeptBatches {
  readonly batches: number;
  readonly newest: ReadonlyMap<string, NewestBatch>;
}

const KEPT_BYTES = 16_777_216;
const NAME_BYTES = 128;

/**
 * What every question asks of a vault and only an upload changes, as of the vault's row: caches that
 * the database fills.
 */
export class VaultFacts {
  readonly #columns = new Recent<KeptColumns>(KEPT_BYTES);
  readonly #batches = new Recent<KeptBatches>(KEPT_BYTES);

  /**
   * The numbers of those columns that have had an entry.
   *
   * Plan:    as `findColumns`, for those that were not asked for since the vault got another column.
   */
  async columnsOf(trx: Trx, row: VaultRow, places: readonly ColumnPlace[]): Promise<ColumnNumbers> {
    const vault = toHex(row.vault);
    const kept = this.#columns.get(vault);
    // A number is given for good, but that there is none holds only until the next is given.
    const current = kept?.columns === row.index_columns;
    const isKnown = (name: string): boolean =>
      kept?.numbers.get(name) !== undefined || (current && kept.numbers.has(name));
    const unknown = places.filter((place) => !isKnown(nameOf(place)));
    let numbers = kept?.numbers ?? new Map<string, number | undefined>();
    if (unknown.length > 0) {
      const found = await findColumns(trx, row.vault, unknown);
      const asked = unknown.map((place) => [nameOf(place), found.get(nameOf(place))] as const);
      const given = [...numbers].filter(([, number]) => current || number !== undefined);
      numbers = new Map([...given, ...asked]);
      const facts = { columns: row.index_columns, numbers };
      this.#columns.set(vault, facts, numbers.size * NAME_BYTES);
    }
    const named = new Map<string, number>();
    for (const name of places.map(nameOf)) {
      const number = numbers.get(name);
      if (number !== undefined) named.set(name, number);
    }
    return named;
  }

  /**
   * The newest batch of each source, by the hexadecimal of its handle.
   *
   * Plan:    as `newestBatches`, once for each batch of the vault.
   */
  async newestBatches(trx: Trx, row: VaultRow): Promise<ReadonlyMap<string, NewestBatch>> {
    const vault = toHex(row.vault);
    const kept = this.#batches.get(vault);
    if (kept?.batches === row.batches) return kept.newest;
    const newest = await newestBatches(trx, row.vault);
    if (kept === undefined || kept.batches < row.batches) {
      const facts = { batches: row.batches, newest };
      this.#batches.set(vault, facts, (newest.size + 1) * NAME_BYTES);
    }
    return newest;
  }
}
