import { type Bytes, utf8 } from "@salus/base";
import { BlockCipher, sha256 } from "@salus/evaluate";
import { RandomStream } from "../src/random.ts";

/**
 * A stream that gives the same bytes for the same seed: AES in counter mode. A statistical test that
 * failed once in a thousand runs would be believed by nobody.
 */
export function seeded(seed: string): RandomStream {
  const cipher = new BlockCipher(sha256(utf8(seed)));
  let counter = 0;
  return new RandomStream(65_536, (out: Bytes) => {
    const blocks = new DataView(new ArrayBuffer(Math.ceil(out.length / 16) * 16));
    for (let at = 0; at < blocks.byteLength; at += 16, counter += 1) blocks.setUint32(at, counter);
    out.set(cipher.encrypt(new Uint8Array(blocks.buffer)).subarray(0, out.length));
  });
}

/** Pearson's statistic of counts that should all be equal. */
export function chiSquare(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const expected = all.reduce((sum, count) => sum + count, 0) / all.length;
  return all.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/**
 * What Pearson's statistic exceeds with the probability that a standard normal exceeds `z`.
 *
 * Source:  Wilson and Hilferty, "The Distribution of Chi-Square", PNAS 17 (1931).
 */
export function chiSquareLimit(bins: number, z: number): number {
  const degrees = bins - 1;
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + z * Math.sqrt(spread)) ** 3;
}
