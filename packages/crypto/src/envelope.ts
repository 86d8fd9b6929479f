import {
  type Brand,
  type Bytes,
  concat,
  encodeTuple,
  equalBytes,
  fail,
  ok,
  type Result,
} from "@salus/base";
import {
  digest,
  type EnvelopeHeader,
  encodeHeader,
  splitEnvelope,
  verifyAuthor,
} from "@salus/evaluate";
import type {
  Malformed,
  RecordContent,
  RecordHandle,
  VaultHandle,
  VerifyKey,
} from "@salus/protocol";
import { openChunks, sealChunks } from "./chunks.ts";
import { expand } from "./expand.ts";
import type { Unreadable } from "./kem-pair.ts";
import { derive, KEY_BYTES, Key, SUITE } from "./keys.ts";
import { decodePadded, encodePadded } from "./padded-content.ts";
import { randomBytes } from "./random.ts";
import type { Signer } from "./signing.ts";

/** A sealed record: header, commitment, body, author and signature. Spec: envelope. */
export type Envelope = Brand<Bytes, "Envelope">;

/** What the sealer says in clear. Padded size and salt are for `seal` to know. */
export type SealedHeader = Omit<EnvelopeHeader, "paddedSize" | "salt">;

/** What a reader asked for, and who may have written it. */
export interface Asked {
  readonly vault: VaultHandle;
  readonly record: RecordHandle;
  readonly revision: number;
  /**
   * Whether this author may have written a record with this header: the source's roster key, or one
   * that is certified below it (`certificatePath` in @salus/evaluate).
   */
  readonly allows: (author: VerifyKey, header: EnvelopeHeader) => boolean;
}

/** A record that was opened, by an author who may have written it. */
export interface OpenedRecord {
  readonly header: EnvelopeHeader;
  readonly author: VerifyKey;
  readonly content: RecordContent;
}

const SALT_BYTES = 32;
const UNREADABLE: Result<never, Unreadable> = fail({ kind: "unreadable" });

/**
 * Seal one revision of a record.
 *
 * The salt is drawn here and is no parameter, so that no key and nonce ever come twice. A retry
 * sends the stored bytes: nothing is sealed twice.
 *
 * Takes:   `batch`, the key that was drawn for the header's batch and cell.
 * Leaks:   the header; the size of the content to within 12 %; who the author is.
 * Fails:   never.
 * Cost:    70 µs in Node for 1.5 kB, half of it the signature.
 * Source:  spec/envelope.md; vectors/envelope-v1.json.
 */
export function seal(
  batch: Key<"batch">,
  header: SealedHeader,
  content: RecordContent,
  author: Signer,
): Envelope {
  const key = derive(batch, "record", header.record, header.revision);
  return sealWith(key, header, content, author, randomBytes(SALT_BYTES));
}

/** `seal` with a salt that is given: for `seal` itself, and for tests with vectors. */
export function sealWith(
  key: Key<"record">,
  header: SealedHeader,
  content: RecordContent,
  author: Signer,
  salt: Bytes,
): Envelope {
  const padded = encodePadded(content);
  const headerBytes = encodeHeader({ ...header, paddedSize: padded.length, salt });
  const { bodyKey, commitment } = keysOf(key, headerBytes);
  const body = sealChunks(bodyKey, padded);
  const signature = author.signRecord(headerBytes, commitment, body);
  return concat(headerBytes, commitment, body, author.key, signature) as Envelope;
}

/**
 * Open an envelope. Its bytes are the cloud's: none of them is trusted, and nothing of the content
 * is given before the last chunk has been authenticated.
 *
 * The commitment is compared before anything is decrypted: under AES-GCM alone one ciphertext can
 * open under two keys to two texts.
 *
 * Takes:   `asked`, what the caller asked for, never what the answer says it is; `batch`, the key of
 *          the batch and cell that the envelope is in.
 * Fails:   `malformed`: it has not even the shape of an envelope; else `unreadable`, whatever was
 *          wrong.
 * Cost:    150 µs in Node for 1.5 kB, most of it the signature.
 * Source:  spec/envelope.md §5; vectors/envelope-v1.json.
 */
export function open(
  batch: Key<"batch">,
  asked: Asked,
  envelope: Uint8Array,
): Result<OpenedRecord, Malformed | Unreadable> {
  return openWith(derive(batch, "record", asked.record, asked.revision), asked, envelope);
}

/** `open` with the key of the revision itself: for `open`, and for tests with vectors. */
export function openWith(
  key: Key<"record">,
  asked: Asked,
  envelope: Uint8Array,
): Result<OpenedRecord, Malformed | Unreadable> {
  const parts = splitEnvelope(envelope);
  if (!parts.ok) return parts;
  const { header, author } = parts.value;
  const expected =
    equalBytes(header.vault, asked.vault) &&
    equalBytes(header.record, asked.record) &&
    header.revision === asked.revision;
  if (!expected || !asked.allows(author, header)) return UNREADABLE;
  if (!verifyAuthor(parts.value).ok) return UNREADABLE;
  const { bodyKey, commitment } = keysOf(key, parts.value.headerBytes);
  if (!equalBytes(commitment, parts.value.commitment)) return UNREADABLE;
  const padded = openChunks(bodyKey, parts.value.body);
  const content = padded === undefined ? undefined : decodePadded(padded);
  return content === undefined ? UNREADABLE : ok({ header, author, content });
}

/** The key of the body, and what shows that it is no other. Source: spec/envelope.md §2. */
function keysOf(key: Key<"record">, header: Uint8Array): { bodyKey: Bytes; commitment: Bytes } {
  const h = digest(header);
  const secret = Key.reveal(key);
  return {
    bodyKey: expand(secret, encodeTuple(SUITE, "record-key", h), KEY_BYTES),
    commitment: expand(secret, encodeTuple(SUITE, "record-commit", h), KEY_BYTES),
  };
}
