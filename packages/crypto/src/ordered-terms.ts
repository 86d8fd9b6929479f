import type { Bytes } from "@salus/base";
import { isBelow, LIMBS, writeSum } from "./ordered-path.ts";
import type { Tree } from "./ordered-tree.ts";
import type { RandomStream } from "./random.ts";

/** Bytes of a term. */
const TERM_BYTES = 16;

/** For k bits, at k * LIMBS: the limbs of 2^k - 1. */
const MASKS: Int32Array = masks();

function masks(): Int32Array {
  const table = new Int32Array((8 * TERM_BYTES + 1) * LIMBS);
  for (let bits = 1; bits <= 8 * TERM_BYTES; bits += 1) {
    for (let limb = 0; limb < LIMBS; limb += 1) {
      const inLimb = Math.min(Math.max(bits - 32 * (LIMBS - 1 - limb), 0), 32);
      table[bits * LIMBS + limb] = 2 ** inLimb - 1;
    }
  }
  return table;
}

/** A number drawn, then its sum with a low end. */
const scratch: Int32Array = new Int32Array(2 * LIMBS);
const SUM = LIMBS;

/**
 * One fresh term for each code, one after the other.
 *
 * Takes:   codes in [0, 2^bits - 1]: sentinels too, for probes. `random` is the system's, except in the
 *          tests with vectors.
 * Source:  spec/ordered-index.md §2; vectors/ordered-index-v1.json.
 */
export function drawTerms(tree: Tree, codes: ArrayLike<number>, random: RandomStream): Bytes {
  const terms = new Uint8Array(TERM_BYTES * codes.length);
  const view = new DataView(terms.buffer);
  tree.visitLeaves(codes, (position, path, leaf) => {
    drawOffset(path, leaf + LIMBS, random);
    writeSum(path, leaf, scratch, 0, scratch, SUM);
    for (let limb = 0; limb < LIMBS; limb += 1) {
      view.setInt32(TERM_BYTES * position + 4 * limb, scratch[SUM + limb] as number);
    }
  });
  return terms;
}

/**
 * Draw a number below a leaf's width, each as likely as the others: k bits with the shortest mask that
 * reaches the width, again until they are below it. That is less than twice on average.
 */
function drawOffset(numbers: Int32Array, width: number, random: RandomStream): void {
  const bits = maskBits(numbers, width);
  const bytes = (bits + 7) >>> 3;
  do {
    const end = random.take(bytes) + bytes;
    // Words that begin before the draw reach into the stream's margin; the mask drops what is not ours.
    for (let limb = 0; limb < LIMBS; limb += 1) {
      const word = random.view.getInt32(end - 4 * (LIMBS - limb));
      scratch[limb] = word & (MASKS[bits * LIMBS + limb] as number);
    }
  } while (!isBelow(scratch, 0, numbers, width));
}

/** The least k with 2^k >= w: the width of every leaf is at least 2^48. */
export function maskBits(numbers: Int32Array, width: number): number {
  let top = 0;
  while (numbers[width + top] === 0) top += 1;
  const limb = numbers[width + top] as number;
  const bits = 32 * (LIMBS - top) - Math.clz32(limb);
  const powerOfTwo = (limb & (limb - 1)) === 0 && isZeroBelow(numbers, width, top);
  return powerOfTwo ? bits - 1 : bits;
}

function isZeroBelow(numbers: Int32Array, width: number, top: number): boolean {
  for (let limb = top + 1; limb < LIMBS; limb += 1) if (numbers[width + limb] !== 0) return false;
  return true;
}
