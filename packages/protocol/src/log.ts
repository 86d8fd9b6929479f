import type { Bytes, Result } from "@salus/base";
import * as v from "valibot";
import { SIGNED_BYTES_MAX } from "./batch.ts";
import { encodeCbor } from "./cbor.ts";
import {
  bytesField,
  checked,
  decodeAs,
  listField,
  opaqueField,
  type Schema,
  textField,
  timeField,
  uintField,
} from "./fields.ts";
import { Digest, GrantHandle, type Malformed } from "./ids.ts";
import { encField, encFits, suiteField, type Wrap } from "./suites.ts";

/** What a log has leaves of. Spec: log §1. */
export type LeafKind = "chain" | "certificate" | "access" | "account" | "look-up" | "request";

const LEAF_KINDS: readonly LeafKind[] = [
  ...(["chain", "certificate", "access"] as const),
  ...(["account", "look-up", "request"] as const),
];

/** What everybody may see of a leaf. Spec: log §1. */
export interface LogLeaf {
  readonly kind: LeafKind;
  readonly time: number;
  /** By which its owner finds it, and nobody else. */
  readonly mark: Bytes;
  readonly commitment: Digest;
}

/** A service's word on the whole of its log at one moment. Spec: log §1. */
export interface Checkpoint {
  /** The id of the service. */
  readonly log: string;
  readonly size: number;
  readonly root: Digest;
  readonly time: number;
}

/** `GET /v1/log/checkpoint`. */
export interface CheckpointAnswer {
  readonly checkpoint: Bytes;
}

/** `GET /v1/log/consistency` and `…/inclusion`. */
export interface LogProof {
  readonly proof: readonly Digest[];
}

/** `GET /v1/log/leaves`. */
export interface LeavesPage {
  readonly leaves: readonly Bytes[];
  readonly more: boolean;
}

/** `GET …/log`: what opens the leaves of a vault or an account, and where they stand. */
export interface OwnLeavesPage {
  readonly salt: Bytes;
  readonly leaves: readonly OwnLeaf[];
  readonly more: boolean;
}

/** One leaf as its owner gets it. */
export interface OwnLeaf extends LogProof {
  /** Counted for this owner alone, from 0 without gaps. */
  readonly number: number;
  readonly index: number;
  readonly kind: LeafKind;
  readonly time: number;
  readonly object: Bytes;
}

/** `GET …/trail`. */
export interface TrailPage {
  readonly entries: readonly TrailEntry[];
  readonly more: boolean;
}

/** One request of a grantee: what the cloud knows of it, and what only the patient can read. */
export interface TrailEntry {
  /** That of its leaf among the vault's own. */
  readonly number: number;
  readonly time: number;
  readonly grant: GrantHandle;
  /** As it was signed. */
  readonly capability: Bytes;
  readonly route: TrailRoute;
  readonly candidates: number;
  /** Empty where the chain had no trail key. */
  readonly entry: Bytes;
}

export type TrailRoute = "query" | "records" | "history" | "batches";

/** What a grantee says of a request, inside a `trail` wrap. Spec: log §2. */
export interface TrailContent {
  readonly action: TrailAction;
  /** The search as it was typed, cut at 1,024 bytes. */
  readonly query: string;
  readonly name: string;
  readonly node: string;
  /** The newest signed checkpoint that the grantee has seen, or nothing. */
  readonly checkpoint: Bytes;
}

export type TrailAction = "search" | "read" | "verify" | "export" | "write";

/** Two signed checkpoints that cannot both be true, and why. Spec: log §1. */
export interface LogEvidence {
  readonly first: Bytes;
  readonly second: Bytes;
  readonly proof: readonly Digest[];
}

/** Of a whole trail entry, as it stands in the header. */
export const TRAIL_BYTES_MAX = 4096;
/** Of the text of a search inside it. */
export const TRAIL_QUERY_BYTES_MAX = 1024;
export const TRAIL_NAME_BYTES_MAX = 512;
export const TRAIL_NODE_BYTES_MAX = 128;
/** Of a signed checkpoint. */
const CHECKPOINT_BYTES_MAX = 1024;
/** At most so many leaves, or trail entries, on a page. */
export const OWN_LEAVES_PAGE_MAX = 500;
export const LEAVES_PAGE_MAX = 10_000;

