import {
  type Cipher,
  createCipheriv,
  createHash,
  createPublicKey,
  verify as verifySignature,
} from "node:crypto";
import { assert, type Bytes, concat } from "@salus/base";

/** The SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4). */
const ED25519_SPKI = Uint8Array.from([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0]);

/** SHA-256 (FIPS 180-4) of all parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return ownBytes(hash.digest());
}

/**
 * AES (FIPS 197) of independent blocks under one key: a pseudorandom permutation, never a way to
 * hide a text.
 *
 * Keep one object per key. A call costs about a microsecond whatever it carries, so give it many
 * blocks; from about 64 KiB on nothing more is won.
 */
export class BlockCipher {
  readonly #cipher: Cipher;

  /** Takes:   16 or 32 bytes of key. */
  constructor(key: Uint8Array) {
    assert(key.length === 16 || key.length === 32, "an AES key is 16 or 32 bytes");
    // Without padding or chaining, `update` gives every whole block at once and keeps no state, so
    // that one object serves any number of calls.
    this.#cipher = createCipheriv(key.length === 16 ? "aes-128-ecb" : "aes-256-ecb", key, null);
    this.#cipher.setAutoPadding(false);
  }

  /** Encrypt whole blocks into a new buffer, whose bytes start at a multiple of four. */
  encrypt(blocks: Uint8Array): Bytes {
    assert(blocks.length % 16 === 0, "AES takes whole blocks");
    return ownBytes(this.#cipher.update(blocks));
  }

  /** Encrypt whole blocks into `out`, which may be `blocks` itself. */
  encryptInto(blocks: Uint8Array, out: Uint8Array): void {
    assert(out.length === blocks.length, "AES gives as many blocks as it takes");
    out.set(this.encrypt(blocks));
  }
}

/**
 * Verify an Ed25519 signature (RFC 8032 §5.1.7) as OpenSSL does, which takes keys of small order.
 * Call `signature.ts` instead: it is strict.
 */
export function ed25519Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key = createPublicKey({
    key: Buffer.from(concat(ED25519_SPKI, publicKey)),
    format: "der",
    type: "spki",
  });
  return verifySignature(null, message, key, signature);
}

/** A plain view of a buffer that Node allocated for this one answer. */
function ownBytes(buffer: Buffer): Bytes {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.length);
}
