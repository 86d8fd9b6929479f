import type { Bytes, Result } from "@salus/base";
import * as v from "valibot";
import {
  bytesField,
  checked,
  decodeAs,
  listField,
  opaqueField,
  type Schema,
  sortedField,
  timeField,
  uintField,
} from "./fields.ts";
import {
  BatchId,
  Digest,
  type Malformed,
  RecordHandle,
  ScopeHandle,
  SourceHandle,
  VaultHandle,
} from "./ids.ts";
import { type CellWrap, cellWrapField } from "./suites.ts";

/** What a source signs of one upload. Spec: batch §4. */
export interface BatchStatement {
  readonly vault: VaultHandle;
  readonly source: SourceHandle;
  readonly batch: BatchId;
  readonly number: number;
  readonly prev: Digest;
  readonly head: ChainHead;
  readonly time: number;
  readonly policyVersion: number;
  readonly scopes: readonly ScopeHandle[];
  readonly wraps: Digest;
  readonly items: number;
  readonly root: Digest;
}

/** The newest link of a chain that somebody saw. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: Digest;
}

/** A new revision of a record, with its index entries. Spec: batch §3. */
export interface RecordItem {
  readonly envelope: Bytes;
  readonly expects: number;
  readonly entries: readonly Bytes[];
}

/** Index entries alone, for a revision that is stored. Spec: batch §3. */
export interface IndexItem {
  readonly record: RecordHandle;
  readonly revision: number;
  readonly entries: readonly Bytes[];
}

export type BatchItem = RecordItem | IndexItem;

/** What a source sends. Spec: batch §4. */
export interface Upload {
  readonly statement: Bytes;
  readonly wraps: readonly CellWrap[];
  readonly certificates: readonly Bytes[];
  readonly items: readonly BatchItem[];
}

export const BATCH_ITEMS_MAX = 1000;
export const BATCH_CERTIFICATES_MAX = 256;
export const ITEM_ENTRIES_MAX = 1024;
export const ITEM_ENTRIES_BYTES_MAX = 65_536;
export const ENVELOPE_BYTES_MAX = 8_388_608;

/** Header, commitment, one chunk's tag, author key and signature: spec/envelope.md. */
const ENVELOPE_BYTES_MIN = 160 + 32 + 16 + 32 + 64;
/** The shortest entry is a sealed one of three blocks. */
const ENTRY_BYTES_MIN = 1 + 16 + 16 + 16;

/** More scopes than this do not fit a signed statement. */
const SCOPES_MAX = 4096;

/** A signed statement has at most this many bytes, unless it is a grant. Spec: statements §1. */
export const SIGNED_BYTES_MAX = 65_536;
/** A grant grows with what it covers, and with every generation of it. Spec: statements §1. */
export const GRANT_BYTES_MAX = 1_048_576;

export const batchSchema: Schema<BatchStatement> = v.strictObject({
  vault: opaqueField(VaultHandle),
  source: opaqueField(SourceHandle),
  batch: opaqueField(BatchId),
  number: uintField(1),
  prev: opaqueField(Digest),
  head: v.strictObject({ seq: uintField(), hash: opaqueField(Digest) }),
  time: timeField(),
  policyVersion: uintField(0, 0xffff_ffff),
  scopes: sortedField(opaqueField(ScopeHandle), SCOPES_MAX),
  wraps: opaqueField(Digest),
  items: uintField(1, BATCH_ITEMS_MAX),
  root: opaqueField(Digest),
});

const entries: Schema<readonly Bytes[]> = checked(
  sortedField(bytesField(ENTRY_BYTES_MIN, ITEM_ENTRIES_BYTES_MAX), ITEM_ENTRIES_MAX),
  (list) => list.reduce((size, entry) => size + entry.length, 0) <= ITEM_ENTRIES_BYTES_MAX,
);

const revision = uintField(1, 0xffff_ffff);

const item: Schema<BatchItem> = v.union([
  v.strictObject({
    envelope: bytesField(ENVELOPE_BYTES_MIN, ENVELOPE_BYTES_MAX),
    expects: uintField(0, 0xffff_fffe),
    entries,
  }),
  v.strictObject({ record: opaqueField(RecordHandle), revision, entries }),
]);

const upload: Schema<Upload> = v.strictObject({
  statement: bytesField(1, SIGNED_BYTES_MAX),
  wraps: listField(cellWrapField, BATCH_ITEMS_MAX),
  certificates: listField(bytesField(1, SIGNED_BYTES_MAX), BATCH_CERTIFICATES_MAX),
  items: listField(item, BATCH_ITEMS_MAX),
});

/** Read what a source sent. Fails: `malformed`. */
export function parseUpload(body: Uint8Array): Result<Upload, Malformed> {
  return decodeAs(upload, body, "upload");
}
