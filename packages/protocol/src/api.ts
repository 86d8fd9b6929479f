import type { Bytes } from "@salus/base";
import * as v from "valibot";
import { type BatchWrap, batchWrapsSchema, certificatesSchema } from "./api-query.ts";
import { type ChainHead, GRANT_BYTES_MAX, SIGNED_BYTES_MAX } from "./batch.ts";
import { type CborValue, encodeCbor } from "./cbor.ts";
import {
  bytesField,
  listField,
  opaqueField,
  type Schema,
  textField,
  timeField,
  uintField,
} from "./fields.ts";
import {
  Absent,
  BatchId,
  CellHandle,
  Digest,
  GrantHandle,
  RecordHandle,
  SourceHandle,
  VaultHandle,
  VerifyKey,
} from "./ids.ts";
import { CHAIN_PAGE_MAX, LIMITS } from "./limits.ts";
import { type CellWrap, cellWrapField } from "./suites.ts";

export const CBOR_MEDIA = "application/cbor";

/** A message as it is sent. Read it with `decodeAs` and its schema. */
export function encodeMessage(message: object): Bytes {
  return encodeCbor(message as CborValue);
}

/** `GET /v1/cloud`. */
export interface CloudInfo {
  /** What capabilities are made out to. */
  readonly id: string;
  readonly version: string;
  readonly time: number;
  /** The key that signs the checkpoints of its log. */
  readonly log: VerifyKey;
  readonly limits: Readonly<Record<string, number>>;
}

/** `POST …/vaults` and `POST …/chain`. */
export interface Links {
  readonly links: readonly Bytes[];
}

/** What `POST …/vaults` answers. */
export interface NewVault extends ChainHead {
  readonly vault: VaultHandle;
}

/** `GET …/chain`. */
export interface ChainPage {
  readonly links: readonly Bytes[];
  readonly more: boolean;
}

/** What `POST …/batches` answers. Spec: batch §5. */
export interface Receipt {
  readonly batch: BatchId;
  readonly number: number;
  readonly hash: Digest;
  readonly records: number;
  readonly entries: number;
  readonly replayed: boolean;
}

/** `GET …/batches`. */
export interface BatchPage {
  readonly batches: readonly StoredBatch[];
  readonly more: boolean;
}

/** A batch as a reader verifies it: all but the items. */
export interface StoredBatch {
  readonly statement: Bytes;
  readonly wraps: readonly CellWrap[];
  readonly leaves: readonly Bytes[];
}

/** `POST …/records`. */
export interface RecordsQuestion {
  readonly source: SourceHandle;
  /** The last handle of the page before; absent at first. */
  readonly after: RecordHandle | Absent;
  readonly limit: number;
  readonly entries: boolean;
}

export interface RecordsPage {
  readonly records: readonly StoredRecord[];
  readonly wraps: readonly BatchWrap[];
  readonly certificates: readonly Bytes[];
  readonly more: boolean;
}

/** A record as it is stored; without its envelope for a source, which could not open it. */
export interface StoredRecord {
  readonly record: RecordHandle;
  readonly revision: number;
  readonly batch: BatchId;
  readonly envelope: Bytes;
  readonly entries: readonly StoredEntry[];
}

/** An index row, as the entry that it was made from. */
export interface StoredEntry {
  readonly batch: BatchId;
  readonly entry: Bytes;
}

/** `POST …/history`. */
export interface HistoryQuestion {
  readonly records: readonly RecordHandle[];
  /** Of the first record, only revisions before this one; 0 for all. */
  readonly before: number;
  readonly limit: number;
}

/** In the order of the records asked for, the newest revision of each first. */
export interface HistoryPage {
  readonly revisions: readonly HistoryRevision[];
  readonly wraps: readonly BatchWrap[];
  readonly certificates: readonly Bytes[];
  readonly more: boolean;
}

/** A revision as it was stored. */
export type HistoryRevision = Omit<StoredRecord, "entries">;

/** `POST …/revisions`. */
export interface RevisionsQuestion {
  readonly records: readonly RecordHandle[];
}

export interface RevisionsAnswer {
  readonly revisions: readonly StoredRevision[];
}

/** Which revision is stored of a record, for the source that wrote it; 0, and no cell, for none. */
export interface StoredRevision {
  readonly revision: number;
  readonly tombstone: boolean;
  readonly cell: CellHandle | Absent;
}

/** `GET /v1/vaults`. */
export interface VaultsPage {
  readonly vaults: readonly KnownVault[];
  readonly more: boolean;
}

/** A vault that a key has to do with. */
export interface KnownVault {
  readonly vault: VaultHandle;
  readonly role: "device" | "source" | "grantee";
  /** For a grantee, the grants that were made to the key and not revoked. */
  readonly grants: readonly GrantHandle[];
}

/** `POST /v1/providers`. */
export interface Certificates {
  readonly certificates: readonly Bytes[];
}

export interface CertificatesStored {
  readonly stored: number;
}

