import {
  type Cipher,
  createCipheriv,
  createHash,
  createHmac,
  createPublicKey,
  hash as digest,
  verify as verifySignature,
} from "node:crypto";
import { assert, type Bytes } from "@salus/base";

/** SHA-256 (FIPS 180-4) of all parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const [only] = parts;
  // In one call, and as a text: for the small inputs of a Merkle tree that takes a quarter as long
  // as to have Node make a hash object or a buffer.
  if (parts.length === 1 && only !== undefined) return latin1(digest("sha256", only, "binary"));
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return ownBytes(hash.digest());
}

/** HMAC-SHA-256 (RFC 2104) of all parts, one after the other. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Bytes {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return latin1(hmac.digest("binary"));
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

/** Whether a signature over a message verifies, under a key that was given before. */
export type Ed25519Verifier = (message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Verify under one Ed25519 key without the cofactor (RFC 8032 §5.1.7), as OpenSSL does: it takes
 * keys and points of small order. Call `signature.ts` instead: it is strict.
 *
 * Cost:    the import of the key 7 µs (as JWK; as DER it would be 80), then 100 µs a signature.
 */
export function ed25519Verifier(publicKey: Uint8Array): Ed25519Verifier {
  const x = Buffer.from(publicKey).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return (message, signature) => verifySignature(null, message, key, signature);
}

/** The bytes that a text of code units below 256 stands for. */
function latin1(text: string): Bytes {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** A plain view of a buffer that Node allocated for this one answer. */
function ownBytes(buffer: Buffer): Bytes {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.length);
}
