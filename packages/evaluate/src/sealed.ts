import { assert, type Bytes, fail, ok, type Result } from "@salus/base";
import type { LeftHalf, Malformed } from "@salus/protocol";
import { permuteBlocks } from "./sealed-pad.ts";
import { LEFT_BLOCK_BYTES, type SealedShape, sealedShape, slotsAt } from "./sealed-shape.ts";

/** The two bounds of a range, as a query sends them: of the value just below it, and of its greatest. */
export interface SealedBounds {
  readonly below: LeftHalf;
  readonly greatest: LeftHalf;
}

/** Rows are taken in chunks whose AES blocks stay in the processor's cache. */
const CHUNK = 4096;
const BLOCK = 16;

// One call at a time uses these, and none of them outlives it.
const candidates: Int32Array = new Int32Array(CHUNK);
const blocks: Bytes = new Uint8Array(CHUNK * BLOCK);
const blocksView: DataView = new DataView(blocks.buffer);

/**
 * Say which right halves of a column lie in a range, without any key.
 *
 * Takes:   `column`, right halves of `bits`-bit values, one after the other without gaps.
 * Gives:   one byte a row: 1 inside the range, 0 outside.
 * Sees:    of each row and bound, on which side it lies and the first block in which they differ.
 * Fails:   `malformed`, for left halves that are not of such values. A column of another width is a bug.
 * Cost:    one AES block a row for the first block of a bound, then only for rows that are still equal.
 *          bench/sealed-evaluate.ts.
 * Source:  spec/sealed-index.md §4; vectors/sealed-index-v1.json.
 */
export function evaluateSealed(
  bits: number,
  column: Uint8Array,
  bounds: SealedBounds,
): Result<Bytes, Malformed> {
  const shape = sealedShape(bits);
  if (!fits(shape, bounds.below) || !fits(shape, bounds.greatest)) {
    return fail({ kind: "malformed", what: "left half" });
  }
  assertColumn(shape, column);
  const rows = column.length / shape.rightBytes;
  const inside = new Uint8Array(rows);
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from);
    for (let at = 0; at < count; at += 1) candidates[at] = from + at;
    markGreater(shape, column, bounds.below, count, inside);
    const above = keepMarked(inside, from, count);
    markGreater(shape, column, bounds.greatest, above, inside);
  }
  return ok(inside);
}

/**
 * Say which right halves of a column are greater than one bound, without any key.
 *
 * Gives:   one byte a row: 1 for a greater value, 0 for an equal or a lesser one.
 * Sees:    as `evaluateSealed`.
 * Fails:   `malformed`, for a left half that is not of such values.
 * Source:  spec/sealed-index.md §4; vectors/sealed-index-v1.json.
 */
export function evaluateSealedBound(
  bits: number,
  column: Uint8Array,
  bound: LeftHalf,
): Result<Bytes, Malformed> {
  const shape = sealedShape(bits);
  if (!fits(shape, bound)) return fail({ kind: "malformed", what: "left half" });
  assertColumn(shape, column);
  const rows = column.length / shape.rightBytes;
  const greater = new Uint8Array(rows);
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from);
    for (let at = 0; at < count; at += 1) candidates[at] = from + at;
    markGreater(shape, column, bound, count, greater);
  }
  return ok(greater);
}

/** Positions in a column are 32-bit integers, which is what makes reading it quick. */
function assertColumn(shape: SealedShape, column: Uint8Array): void {
  assert(column.length < 2 ** 31, "a sealed column has less than 2 GiB");
  assert(column.length % shape.rightBytes === 0, "a sealed column holds whole right halves");
}

/** A left half from the network: its slots must be those of its alphabet. */
function fits(shape: SealedShape, left: LeftHalf): boolean {
  if (left.length !== shape.leftBytes) return false;
  for (let at = 0; at < left.length; at += LEFT_BLOCK_BYTES) {
    if ((left[at] as number) >= shape.alphabet) return false;
  }
  return true;
}

/** The rows of a chunk that are marked become the candidates; gives how many there are. */
function keepMarked(marks: Uint8Array, from: number, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    candidates[kept] = from + at;
    kept += marks[from + at] as number;
  }
  return kept;
}

