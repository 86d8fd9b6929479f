import { LEFT_BLOCK_BYTES, type SealedShape } from "@salus/evaluate";
import { LeftHalf } from "@salus/protocol";
import type { ColumnCiphers } from "./sealed-right.ts";
import {
  BLOCK,
  blockOf,
  permutationBlocks,
  prefixOf,
  shuffle,
  viewOf,
  writeMaskInput,
  writePermutationInputs,
} from "./sealed-subtable.ts";

/**
 * The left half of a bound: for each block, its slot, and the mask that opens that slot.
 *
 * Takes:   a bound in [0, 2^bits - 1].
 * Source:  spec/sealed-index.md §3; vectors/sealed-index-v1.json.
 */
export function leftHalf(shape: SealedShape, ciphers: ColumnCiphers, bound: number): LeftHalf {
  const streamBytes = permutationBlocks(shape) * BLOCK;
  const maskInputs = new Uint8Array(shape.blocks * BLOCK);
  const streamInputs = new Uint8Array(shape.blocks * streamBytes);
  for (let block = 0; block < shape.blocks; block += 1) {
    const prefix = prefixOf(shape, bound, block);
    const z = blockOf(shape, bound, block);
    writeMaskInput(viewOf(maskInputs), block * BLOCK, block, prefix, z);
    writePermutationInputs(
      viewOf(streamInputs),
      block * streamBytes,
      block,
      prefix,
      streamBytes / BLOCK,
    );
  }
  const masks = ciphers.mask.encrypt(maskInputs);
  const stream = viewOf(ciphers.permutation.encrypt(streamInputs));
  const slots = new Uint8Array(shape.alphabet);
  const left = new Uint8Array(shape.leftBytes);
  for (let block = 0; block < shape.blocks; block += 1) {
    shuffle(slots, 0, shape.alphabet, stream, block * streamBytes);
    const at = block * LEFT_BLOCK_BYTES;
    left[at] = slots[blockOf(shape, bound, block)] as number;
    left.set(masks.subarray(block * BLOCK, (block + 1) * BLOCK), at + 1);
  }
  return LeftHalf.of(left);
}
