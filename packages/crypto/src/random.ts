import type { Bytes } from "@salus/base";
import { fillRandom } from "#engine";

/** Asking the system costs about a microsecond whatever the size, so small requests share one. */
const POOL_BYTES = 16_384;
const pool: Bytes = new Uint8Array(POOL_BYTES);
let used = POOL_BYTES;

/** Where random bytes come from. Only the tests that load vectors pass anything but `fillRandom`. */
export type RandomSource = (out: Bytes) => void;

/**
 * Fresh bytes from the platform's cryptographic generator.
 *
 * Every byte of the pool is given out once and erased as it is, so that what was drawn for one key
 * cannot be found in memory beside the next.
 */
export function randomBytes(size: number): Bytes {
  const out = new Uint8Array(size);
  if (size > POOL_BYTES / 16) {
    fillRandom(out);
    return out;
  }
  if (used + size > POOL_BYTES) {
    fillRandom(pool);
    used = 0;
  }
  out.set(pool.subarray(used, used + size));
  pool.fill(0, used, used + size);
  used += size;
  return out;
}
