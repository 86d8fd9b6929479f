import type { Bytes } from "@salus/base";
import { type BlockCipher, permuteBlocks, type SealedShape, slotsAt } from "@salus/evaluate";
import { commonBits, neighbourOrder, SLICE } from "./neighbours.ts";
import type { RandomStream } from "./random.ts";
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

/** AES-256 under the two keys of a sealed column. */
export interface ColumnCiphers {
  readonly mask: BlockCipher;
  readonly permutation: BlockCipher;
}

/** 64 KiB of blocks a call, beyond which a block costs no less. */
const CALL_BLOCKS = 4096;

/** The most sub-table entries that a value has: twelve blocks of sixteen, or one of 256. */
const ENTRIES_MAX = 256;

// One call at a time uses these, and none of them outlives it.
const inputs: Bytes = new Uint8Array(CALL_BLOCKS * BLOCK);
const inputView: DataView = viewOf(inputs);
/** `k xor r` of each slot of each value of a call. Apart, because inputs rest on their zero bytes. */
const padInputs: Bytes = new Uint8Array(CALL_BLOCKS * BLOCK);
const padWords: Int32Array = new Int32Array(padInputs.buffer);
const known: Uint8Array = new Uint8Array(CALL_BLOCKS);
/** The masks and slots that belong to the value at hand: for each block, those of its prefix. */
const pathMasks: Bytes = new Uint8Array(ENTRIES_MAX * BLOCK);
const pathMaskWords: Int32Array = new Int32Array(pathMasks.buffer);
const pathSlots: Uint8Array = new Uint8Array(ENTRIES_MAX);
/** The slots of each value of a call. */
const callSlots: Uint8Array = new Uint8Array(CALL_BLOCKS);

/**
 * The right halves of many values, one after the other, in the order of the values.
 *
 * Values that begin alike are taken one after the other: the masks and the slots of a prefix are made
 * once, and all AES blocks of a call are encrypted together.
 *
 * Takes:   values in [0, 2^bits - 1]. `random` is the system's, except in the tests with vectors.
 * Cost:    a pad for each slot, and for each prefix that is new as many masks and a shuffle.
 * Source:  spec/sealed-index.md §2; vectors/sealed-index-v1.json.
 */
export function rightHalves(
  shape: SealedShape,
  ciphers: ColumnCiphers,
  values: ArrayLike<number>,
  random: RandomStream,
): Bytes {
  const nonces = new Uint8Array(values.length * BLOCK);
  random.fill(nonces);
  const halves = new Uint8Array(values.length * shape.rightBytes);
  const step = Math.floor(CALL_BLOCKS / (shape.blocks * shape.alphabet));
  for (let start = 0; start < values.length; start += SLICE) {
    const order = neighbourOrder(values, start, Math.min(start + SLICE, values.length), shape.bits);
    let before = -1;
    for (let from = 0; from < order.length; from += step) {
      const some = order.subarray(from, from + step);
      const subtables = newSubtables(shape, ciphers, values, some, before);
      writePadInputs(shape, subtables, some, nonces);
      packHalves(shape, values, some, nonces, halves);
      before = values[some[some.length - 1] as number] as number;
    }
  }
  return halves;
}

/** What the prefixes that are new in a call give: masks, and the key streams of permutations. */
interface Subtables {
  readonly masks: Bytes;
  readonly streams: DataView;
}

/** Encrypt the inputs of each sub-table that is new; `known` remembers how many blocks are not. */
function newSubtables(
  shape: SealedShape,
  ciphers: ColumnCiphers,
  values: ArrayLike<number>,
  order: Float64Array,
  valueBefore: number,
): Subtables {
  let before = valueBefore;
  let count = 0;
  for (let at = 0; at < order.length; at += 1) {
    const value = values[order[at] as number] as number;
    const shared = Math.floor(commonBits(before, value, shape.bits) / shape.blockBits);
    const first = before < 0 ? 0 : Math.min(shared + 1, shape.blocks);
    known[at] = first;
    for (let block = first; block < shape.blocks; block += 1) {
      const prefix = prefixOf(shape, value, block);
      for (let z = 0; z < shape.alphabet; z += 1) {
        writeMaskInput(inputView, (count * shape.alphabet + z) * BLOCK, block, prefix, z);
      }
      count += 1;
    }
    before = value;
  }
  const masks = ciphers.mask.encrypt(inputs.subarray(0, count * shape.alphabet * BLOCK));
  return { masks, streams: newStreams(shape, ciphers, values, order, count) };
}

