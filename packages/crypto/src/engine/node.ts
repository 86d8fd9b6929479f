import { createHmac, randomFillSync } from "node:crypto";
import type { Bytes } from "@salus/base";

/** HMAC-SHA-256 (RFC 2104) of all parts, one after the other. */
export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Bytes {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return Uint8Array.from(hmac.digest());
}

/** Overwrite with bytes of the platform's cryptographic generator, any number of them. */
export function fillRandom(out: Bytes): void {
  randomFillSync(out);
}
