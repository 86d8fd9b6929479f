import { flatFraction, type Prior } from "./ordered-prior.ts";

/** What a map's tree depends on beside its key. A map without a prior is `private`. */
export interface TreeShape {
  readonly bits: number;
  readonly prior: Prior | undefined;
}

/** Bytes of an AES block: a node's input, and its output, of which the first four are used. */
export const BLOCK = 16;

const DOMAIN = 1;

/**
 * Write a node's AES input: `u8 1 ‖ u8 depth ‖ u64 prefix ‖ 6 zero bytes`, over zero bytes or
 * another such input. A prefix has at most 47 bits.
 *
 * Source:  spec/ordered-index.md §1.
 */
export function writeNode(inputs: DataView, at: number, depth: number, prefix: number): void {
  inputs.setUint32(at, (DOMAIN << 24) | (depth << 16));
  inputs.setUint32(at + 4, prefix / 2 ** 16);
  inputs.setUint32(at + 8, prefix << 16);
}

/**
 * The share of a node's width that goes to its left child, as a 32-bit fraction.
 *
 * Takes:   `u`, the first four bytes of the node's AES output.
 * Source:  spec/ordered-index.md §1: with P = S = 2^31 the formula is `u` itself.
 */
export function cutFraction(shape: TreeShape, depth: number, prefix: number, u: number): number {
  if (shape.prior === undefined) return u;
  return flatFraction(shape.prior.share(depth, prefix), u);
}
