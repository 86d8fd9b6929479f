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
