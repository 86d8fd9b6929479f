import { gcm } from "@noble/ciphers/aes.js";
import { ed25519, x25519 as portable } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Bytes } from "@salus/base";

/** The most that one call of WebCrypto's `getRandomValues` may ask for. */
const QUOTA_BYTES = 65_536;

/** HMAC-SHA-256 (RFC 2104) of all parts, one after the other. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Bytes {
  const mac = hmac.create(sha256, key);
  for (const part of parts) mac.update(part);
  return mac.digest() as Bytes;
}

/** Overwrite with bytes of the platform's cryptographic generator, any number of them. */
export function fillRandom(out: Bytes): void {
  for (let at = 0; at < out.length; at += QUOTA_BYTES) {
    crypto.getRandomValues(out.subarray(at, at + QUOTA_BYTES));
  }
}

const GCM_TAG_BYTES = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) without associated data: the text, then a tag of 16 bytes.
 *
 * WebCrypto offers it only asynchronously, at 0.1 ms a call; @noble/ciphers is ahead of that for
 * records of some kilobytes. Its AES uses look-up tables: see `BlockCipher` in @salus/evaluate.
 */
export function gcmSeal(key: Uint8Array, nonce: Uint8Array, text: Uint8Array): Bytes {
  return gcm(key, nonce).encrypt(text) as Bytes;
}

/** The text of what `gcmSeal` made, or nothing when it is not what it made. */
export function gcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Bytes | undefined {
  if (sealed.length < GCM_TAG_BYTES) return undefined;
  try {
    return gcm(key, nonce).decrypt(sealed) as Bytes;
  } catch {
    return undefined;
  }
}

/** An Ed25519 key pair (RFC 8032 §5.1.5), ready to sign. */
export function ed25519Signer(seed: Uint8Array): Ed25519Signer {
  const own = Uint8Array.from(seed);
  return {
    publicKey: ed25519.getPublicKey(own) as Bytes,
    sign: (message) => ed25519.sign(message, own) as Bytes,
  };
}

export interface Ed25519Signer {
  readonly publicKey: Bytes;
  sign(message: Uint8Array): Bytes;
}

/** X25519 (RFC 7748) in the shape that @noble/post-quantum builds a hybrid from. */
export const x25519: typeof portable = portable;

/** An ephemeral key, sent to `peer`. */
export function x25519Encapsulate(peer: Uint8Array, scalar: Uint8Array): X25519Encapsulation {
  return {
    sharedSecret: portable.getSharedSecret(scalar, peer) as Bytes,
    cipherText: portable.getPublicKey(scalar) as Bytes,
  };
}

export interface X25519Encapsulation {
  readonly sharedSecret: Bytes;
  /** The ephemeral public key. */
  readonly cipherText: Bytes;
}
