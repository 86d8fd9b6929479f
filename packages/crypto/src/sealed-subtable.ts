import type { Bytes } from "@salus/base";
import { NONCE_BYTES, type SealedShape } from "@salus/evaluate";

/** Bytes of an AES block, which is also a mask and a nonce. */
export const BLOCK: number = NONCE_BYTES;

const MASK_DOMAIN = 2;
const PERMUTATION_DOMAIN = 3;
const WORD = 4;

/** AES blocks of key stream that a permutation takes: a word for each swap. */
export function permutationBlocks(shape: SealedShape): number {
  return Math.ceil(((shape.alphabet - 1) * WORD) / BLOCK);
}

/**
 * Write the AES input of `mask(block, prefix, z)` over zero bytes or another such input.
 *
 * Source:  spec/sealed-index.md §1.
 */
export function writeMaskInput(
  inputs: DataView,
  at: number,
  block: number,
  prefix: number,
  z: number,
): void {
  writeInput(inputs, at, MASK_DOMAIN, block, prefix, z);
}

/**
 * Write the AES inputs of the key stream of `perm(block, prefix, ·)`.
 *
 * Source:  spec/sealed-index.md §1.
 */
export function writePermutationInputs(
  inputs: DataView,
  at: number,
  block: number,
  prefix: number,
  count: number,
): void {
  for (let j = 0; j < count; j += 1) {
    writeInput(inputs, at + j * BLOCK, PERMUTATION_DOMAIN, block, prefix, j);
  }
}

/** `u8 domain ‖ u8 block ‖ u64 prefix ‖ u8 last ‖ 5 zero bytes`; a prefix has at most 44 bits. */
function writeInput(
  inputs: DataView,
  at: number,
  domain: number,
  block: number,
  prefix: number,
  last: number,
): void {
  inputs.setInt32(at, (domain << 24) | (block << 16));
  inputs.setInt32(at + 4, prefix / 2 ** 16);
  inputs.setInt32(at + 8, ((prefix & 0xffff) << 16) | (last << 8));
}

/**
 * Shuffle 0 … N-1 by a key stream, after Fisher and Yates.
 *
 * Gives:   `slots[at + z]`, the slot of z. The multiplication makes no slot more likely than another by
 *          more than N / 2^32.
 * Source:  spec/sealed-index.md §1.
 */
export function shuffle(
  slots: Uint8Array,
  at: number,
  alphabet: number,
  stream: DataView,
  streamAt: number,
): void {
  for (let z = 0; z < alphabet; z += 1) slots[at + z] = z;
  let word = streamAt;
  for (let t = alphabet - 1; t >= 1; t -= 1) {
    const c = Math.floor((stream.getUint32(word) * (t + 1)) / 2 ** 32);
    const kept = slots[at + t] as number;
    slots[at + t] = slots[at + c] as number;
    slots[at + c] = kept;
    word += WORD;
  }
}

/** 2^-b for b bits: a power is a look-up here, because `**` is not. */
const SCALE: Float64Array = Float64Array.from({ length: 49 }, (_, bits) => 2 ** -bits);

/** The integer of the blocks of a value before one of them. */
export function prefixOf(shape: SealedShape, value: number, block: number): number {
  return Math.floor(value * (SCALE[shape.bits - block * shape.blockBits] as number));
}

/** One block of a value. */
export function blockOf(shape: SealedShape, value: number, block: number): number {
  return prefixOf(shape, value, block + 1) % shape.alphabet;
}

/** A view of what a cipher gave. */
export function viewOf(bytes: Bytes): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