const MARK_BYTES = 16;
const SALT_BYTES = 32;
const OBJECT_BYTES_MAX = 128;
const LEAF_BYTES_MAX = 128;
const SERVICE_BYTES_MAX = 512;
/** A tree of 2^53 leaves has proofs of as many hashes, and one. */
const PROOF_HASHES_MAX = 54;

const leafKind: Schema<LeafKind> = v.picklist(LEAF_KINDS);
const signed = bytesField(1, SIGNED_BYTES_MAX);
const checkpointBytes = bytesField(1, CHECKPOINT_BYTES_MAX);
const proof = listField(opaqueField(Digest), PROOF_HASHES_MAX);

export const checkpointSchema: Schema<Checkpoint> = v.strictObject({
  log: textField(SERVICE_BYTES_MAX, 1),
  size: uintField(),
  root: opaqueField(Digest),
  time: timeField(),
});

export const checkpointAnswerSchema: Schema<CheckpointAnswer> = v.strictObject({
  checkpoint: checkpointBytes,
});

export const logProofSchema: Schema<LogProof> = v.strictObject({ proof });

export const leavesPageSchema: Schema<LeavesPage> = v.strictObject({
  leaves: listField(bytesField(1, LEAF_BYTES_MAX), LEAVES_PAGE_MAX),
  more: v.boolean(),
});

export const ownLeavesPageSchema: Schema<OwnLeavesPage> = v.strictObject({
  salt: bytesField(SALT_BYTES, SALT_BYTES),
  leaves: listField<OwnLeaf>(
    v.strictObject({
      number: uintField(),
      index: uintField(),
      kind: leafKind,
      time: timeField(),
      object: bytesField(1, OBJECT_BYTES_MAX),
      proof,
    }),
    OWN_LEAVES_PAGE_MAX,
  ),
  more: v.boolean(),
});

export const trailPageSchema: Schema<TrailPage> = v.strictObject({
  entries: listField<TrailEntry>(
    v.strictObject({
      number: uintField(),
      time: timeField(),
      grant: opaqueField(GrantHandle),
      capability: signed,
      route: v.picklist(["query", "records", "history", "batches"]),
      candidates: uintField(),
      entry: bytesField(0, TRAIL_BYTES_MAX),
    }),
    OWN_LEAVES_PAGE_MAX,
  ),
  more: v.boolean(),
});

const logLeaf: Schema<LogLeaf> = v.pipe(
  v.strictTuple([leafKind, timeField(), bytesField(MARK_BYTES, MARK_BYTES), opaqueField(Digest)]),
  v.transform(([kind, time, mark, commitment]) => ({ kind, time, mark, commitment })),
);

/** A leaf as it is hashed. */
export function encodeLogLeaf({ kind, time, mark, commitment }: LogLeaf): Bytes {
  return encodeCbor([kind, time, mark, commitment]);
}

/** Read a leaf of somebody else's log. Fails: `malformed`. */
export function parseLogLeaf(bytes: Uint8Array): Result<LogLeaf, Malformed> {
  return decodeAs(logLeaf, bytes, "log leaf");
}

const trailWrap: Schema<Wrap> = checked<Wrap>(
  v.strictObject({ suite: suiteField, enc: encField, ct: bytesField(16, TRAIL_BYTES_MAX) }),
  encFits,
);

/** Read the wrap of a trail entry, which nobody on the way can open. Fails: `malformed`. */
export function parseTrailEntry(bytes: Uint8Array): Result<Wrap, Malformed> {
  return decodeAs(trailWrap, bytes, "trail entry");
}

const trailContent: Schema<TrailContent> = v.strictObject({
  action: v.picklist(["search", "read", "verify", "export", "write"]),
  query: textField(TRAIL_QUERY_BYTES_MAX),
  name: textField(TRAIL_NAME_BYTES_MAX),
  node: textField(TRAIL_NODE_BYTES_MAX),
  checkpoint: bytesField(0, CHECKPOINT_BYTES_MAX),
});

/** Read what a trail entry says. Fails: `malformed`. */
export function parseTrailContent(bytes: Uint8Array): Result<TrailContent, Malformed> {
  return decodeAs(trailContent, bytes, "trail entry");
}

const logEvidence: Schema<LogEvidence> = v.strictObject({
  first: checkpointBytes,
  second: checkpointBytes,
  proof,
});

/** Read evidence against a log. Fails: `malformed`. */
export function parseLogEvidence(bytes: Uint8Array): Result<LogEvidence, Malformed> {
  return decodeAs(logEvidence, bytes, "evidence");
}
