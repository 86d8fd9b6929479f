import { ecb } from "@noble/ciphers/aes.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { assert, type Bytes } from "@salus/base";

/** SHA-256 (FIPS 180-4) of all parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Bytes {
  const hash = nobleSha256.create();
  for (const part of parts) hash.update(part);
  return hash.digest() as Bytes;
}

/** HMAC-SHA-256 (RFC 2104) of all parts, one after the other. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Bytes {
  const mac = hmac.create(nobleSha256, key);
  for (const part of parts) mac.update(part);
  return mac.digest() as Bytes;
}

/**
 * AES (FIPS 197) of independent blocks under one key: a pseudorandom permutation, never a way to
 * hide a text.
 *
 * WebCrypto offers no ECB, so this is @noble/ciphers: AES in JavaScript with look-up tables, whose
 * time depends on which table lines are in the processor's cache. Code that shares the core and can
 * time this work may learn key bits. We accept it in a browser, where the origin's own scripts can
 * read the keys anyway and other sites run in other processes; a server uses the Node engine, whose
 * AES runs in the processor's own instructions.
 */
export class BlockCipher {
  readonly #key: Bytes;

  /** Takes:   16 or 32 bytes of key. */
  constructor(key: Uint8Array) {
    assert(key.length === 16 || key.length === 32, "an AES key is 16 or 32 bytes");
    this.#key = Uint8Array.from(key);
  }

  /** Encrypt whole blocks into a new buffer, whose bytes start at a multiple of four. */
  encrypt(blocks: Uint8Array): Bytes {
    const out = new Uint8Array(blocks.length);
    this.encryptInto(blocks, out);
    return out;
  }

  /** Encrypt whole blocks into `out`, which may be `blocks` itself. */
  encryptInto(blocks: Uint8Array, out: Uint8Array): void {
    assert(blocks.length % 16 === 0, "AES takes whole blocks");
    assert(out.length === blocks.length, "AES gives as many blocks as it takes");
    if (blocks.length === 0) return;
    // The library refuses an output that overlaps its input or is not aligned to its words.
    out.set(ecb(this.#key, { disablePadding: true }).encrypt(blocks));
  }
}

/** Whether a signature over a message verifies, under a key that was given before. */
export type Ed25519Verifier = (message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Verify under one Ed25519 key without the cofactor (RFC 8032 §5.1.7). Call `signature.ts` instead:
 * it is strict.
 *
 * The library multiplies by the cofactor, and so forgives a residue of small order. The key is known
 * to be free of torsion (`signature.ts` asks that first); where R is so too, what is left of
 * `[S]B − R − [k]A` lies in the group of prime order, and is zero when eight times it is.
 */
export function ed25519Verifier(publicKey: Uint8Array): Ed25519Verifier {
  return (message, signature) => {
    if (!ed25519.verify(signature, message, publicKey, { zip215: false })) return false;
    return ed25519.Point.fromBytes(signature.subarray(0, 32)).isTorsionFree();
  };
}
