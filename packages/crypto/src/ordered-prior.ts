import { assert, type Bytes } from "@salus/base";
import { sha256 } from "@salus/evaluate";

const HALF_WEIGHT = 2 ** 31;
const WEIGHT_MAX = 2 ** 32 - 1;
const DEPTH_MAX = 16;

/**
 * What is publicly known of how values are distributed, for maps of the `flat` profile.
 *
 * The weight at position i is that of all codes whose first `depth` bits are i.
 *
 * Source:  spec/ordered-index.md §1.
 */
export class Prior {
  readonly depth: number;
  /** SHA-256 of the weights as `u32`; part of the map key's context and of the column's handle. */
  readonly digest: Bytes;
  /** For the node of d bits p, at 2^d + p: the left child's share as a 32-bit fraction. */
  readonly #shares: Uint32Array;

  /** Takes:   2^m weights, m <= 16, each an integer in [1, 2^32 - 1]. Anything else is a bug. */
  constructor(weights: ArrayLike<number>) {
    this.depth = Math.log2(weights.length);
    assert(
      Number.isInteger(this.depth) && this.depth <= DEPTH_MAX,
      "a prior has 2^m weights, m <= 16",
    );
    const bytes = new DataView(new ArrayBuffer(4 * weights.length));
    const sums = new Float64Array(2 * weights.length);
    for (let at = 0; at < weights.length; at += 1) {
      const weight = weights[at] as number;
      assert(
        Number.isInteger(weight) && weight >= 1 && weight <= WEIGHT_MAX,
        "a prior's weight is a u32 of at least 1",
      );
      bytes.setUint32(4 * at, weight);
      sums[weights.length + at] = weight;
    }
    this.digest = sha256(new Uint8Array(bytes.buffer));
    this.#shares = shares(sums);
  }

  /** The left child's weight below the node of `depth` bits `prefix`, as a 32-bit fraction. */
  share(depth: number, prefix: number): number {
    return depth < this.depth ? (this.#shares[2 ** depth + prefix] as number) : HALF_WEIGHT;
  }
}

/**
 * Sums of up to 2^48 are exact in doubles; the quotient is not, and is taken once per prior.
 *
 * The page clamps shares to [1, 2^32 - 1]. Nothing is left to clamp: of n weights on each side, all in
 * that range, the left sum is at least n and the right one at most n * (2^32 - 1), and the other way round.
 */
function shares(sums: Float64Array): Uint32Array {
  const inner = new Uint32Array(sums.length / 2);
  for (let node = inner.length - 1; node >= 1; node -= 1) {
    const left = sums[2 * node] as number;
    const total = left + (sums[2 * node + 1] as number);
    sums[node] = total;
    inner[node] = Number((BigInt(left) << 32n) / BigInt(total));
  }
  return inner;
}

/**
 * The fraction at which a node is cut: `P - S + floor(2*S*u / 2^32)` with a spread S of a quarter of
 * the lighter side.
 *
 * Takes:   the share P of the left child, and the node's pseudorandom u, both 32 bits.
 * Source:  spec/ordered-index.md §1.
 */
export function flatFraction(share: number, u: number): number {
  const spread = Math.floor(Math.min(share, 2 ** 32 - share) / 4);
  // 2*S*u has 62 bits: u is taken in two halves, so that every product is exact.
  const lower = Math.floor((2 * spread * (u & 0xffff)) / 2 ** 16);
  return share - spread + Math.floor((2 * spread * (u >>> 16) + lower) / 2 ** 16);
}
