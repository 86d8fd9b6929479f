import type { BatchId, RecordHandle, SourceHandle, VaultHandle } from "@salus/protocol";

/** Something that an honest cloud and honest sources would not have given. */
export interface Finding {
  readonly kind: FindingKind;
  readonly vault: VaultHandle;
  readonly source?: SourceHandle;
  readonly batch?: BatchId;
  /** The number of a batch, where there is none to name. */
  readonly number?: number;
  readonly record?: RecordHandle;
  /** An earlier revision of the record; left out, the newest. */
  readonly revision?: number;
  /** The attribute of an index row, as far as it can be named. */
  readonly attribute?: string;
}

export type FindingKind =
  /** A record that does not open: changed, of another place, or by somebody who may not write it. */
  | "unreadable"
  /** A record that was found by something it does not say, or does not stand where it belongs. */
  | "wrongly-indexed"
  /** A record whose source says that somebody else made it. */
  | "misattributed"
  | "batch-missing"
  | "batch-changed"
  /** A batch whose source was shown another chain than the reader is: the cloud has forked it. */
  | "other-chain"
  | "record-missing"
  | "record-changed"
  | "record-added"
  | "row-missing"
  | "row-changed"
  | "row-added";
