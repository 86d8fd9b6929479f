import type { Bytes } from "@salus/base";
import type { BlockCipher } from "@salus/evaluate";
import { BLOCK, cutFraction, type TreeShape, writeNode } from "./ordered-node.ts";
import { descend, isBelow, LEVELS_MAX, NODE_LIMBS, newPath } from "./ordered-path.ts";

/** An AES call takes a microsecond for one block as for fifteen: all nodes of so many levels at once. */
const LEVELS_A_CALL = 4;

const inputs: Bytes = new Uint8Array((2 ** LEVELS_A_CALL - 1) * BLOCK);
const inputView: DataView = new DataView(inputs.buffer);
const path: Int32Array = newPath();
const fractions: Int32Array = new Int32Array(LEVELS_MAX);

/**
 * The code whose leaf holds a number: walk down, going right exactly where it is not below the cut.
 *
 * Takes:   `target`, four limbs.
 * Cost:    an AES call of fifteen blocks for four levels.
 * Source:  spec/ordered-index.md §2.
 */
export function searchTree(cipher: BlockCipher, shape: TreeShape, target: Int32Array): number {
  const { bits } = shape;
  let code = 0;
  let top = 0;
  let pseudorandom = new DataView(inputs.buffer);
  for (let depth = 0; depth < bits; depth += 1) {
    const levels = depth % LEVELS_A_CALL;
    if (levels === 0) {
      top = code;
      pseudorandom = new DataView(encryptSubtree(cipher, depth, top).buffer);
    }
    // Node i of a level stands after the 2^levels - 1 nodes of the levels above it.
    const node = 2 ** levels - 1 + (code - top * 2 ** levels);
    const u = pseudorandom.getUint32(node * BLOCK);
    fractions[depth] = cutFraction(shape, depth, code, u);
    // The right child begins at the cut.
    const rightChild = (2 * code + 1) * 2 ** (bits - depth - 1);
    descend(path, fractions, rightChild, bits, depth, depth + 1);
    const right = !isBelow(target, 0, path, (depth + 1) * NODE_LIMBS);
    if (!right) descend(path, fractions, 0, bits, depth, depth + 1);
    code = 2 * code + (right ? 1 : 0);
  }
  return code;
}

/** The AES outputs of a node and of all below it, level by level. */
function encryptSubtree(cipher: BlockCipher, depth: number, prefix: number): Bytes {
  for (let levels = 0, node = 0; levels < LEVELS_A_CALL; levels += 1) {
    for (let side = 0; side < 2 ** levels; side += 1, node += 1) {
      writeNode(inputView, node * BLOCK, depth + levels, prefix * 2 ** levels + side);
    }
  }
  return cipher.encrypt(inputs);
}
