import type { Bytes } from "@salus/base";
import * as v from "valibot";
import { SIGNED_BYTES_MAX } from "./batch.ts";
import { bytesField, checked, listField, opaqueField, type Schema, uintField } from "./fields.ts";
import {
  Absent,
  AttributeHandle,
  BatchId,
  CellHandle,
  Digest,
  LeftHalf,
  RecordHandle,
  ScopeHandle,
  SourceHandle,
  TagToken,
  Term,
} from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { type CellWrap, encField, encFits, suiteField } from "./suites.ts";

/** What a record is searched by. Spec: api §1. */
export type Probe = OrderedProbe | SealedProbe | TagProbe;

/** Terms strictly between two points of one column. */
export interface OrderedProbe {
  readonly kind: "ordered";
  readonly scope: ScopeHandle;
  readonly attribute: AttributeHandle;
  readonly low: Term;
  readonly high: Term;
}

/** Values above `low` and not above `high`. */
export interface SealedProbe {
  readonly kind: "sealed";
  readonly cell: CellHandle;
  readonly attribute: AttributeHandle;
  readonly low: LeftHalf;
  readonly high: LeftHalf;
}

/** Records that carry a keyword. */
export interface TagProbe {
  readonly kind: "tag";
  readonly cell: CellHandle;
  readonly token: TagToken;
}

/** An ordered column. */
export interface OrderColumn {
  readonly scope: ScopeHandle;
  readonly attribute: AttributeHandle;
}

/** One question to one vault. Spec: api §1. */
export interface Query {
  /** Every clause must hold; a clause holds when one of its probes does. */
  readonly clauses: readonly (readonly Probe[])[];
  readonly order: readonly OrderColumn[];
  readonly descending: boolean;
  /** Empty for all that the signer may ask. */
  readonly sources: readonly SourceHandle[];
  readonly limit: number;
  readonly cursor: Bytes;
  readonly total: boolean;
}

/** A record that may answer the question: the client decrypts it and sees. */
export interface Candidate {
  readonly record: RecordHandle;
  readonly revision: number;
  readonly batch: BatchId;
  readonly envelope: Bytes;
  readonly group: number;
  readonly term: Term | Absent;
}

export type SourceStatus = "answered" | "stale" | "failed" | "hidden";

/** What an answer covers of one source, and its newest batch. */
export interface SourceCoverage {
  readonly source: SourceHandle;
  readonly status: SourceStatus;
  readonly number: number;
  readonly hash: Digest;
}

/** The key of one batch, wrapped to one cell. */
export interface BatchWrap extends CellWrap {
  readonly batch: BatchId;
}

export interface QueryCost {
  readonly probes: number;
  readonly scanned: number;
  readonly milliseconds: number;
}

/** A page of candidates. Spec: api §1. */
export interface QueryAnswer {
  readonly candidates: readonly Candidate[];
  /** The groups of `order`, and the last one, that have no more candidates. */
  readonly ended: readonly number[];
  readonly cursor: Bytes;
  readonly total: number | null;
  readonly sources: readonly SourceCoverage[];
  readonly wraps: readonly BatchWrap[];
  readonly certificates: readonly Bytes[];
  readonly cost: QueryCost;
}

/** A position in each group is 21 bytes; the rest is the header of the cursor. */
const CURSOR_BYTES_MAX: number = 4096;

const SOURCES_MAX = 4096;
const CERTIFICATES_MAX = 65_536;

const probe: Schema<Probe> = v.variant("kind", [
  v.strictObject({
    kind: v.literal("ordered"),
    scope: opaqueField(ScopeHandle),
    attribute: opaqueField(AttributeHandle),
    low: opaqueField(Term),
    high: opaqueField(Term),
  }),
  v.strictObject({
    kind: v.literal("sealed"),
    cell: opaqueField(CellHandle),
    attribute: opaqueField(AttributeHandle),
    low: opaqueField(LeftHalf),
    high: opaqueField(LeftHalf),
  }),
  v.strictObject({
    kind: v.literal("tag"),
    cell: opaqueField(CellHandle),
    token: opaqueField(TagToken),
  }),
]);

const clause: Schema<readonly Probe[]> = v.pipe(
  v.array(probe),
  v.minLength(1),
  v.maxLength(LIMITS.probes),
);

const column: Schema<OrderColumn> = v.strictObject({
  scope: opaqueField(ScopeHandle),
  attribute: opaqueField(AttributeHandle),
});

export const querySchema: Schema<Query> = v.strictObject({
  clauses: listField(clause, LIMITS.clauses),
  order: listField(column, LIMITS.groups),
  descending: v.boolean(),
  sources: listField(opaqueField(SourceHandle), SOURCES_MAX),
  limit: uintField(1, LIMITS.pageItems),
  cursor: bytesField(0, CURSOR_BYTES_MAX),
  total: v.boolean(),
});

const envelope = bytesField(1, LIMITS.envelopeBytes);
const revision = uintField(1, 0xffff_ffff);

const candidate: Schema<Candidate> = v.strictObject({
  record: opaqueField(RecordHandle),
  revision,
  batch: opaqueField(BatchId),
  envelope,
  group: uintField(0, LIMITS.groups),
  term: v.union([opaqueField(Term), opaqueField(Absent)]),
});

/** No source has so many batches; whoever keeps a number has six bytes for it. */
const BATCH_NUMBER_MAX = 0xffff_ffff_ffff;

const coverage: Schema<SourceCoverage> = v.strictObject({
  source: opaqueField(SourceHandle),
  status: v.picklist(["answered", "stale", "failed", "hidden"]),
  number: uintField(0, BATCH_NUMBER_MAX),
  hash: opaqueField(Digest),
});

const batchWrap: Schema<BatchWrap> = checked<BatchWrap>(
  v.strictObject({
    batch: opaqueField(BatchId),
    cell: opaqueField(CellHandle),
    suite: suiteField,
    enc: encField,
    ct: bytesField(48, 48),
  }),
  encFits,
);

export const batchWrapsSchema: Schema<readonly BatchWrap[]> = listField(batchWrap, 65_536);
export const certificatesSchema: Schema<readonly Bytes[]> = listField(
  bytesField(1, SIGNED_BYTES_MAX),
  CERTIFICATES_MAX,
);

export const queryAnswerSchema: Schema<QueryAnswer> = v.strictObject({
  candidates: listField(candidate, LIMITS.pageItems),
  ended: listField(uintField(0, LIMITS.groups), LIMITS.groups + 1),
  cursor: bytesField(0, CURSOR_BYTES_MAX),
  total: v.union([uintField(), v.null()]),
  sources: listField(coverage, SOURCES_MAX),
  wraps: batchWrapsSchema,
  certificates: certificatesSchema,
  cost: v.strictObject({
    probes: uintField(),
    scanned: uintField(),
    milliseconds: uintField(),
  }),
});