/** Turn the mark of each of the first `count` candidates whose value is greater than the bound. */
function markGreater(
  shape: SealedShape,
  column: Uint8Array,
  left: LeftHalf,
  count: number,
  marks: Uint8Array,
): void {
  const last = shape.blocks - 1;
  let undecided = count;
  for (let block = 0; block < last && undecided > 0; block += 1) {
    undecided = decideBlock(shape, column, left, block, undecided, marks);
  }
  if (undecided > 0) decideLastBlock(shape, column, left, undecided, marks);
}

/**
 * Compare by a block before the last: the symbol is 0 for equal, 1 for greater, and 2 for less. The
 * candidates that are equal stay candidates.
 *
 * What differs from row to row is data, so there is no branch on it.
 */
function decideBlock(
  shape: SealedShape,
  column: Uint8Array,
  left: LeftHalf,
  block: number,
  count: number,
  marks: Uint8Array,
): number {
  const width = shape.rightBytes;
  const pads = padsOf(shape, column, left, block, count);
  const slot = left[block * LEFT_BLOCK_BYTES] as number;
  const key = left[block * LEFT_BLOCK_BYTES + 1] as number;
  const at = slotsAt(shape, block) + (slot >>> 2);
  const shift = 6 - 2 * (slot & 3);
  let equal = 0;
  for (let i = 0; i < count; i += 1) {
    const row = candidates[i] as number;
    const stored = (column[Math.imul(row, width) + at] as number) >>> shift;
    const symbol = (stored ^ (pads[i * BLOCK] as number) ^ key) & 3;
    const greater = symbol & ~(symbol >>> 1) & 1;
    marks[row] = (marks[row] as number) ^ greater;
    candidates[equal] = row;
    equal += (symbol - 1) >>> 31;
  }
  return equal;
}

/** Compare by the last block, whose symbol is 1 for greater and 0 for the rest: equality stays hidden. */
function decideLastBlock(
  shape: SealedShape,
  column: Uint8Array,
  left: LeftHalf,
  count: number,
  marks: Uint8Array,
): void {
  const block = shape.blocks - 1;
  const width = shape.rightBytes;
  const pads = padsOf(shape, column, left, block, count);
  const slot = left[block * LEFT_BLOCK_BYTES] as number;
  const key = left[block * LEFT_BLOCK_BYTES + 1] as number;
  const at = slotsAt(shape, block) + (slot >>> 3);
  const shift = 7 - (slot & 7);
  for (let i = 0; i < count; i += 1) {
    const row = candidates[i] as number;
    const stored = (column[Math.imul(row, width) + at] as number) >>> shift;
    const greater = (stored ^ (pads[i * BLOCK] as number) ^ key) & 1;
    marks[row] = (marks[row] as number) ^ greater;
  }
}

/** `pi(k xor r)` for each candidate's r and the bound's k: one AES call. */
function padsOf(
  shape: SealedShape,
  column: Uint8Array,
  left: LeftHalf,
  block: number,
  count: number,
): Bytes {
  const key = new DataView(left.buffer, left.byteOffset + block * LEFT_BLOCK_BYTES + 1, BLOCK);
  const k0 = key.getInt32(0, true);
  const k1 = key.getInt32(4, true);
  const k2 = key.getInt32(8, true);
  const k3 = key.getInt32(12, true);
  const width = shape.rightBytes;
  const view = new DataView(column.buffer, column.byteOffset, column.length);
  for (let i = 0; i < count; i += 1) {
    const r = Math.imul(candidates[i] as number, width);
    const at = i * BLOCK;
    blocksView.setInt32(at, view.getInt32(r, true) ^ k0, true);
    blocksView.setInt32(at + 4, view.getInt32(r + 4, true) ^ k1, true);
    blocksView.setInt32(at + 8, view.getInt32(r + 8, true) ^ k2, true);
    blocksView.setInt32(at + 12, view.getInt32(r + 12, true) ^ k3, true);
  }
  return permuteBlocks(blocks.subarray(0, count * BLOCK));
}
