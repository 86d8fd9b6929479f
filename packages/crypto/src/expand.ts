import { assert, type Bytes } from "@salus/base";
import { hmacSha256 } from "#engine";

const HASH_BYTES = 32;
const FIRST = Uint8Array.of(1);

/**
 * HKDF-Expand with SHA-256: `size` bytes for one `info` from a key that is already uniform.
 *
 * Source:  RFC 5869 §2.3; spec/keys.md §1.
 */
export function expand(key: Uint8Array, info: Uint8Array, size: number): Bytes {
  assert(size > 0 && size <= 255 * HASH_BYTES, "HKDF-Expand gives 1 to 8,160 bytes");
  // Nearly always so: without an empty part, and without a view of what the engine gave.
  if (size === HASH_BYTES) return hmacSha256(key, info, FIRST);
  const out = new Uint8Array(size);
  let last: Bytes = new Uint8Array(0);
  for (let at = 0, counter = 1; at < size; at += HASH_BYTES, counter += 1) {
    last = hmacSha256(key, last, info, Uint8Array.of(counter));
    out.set(last.subarray(0, size - at), at);
  }
  return out;
}
