import type { DeriveError } from "@salus/health";

/** Why one record was not taken, while others were. */
export type RefusedReason =
  | DeriveError["kind"]
  /** The patient has opened no cell for its category. */
  | "no-cell"
  /** Its envelope would be larger than a cloud takes. */
  | "too-large"
  /** A provider id in its path is longer than a certificate takes, or there are too many. */
  | "bad-path"
  /** There is nothing to delete, or to index again. */
  | "not-stored"
  /** What is stored is another version: upload it instead of indexing it again. */
  | "changed"
  /** It is not known which cell it is in: say its category. */
  | "unknown-category";

export interface RefusedRecord {
  readonly type: string;
  readonly id: string | undefined;
  readonly problem: RefusedReason;
  /** The element, or the category, that the problem is about: never a value. */
  readonly where: string | undefined;
}

/** What was done with the resources. */
export interface UploadReport {
  readonly records: number;
  readonly entries: number;
  readonly batches: number;
  /** Bytes of the uploads. */
  readonly bytes: number;
  /** Already there with the same content. */
  readonly unchanged: number;
  readonly refused: readonly RefusedRecord[];
}

/** A report while it grows. */
export class Tally implements UploadReport {
  records = 0;
  entries = 0;
  batches = 0;
  bytes = 0;
  unchanged = 0;
  readonly refused: RefusedRecord[] = [];
}
