/** Codes are ordered in slices of so many, so that a position fits beside a code's leading 32 bits. */
export const SLICE: number = 2 ** 20;

/**
 * Positions of codes, from `start` to before `end`, with codes that begin alike side by side: by their
 * leading 32 bits. Code that walks them shares more the nearer neighbours are, and is right in any order.
 *
 * Takes:   at most `SLICE` codes below 2^bits.
 */
export function neighbourOrder(
  codes: ArrayLike<number>,
  start: number,
  end: number,
  bits: number,
): Float64Array {
  const order = new Float64Array(end - start);
  const scale = 2 ** -Math.max(bits - 32, 0);
  let ascending = true;
  for (let at = 0; at < order.length; at += 1) {
    order[at] = Math.floor((codes[start + at] as number) * scale) * SLICE + at;
    if (at > 0 && (order[at] as number) < (order[at - 1] as number)) ascending = false;
  }
  if (!ascending) order.sort();
  for (let at = 0; at < order.length; at += 1) {
    order[at] = start + ((order[at] as number) & (SLICE - 1));
  }
  return order;
}

/** How many leading bits two codes of so many bits share. */
export function commonBits(a: number, b: number, bits: number): number {
  const high = Math.floor(a / 2 ** 32) ^ Math.floor(b / 2 ** 32);
  return bits - (high === 0 ? 32 - Math.clz32(a ^ b) : 64 - Math.clz32(high));
}
