import { type Bytes, beInteger, concat, fail, ok, type Result, readBeInteger } from "@salus/base";
import {
  BatchId,
  CellHandle,
  ENVELOPE_BYTES_MAX,
  type Malformed,
  RecordHandle,
  SourceHandle,
  VaultHandle,
  VerifyKey,
} from "@salus/protocol";
import { merkleRoot } from "./merkle.ts";
import { type BadKey, type BadSignature, signedMessage, verifySignature } from "./signature.ts";

/** What an envelope says of itself in clear, and what its key is bound to. Spec: envelope §1. */
export interface EnvelopeHeader {
  readonly tombstone: boolean;
  readonly vault: VaultHandle;
  readonly record: RecordHandle;
  readonly revision: number;
  readonly source: SourceHandle;
  readonly cell: CellHandle;
  readonly generation: number;
  readonly policyVersion: number;
  readonly batch: BatchId;
  readonly sealedAt: number;
  readonly paddedSize: number;
  readonly salt: Bytes;
}

/** An envelope taken apart. Its parts are views of it, and nothing of them is verified. */
export interface EnvelopeParts {
  readonly header: EnvelopeHeader;
  readonly headerBytes: Bytes;
  readonly commitment: Bytes;
  readonly body: Bytes;
  readonly author: VerifyKey;
  readonly signature: Bytes;
}

export const HEADER_BYTES = 160;
export const CHUNK_BYTES = 65_536;
export const CHUNK_TAG_BYTES = 16;
const COMMITMENT_BYTES = 32;
const TAIL_BYTES = 32 + 64;
const FORMAT_VERSION = 1;
const SUITE = 1;
const TOMBSTONE = 1;
const MALFORMED: Result<never, Malformed> = fail({ kind: "malformed", what: "envelope" });

/** The bytes of a header. Source: spec/envelope.md §1. */
export function encodeHeader(header: EnvelopeHeader): Bytes {
  return concat(
    Uint8Array.of(FORMAT_VERSION, SUITE, header.tombstone ? TOMBSTONE : 0, 0),
    header.vault,
    header.record,
    beInteger(header.revision, 4),
    header.source,
    header.cell,
    beInteger(header.generation, 4),
    beInteger(header.policyVersion, 4),
    header.batch,
    beInteger(header.sealedAt, 8),
    beInteger(header.paddedSize, 8),
    header.salt,
  );
}

/** How long the body of an envelope is whose padded content has this size. */
export function bodySize(paddedSize: number): number {
  return paddedSize + CHUNK_TAG_BYTES * Math.ceil(paddedSize / CHUNK_BYTES);
}

/**
 * Take an envelope apart, verifying nothing but its shape.
 *
 * Fails:   `malformed`: lengths that do not fit the header; a format version, suite or flag that
 *          this program does not know; more than 8 MiB.
 * Source:  spec/envelope.md §1, §5; vectors/envelope-v1.json.
 */
export function splitEnvelope(envelope: Uint8Array): Result<EnvelopeParts, Malformed> {
  if (envelope.length < HEADER_BYTES || envelope.length > ENVELOPE_BYTES_MAX) return MALFORMED;
  // A plain view: what a database driver gives is a Buffer, whose `slice` does not copy.
  const bytes = new Uint8Array(
    envelope.buffer as ArrayBuffer,
    envelope.byteOffset,
    envelope.length,
  );
  const headerBytes = bytes.subarray(0, HEADER_BYTES);
  const header = readHeader(headerBytes);
  if (header === undefined) return MALFORMED;
  const bodyAt = HEADER_BYTES + COMMITMENT_BYTES;
  const authorAt = bodyAt + bodySize(header.paddedSize);
  if (bytes.length !== authorAt + TAIL_BYTES) return MALFORMED;
  return ok({
    header,
    headerBytes,
    commitment: bytes.subarray(HEADER_BYTES, bodyAt),
    body: bytes.subarray(bodyAt, authorAt),
    author: VerifyKey.of(bytes.slice(authorAt, authorAt + 32)),
    signature: bytes.subarray(authorAt + 32),
  });
}

/** The message that an author signs: a Merkle root, so that chunks can be verified one by one. */
export function authorMessage(
  headerBytes: Uint8Array,
  commitment: Uint8Array,
  body: Uint8Array,
): Bytes {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += CHUNK_BYTES + CHUNK_TAG_BYTES) {
    chunks.push(body.subarray(at, at + CHUNK_BYTES + CHUNK_TAG_BYTES));
  }
  return signedMessage("record", headerBytes, commitment, merkleRoot(chunks));
}

/**
 * Verify that the author whom an envelope names signed it. Who may be author, others say.
 *
 * Fails:   `bad-key`, `bad-signature`.
 * Cost:    one signature, and a hash of the body.
 * Source:  spec/envelope.md §4.
 */
export function verifyAuthor(parts: EnvelopeParts): Result<void, BadKey | BadSignature> {
  const message = authorMessage(parts.headerBytes, parts.commitment, parts.body);
  return verifySignature(parts.author, message, parts.signature);
}

function readHeader(bytes: Uint8Array): EnvelopeHeader | undefined {
  const [version, suite, flags, zero] = bytes;
  if (version !== FORMAT_VERSION || suite !== SUITE || zero !== 0) return undefined;
  if (flags !== 0 && flags !== TOMBSTONE) return undefined;
  const u32 = (at: number): number => readBeInteger(bytes.subarray(at, at + 4));
  // Times and sizes have eight bytes, of which two are zero for the next 8,000 years.
  const wide = (at: number): number => readBeInteger(bytes.subarray(at + 2, at + 8));
  const isWide = (at: number): boolean => bytes[at] === 0 && bytes[at + 1] === 0;
  const revision = u32(52);
  const paddedSize = wide(120);
  if (!isWide(112) || !isWide(120) || revision === 0 || paddedSize === 0) return undefined;
  return {
    tombstone: flags === TOMBSTONE,
    vault: VaultHandle.of(bytes.slice(4, 36)),
    record: RecordHandle.of(bytes.slice(36, 52)),
    revision,
    source: SourceHandle.of(bytes.slice(56, 72)),
    cell: CellHandle.of(bytes.slice(72, 88)),
    generation: u32(88),
    policyVersion: u32(92),
    batch: BatchId.of(bytes.slice(96, 112)),
    sealedAt: wide(112),
    paddedSize,
    salt: bytes.slice(128, 160),
  };
}
