import { assert } from "@salus/base";

/** How a sealed value is cut into blocks, and how many bytes its halves take: sealed-index, table. */
export interface SealedShape {
  readonly bits: number;
  /** How many blocks, the most significant first. */
  readonly blocks: number;
  readonly blockBits: number;
  /** How many values a block can have, and slots a right half has for it. */
  readonly alphabet: number;
  readonly rightBytes: number;
  readonly leftBytes: number;
}

/** The random bytes that a right half begins with. */
export const NONCE_BYTES = 16;

/** A left half has a slot and a mask for each block. */
export const LEFT_BLOCK_BYTES = 17;

/**
 * The shape of values of so many bits.
 *
 * Takes:   8, or a multiple of 4 from 12 to 48. Anything else is a bug: widths come from the policy.
 * Source:  spec/sealed-index.md, first table.
 */
export function sealedShape(bits: number): SealedShape {
  const wide = bits % 4 === 0 && bits >= 12 && bits <= 48;
  assert(bits === 8 || wide, "a sealed value has 8 bits, or 12 to 48 in steps of 4");
  const blockBits = wide ? 4 : 8;
  const blocks = bits / blockBits;
  const alphabet = 2 ** blockBits;
  return {
    bits,
    blocks,
    blockBits,
    alphabet,
    rightBytes: NONCE_BYTES + ((blocks - 1) * alphabet) / 4 + alphabet / 8,
    leftBytes: blocks * LEFT_BLOCK_BYTES,
  };
}

/** Where in a right half a block's slots begin: two bits a slot, but one in the last block. */
export function slotsAt(shape: SealedShape, block: number): number {
  return NONCE_BYTES + (block * shape.alphabet) / 4;
}