/** The key streams of the permutations of the same sub-tables. */
function newStreams(
  shape: SealedShape,
  ciphers: ColumnCiphers,
  values: ArrayLike<number>,
  order: Float64Array,
  count: number,
): DataView {
  const streamBlocks = permutationBlocks(shape);
  let subtable = 0;
  for (let at = 0; at < order.length; at += 1) {
    const value = values[order[at] as number] as number;
    for (let block = known[at] as number; block < shape.blocks; block += 1) {
      const prefix = prefixOf(shape, value, block);
      const to = subtable * streamBlocks * BLOCK;
      writePermutationInputs(inputView, to, block, prefix, streamBlocks);
      subtable += 1;
    }
  }
  return viewOf(ciphers.permutation.encrypt(inputs.subarray(0, count * streamBlocks * BLOCK)));
}

/** Write `k xor r` for each slot of each value of a call, and remember its slots. */
function writePadInputs(
  shape: SealedShape,
  { masks, streams }: Subtables,
  order: Float64Array,
  nonces: Bytes,
): void {
  const { alphabet, blocks } = shape;
  const entries = alphabet * blocks;
  const streamBytes = permutationBlocks(shape) * BLOCK;
  const nonceWords = new Int32Array(nonces.buffer);
  let subtable = 0;
  for (let at = 0; at < order.length; at += 1) {
    for (let block = known[at] as number; block < blocks; block += 1) {
      const size = alphabet * BLOCK;
      pathMasks.set(masks.subarray(subtable * size, (subtable + 1) * size), block * size);
      shuffle(pathSlots, block * alphabet, alphabet, streams, subtable * streamBytes);
      subtable += 1;
    }
    const nonce = (order[at] as number) * 4;
    const r0 = nonceWords[nonce] as number;
    const r1 = nonceWords[nonce + 1] as number;
    const r2 = nonceWords[nonce + 2] as number;
    const r3 = nonceWords[nonce + 3] as number;
    const to = at * entries * 4;
    for (let word = 0; word < entries * 4; word += 4) {
      padWords[to + word] = (pathMaskWords[word] as number) ^ r0;
      padWords[to + word + 1] = (pathMaskWords[word + 1] as number) ^ r1;
      padWords[to + word + 2] = (pathMaskWords[word + 2] as number) ^ r2;
      padWords[to + word + 3] = (pathMaskWords[word + 3] as number) ^ r3;
    }
    for (let entry = 0; entry < entries; entry += 1) {
      callSlots[at * entries + entry] = pathSlots[entry] as number;
    }
  }
}

/** Encrypt the pads of a call, and pack nonce and masked symbols of each value. */
function packHalves(
  shape: SealedShape,
  values: ArrayLike<number>,
  order: Float64Array,
  nonces: Bytes,
  halves: Bytes,
): void {
  const { alphabet, blocks, rightBytes } = shape;
  const entries = alphabet * blocks;
  const pads = permuteBlocks(padInputs.subarray(0, order.length * entries * BLOCK));
  const view = viewOf(halves);
  for (let at = 0; at < order.length; at += 1) {
    const position = order[at] as number;
    const value = values[position] as number;
    const row = position * rightBytes;
    halves.set(nonces.subarray(position * BLOCK, (position + 1) * BLOCK), row);
    const r = nonces[position * BLOCK] as number;
    let entry = at * entries;
    for (let block = 0; block < blocks - 1; block += 1) {
      const symbols = packWide(pads, r, entry, alphabet, blockOf(shape, value, block));
      view.setInt32(row + slotsAt(shape, block), symbols);
      entry += alphabet;
    }
    packLast(
      pads,
      r,
      entry,
      alphabet,
      blockOf(shape, value, blocks - 1),
      halves,
      row + slotsAt(shape, blocks - 1),
    );
  }
}

/** Sixteen slots of two bits, in a word: for each z 0 where the block is z, 1 above it, 2 below it. */
function packWide(pads: Bytes, r: number, from: number, alphabet: number, y: number): number {
  let word = 0;
  for (let z = 0; z < alphabet; z += 1) {
    const entry = from + z;
    const symbol = y === z ? 0 : y > z ? 1 : 2;
    const masked = (symbol ^ maskByte(pads, r, entry)) & 3;
    word |= masked << (30 - 2 * (callSlots[entry] as number));
  }
  return word;
}

/** Slots of one bit: for each z 1 where the block is above it, and 0 elsewhere. */
function packLast(
  pads: Bytes,
  r: number,
  from: number,
  alphabet: number,
  y: number,
  out: Bytes,
  at: number,
): void {
  for (let z = 0; z < alphabet; z += 1) {
    const entry = from + z;
    const slot = callSlots[entry] as number;
    const masked = ((y > z ? 1 : 0) ^ maskByte(pads, r, entry)) & 1;
    const byte = at + (slot >>> 3);
    out[byte] = (out[byte] as number) | (masked << (7 - (slot & 7)));
  }
}

/** The first byte of `pi(k xor r) xor k`, where the input `k xor r` still has k in it. */
function maskByte(pads: Bytes, r: number, entry: number): number {
  return (pads[entry * BLOCK] as number) ^ (padInputs[entry * BLOCK] as number) ^ r;
}
