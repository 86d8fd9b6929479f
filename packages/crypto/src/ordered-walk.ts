import type { Bytes } from "@salus/base";
import type { BlockCipher } from "@salus/evaluate";
import { commonBits, neighbourOrder, SLICE } from "./neighbours.ts";
import { BLOCK, cutFraction, type TreeShape, writeNode } from "./ordered-node.ts";
import { descend, LEVELS_MAX, NODE_LIMBS, newPath } from "./ordered-path.ts";

/** Called with the position of a code, and where its leaf begins in `path`: for the time of the call. */
export type VisitLeaf = (position: number, path: Int32Array, leaf: number) => void;

/** 64 KiB of blocks a call, beyond which a block costs no less. */
const CALL_BLOCKS = 4096;

const SCALE: Float64Array = Float64Array.from({ length: LEVELS_MAX + 1 }, (_, bits) => 2 ** -bits);

// One call at a time uses these, and none of them outlives it: a map with one code should not pay for
// a dozen allocations. They hold nothing that the key in the same memory would not give.
const inputs: Bytes = new Uint8Array(CALL_BLOCKS * BLOCK);
const inputView: DataView = new DataView(inputs.buffer);
const known: Uint8Array = new Uint8Array(CALL_BLOCKS);
const path: Int32Array = newPath();
const fractions: Int32Array = new Int32Array(LEVELS_MAX);

/**
 * Visit the leaves of many codes, walking down the tree once.
 *
 * Codes with common leading bits are taken one after the other. Each starts where it leaves the path
 * of the one before, and the pseudorandom bits of all nodes that are met for the first time come from
 * one AES call.
 *
 * Takes:   codes in [0, 2^bits - 1], sentinels included.
 * Cost:    per code one AES block and one step for each level below the common path.
 * Source:  spec/ordered-index.md §1.
 */
export function walkToLeaves(
  cipher: BlockCipher,
  shape: TreeShape,
  codes: ArrayLike<number>,
  visit: VisitLeaf,
): void {
  const step = Math.floor(CALL_BLOCKS / shape.bits);
  for (let start = 0; start < codes.length; start += SLICE) {
    const order = neighbourOrder(codes, start, Math.min(start + SLICE, codes.length), shape.bits);
    let before = -1;
    for (let from = 0; from < order.length; from += step) {
      const some = order.length <= step ? order : order.subarray(from, from + step);
      const blocks = writeNewNodes(codes, some, before, shape.bits);
      const pseudorandom = cipher.encrypt(inputs.subarray(0, blocks * BLOCK));
      followPaths(shape, codes, some, pseudorandom, visit);
      before = codes[some[some.length - 1] as number] as number;
    }
  }
}

/** Write the AES input of each node that is new on the way to a code; gives how many there are. */
function writeNewNodes(
  codes: ArrayLike<number>,
  order: Float64Array,
  codeBefore: number,
  bits: number,
): number {
  let blocks = 0;
  let before = codeBefore;
  for (let at = 0; at < order.length; at += 1) {
    const code = codes[order[at] as number] as number;
    const depthKnown = before < 0 ? 0 : Math.min(commonBits(before, code, bits) + 1, bits);
    known[at] = depthKnown;
    for (let depth = depthKnown; depth < bits; depth += 1) {
      writeNode(
        inputView,
        blocks * BLOCK,
        depth,
        Math.floor(code * (SCALE[bits - depth] as number)),
      );
      blocks += 1;
    }
    before = code;
  }
  return blocks;
}

function followPaths(
  shape: TreeShape,
  codes: ArrayLike<number>,
  order: Float64Array,
  pseudorandom: Bytes,
  visit: VisitLeaf,
): void {
  const { bits } = shape;
  const view = new DataView(pseudorandom.buffer, pseudorandom.byteOffset, pseudorandom.length);
  let block = 0;
  for (let at = 0; at < order.length; at += 1) {
    const position = order[at] as number;
    const code = codes[position] as number;
    const depthKnown = known[at] as number;
    for (let depth = depthKnown; depth < bits; depth += 1) {
      const prefix = Math.floor(code * (SCALE[bits - depth] as number));
      fractions[depth] = cutFraction(shape, depth, prefix, view.getUint32(block));
      block += BLOCK;
    }
    // The last node that is known is on this path, but its child is not the one taken before.
    descend(path, fractions, code, bits, Math.max(depthKnown - 1, 0), bits);
    visit(position, path, bits * NODE_LIMBS);
  }
}
