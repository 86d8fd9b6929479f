import { ok, type Result, toHex } from "@salus/base";
import type { Malformed } from "@salus/protocol";
import type { Trx } from "../database/schema.ts";
import { RecordSet } from "../record-set.ts";
import { recordsAmong, recordsInRanges } from "../store/ordered-entry.ts";
import type { VaultRow } from "../store/vault.ts";
import type { Ward } from "../store/ward.ts";
import type { Clause, Question } from "./question.ts";
import type { Scanner } from "./scan.ts";

/** A clause that finds more than this by its ranges is left until others have narrowed the set. */
export const NARROW = 20_000;
/** A set so small is checked record by record, rather than reading a wide range. */
const FEW = 5000;
/** More than a vault holds. */
export const ALL = 0x7fff_ffff;

/** The records that a signer may be answered with. */
export function visibleRecords(
  row: VaultRow,
  wards: readonly Ward[],
  question: Question,
  shown: readonly Uint8Array[],
): RecordSet {
  const sources = new Set(shown.map(toHex));
  const cells = question.cells === undefined ? undefined : new Set(question.cells.map(toHex));
  const visible = new RecordSet(row.records);
  for (const ward of wards) {
    const seen = sources.has(toHex(ward.source)) && (cells?.has(toHex(ward.cell)) ?? true);
    if (seen) visible.unite(ward.records);
  }
  return visible;
}

/**
 * The records for which every clause holds.
 *
 * The cheapest comes first: narrow ranges, then scans in memory, then wide ranges, which need not be
 * read at all when few records are left. Nothing more is asked when none are.
 *
 * Takes:   at least one clause.
 * Fails:   `malformed`: a left half that is none.
 */
export async function matchingRecords(
  trx: Trx,
  row: VaultRow,
  clauses: readonly Clause[],
  scanner: Scanner,
): Promise<Result<RecordSet, Malformed>> {
  let found: RecordSet | undefined;
  const keep = (set: RecordSet): void => {
    if (found === undefined) found = set;
    else found.intersect(set);
  };
  const wide: Clause[] = [];
  for (const clause of clauses.filter(isRanges)) {
    const records = await recordsInRanges(trx, row.vault, clause.ranges, NARROW + 1);
    if (records.length > NARROW) wide.push(clause);
    else keep(RecordSet.of(row.records, records));
  }
  for (const clause of clauses.filter((one) => !isRanges(one))) {
    if (found?.isEmpty) break;
    const set = RecordSet.of(
      row.records,
      await recordsInRanges(trx, row.vault, clause.ranges, ALL),
    );
    const sealed = await scanner.addSealed(clause.sealed, set);
    if (!sealed.ok) return sealed;
    await scanner.addTagged(clause.tags, set);
    keep(set);
  }
  for (const clause of wide) {
    if (found?.isEmpty) break;
    const few = found !== undefined && found.size <= FEW ? found.after(0, FEW) : undefined;
    const records =
      few === undefined
        ? await recordsInRanges(trx, row.vault, clause.ranges, ALL)
        : await recordsAmong(trx, row.vault, clause.ranges, few);
    keep(RecordSet.of(row.records, records));
  }
  return ok(found ?? new RecordSet(row.records));
}

/** Whether a clause needs nothing but ordered ranges. */
export function isRanges(clause: Clause): boolean {
  return clause.sealed.length === 0 && clause.tags.length === 0;
}