/** `GET /v1/providers`. */
export interface CertificatePage {
  readonly certificates: readonly Bytes[];
  readonly more: boolean;
}

const signed = bytesField(1, SIGNED_BYTES_MAX);
const link = bytesField(1, GRANT_BYTES_MAX);
const seq = uintField();
const more = v.boolean();

export const cloudInfoSchema: Schema<CloudInfo> = v.strictObject({
  id: textField(64, 1),
  version: textField(64),
  time: timeField(),
  log: opaqueField(VerifyKey),
  limits: v.record(v.string(), uintField()),
});

export const linksSchema: Schema<Links> = v.strictObject({
  links: v.pipe(v.array(link), v.minLength(1), v.maxLength(LIMITS.links)),
});

export const newVaultSchema: Schema<NewVault> = v.strictObject({
  vault: opaqueField(VaultHandle),
  seq,
  hash: opaqueField(Digest),
});

export const chainHeadSchema: Schema<ChainHead> = v.strictObject({
  seq,
  hash: opaqueField(Digest),
});

export const chainPageSchema: Schema<ChainPage> = v.strictObject({
  links: listField(link, CHAIN_PAGE_MAX),
  more,
});

export const receiptSchema: Schema<Receipt> = v.strictObject({
  batch: opaqueField(BatchId),
  number: uintField(1),
  hash: opaqueField(Digest),
  records: uintField(),
  entries: uintField(),
  replayed: v.boolean(),
});

export const batchPageSchema: Schema<BatchPage> = v.strictObject({
  batches: listField<StoredBatch>(
    v.strictObject({
      statement: signed,
      wraps: listField(cellWrapField, LIMITS.batchItems),
      leaves: listField(bytesField(85, 85), LIMITS.batchItems),
    }),
    LIMITS.pageItems,
  ),
  more,
});

export const recordsQuestionSchema: Schema<RecordsQuestion> = v.strictObject({
  source: opaqueField(SourceHandle),
  after: v.union([opaqueField(RecordHandle), opaqueField(Absent)]),
  limit: uintField(1, LIMITS.pageItems),
  entries: v.boolean(),
});

export const recordsPageSchema: Schema<RecordsPage> = v.strictObject({
  records: listField<StoredRecord>(
    v.strictObject({
      record: opaqueField(RecordHandle),
      revision: uintField(1, 0xffff_ffff),
      batch: opaqueField(BatchId),
      envelope: bytesField(0, LIMITS.envelopeBytes),
      entries: listField<StoredEntry>(
        v.strictObject({
          batch: opaqueField(BatchId),
          entry: bytesField(1, LIMITS.itemEntriesBytes),
        }),
        LIMITS.itemEntries,
      ),
    }),
    LIMITS.pageItems,
  ),
  wraps: batchWrapsSchema,
  certificates: certificatesSchema,
  more,
});

export const historyQuestionSchema: Schema<HistoryQuestion> = v.strictObject({
  records: v.pipe(
    v.array(opaqueField(RecordHandle)),
    v.minLength(1),
    v.maxLength(LIMITS.historyRecords),
  ),
  before: uintField(0, 0xffff_ffff),
  limit: uintField(1, LIMITS.pageItems),
});

export const historyPageSchema: Schema<HistoryPage> = v.strictObject({
  revisions: listField<HistoryRevision>(
    v.strictObject({
      record: opaqueField(RecordHandle),
      revision: uintField(1, 0xffff_ffff),
      batch: opaqueField(BatchId),
      envelope: bytesField(0, LIMITS.envelopeBytes),
    }),
    LIMITS.pageItems,
  ),
  wraps: batchWrapsSchema,
  certificates: certificatesSchema,
  more,
});

export const revisionsQuestionSchema: Schema<RevisionsQuestion> = v.strictObject({
  records: listField(opaqueField(RecordHandle), LIMITS.revisions),
});

export const revisionsAnswerSchema: Schema<RevisionsAnswer> = v.strictObject({
  revisions: listField<StoredRevision>(
    v.strictObject({
      revision: uintField(0, 0xffff_ffff),
      tombstone: v.boolean(),
      cell: v.union([opaqueField(CellHandle), opaqueField(Absent)]),
    }),
    LIMITS.revisions,
  ),
});

export const vaultsPageSchema: Schema<VaultsPage> = v.strictObject({
  vaults: listField<KnownVault>(
    v.strictObject({
      vault: opaqueField(VaultHandle),
      role: v.picklist(["device", "source", "grantee"]),
      grants: listField(opaqueField(GrantHandle), 65_536),
    }),
    LIMITS.pageItems,
  ),
  more,
});

export const certificatesPostSchema: Schema<Certificates> = v.strictObject({
  certificates: listField(signed, LIMITS.batchCertificates),
});

export const certificatesStoredSchema: Schema<CertificatesStored> = v.strictObject({
  stored: uintField(),
});

export const certificatePageSchema: Schema<CertificatePage> = v.strictObject({
  certificates: certificatesSchema,
  more,
});
