import { assert, type Bytes } from "@salus/base";
import type { TagToken } from "@salus/protocol";
import { BlockCipher } from "#engine";

/** The tag lists of one cell, one after the other without gaps. */
export interface TagColumn {
  /** The lists: each a nonce, then its tags in ascending order. */
  readonly lists: Uint8Array;
  /** Where each list begins, and at last where the last one ends. */
  readonly offsets: Uint32Array;
}

const NONCE_BYTES = 16;
const TAG_BYTES = 8;

/** Lists are taken in chunks whose AES blocks stay in the processor's cache. */
const CHUNK = 4096;

/**
 * Say which lists carry the keyword of each token, without any key.
 *
 * Gives:   for each token one byte a list: 1 when it carries the tag, 0 when it does not. One list in
 *          about 2^64 / (its tags) is wrongly 1; the exact filter after decryption drops it.
 * Sees:    which lists carry a queried tag; equal tokens are equal.
 * Cost:    per token one AES block and one binary search a list.
 * Source:  spec/tags.md; vectors/tags-v1.json.
 */
export function evaluateTags(column: TagColumn, tokens: readonly TagToken[]): readonly Bytes[] {
  const { lists, offsets } = column;
  const count = offsets.length - 1;
  assert(count >= 0 && offsets[count] === lists.length, "tag lists fill their column");
  const view = new DataView(lists.buffer, lists.byteOffset, lists.length);
  const ciphers = tokens.map((token) => new BlockCipher(token));
  const answers = tokens.map(() => new Uint8Array(count));
  for (let from = 0; from < count; from += CHUNK) {
    const nonces = noncesOf(view, offsets.subarray(from, Math.min(from + CHUNK, count)));
    for (const [at, cipher] of ciphers.entries()) {
      markCarriers(view, offsets, from, cipher.encrypt(nonces), answers[at] as Bytes);
    }
  }
  return answers;
}

function noncesOf(lists: DataView, offsets: Uint32Array): Bytes {
  const nonces = new DataView(new ArrayBuffer(offsets.length * NONCE_BYTES));
  for (let list = 0; list < offsets.length; list += 1) {
    for (let byte = 0; byte < NONCE_BYTES; byte += 4) {
      nonces.setInt32(list * NONCE_BYTES + byte, lists.getInt32((offsets[list] as number) + byte));
    }
  }
  return new Uint8Array(nonces.buffer);
}

/** Mark the lists, from `from` on, that hold the beginning of their block of `tags`. */
function markCarriers(
  lists: DataView,
  offsets: Uint32Array,
  from: number,
  tags: Bytes,
  carries: Bytes,
): void {
  const wanted = new DataView(tags.buffer, tags.byteOffset, tags.length);
  for (let at = 0; at < tags.length; at += NONCE_BYTES) {
    const list = from + at / NONCE_BYTES;
    const begin = (offsets[list] as number) + NONCE_BYTES;
    const end = offsets[list + 1] as number;
    const found = holdsTag(lists, begin, end, wanted.getUint32(at), wanted.getUint32(at + 4));
    carries[list] = found ? 1 : 0;
  }
}

/** Whether a tag, in two halves, is among the sorted tags between two positions. */
function holdsTag(
  lists: DataView,
  begin: number,
  end: number,
  upper: number,
  lower: number,
): boolean {
  let low = 0;
  let high = (end - begin) / TAG_BYTES;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = begin + middle * TAG_BYTES;
    const difference = lists.getUint32(at) - upper || lists.getUint32(at + 4) - lower;
    if (difference === 0) return true;
    if (difference < 0) low = middle + 1;
    else high = middle;
  }
  return false;
}
