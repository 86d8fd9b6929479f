import type { Bytes } from "@salus/base";
import { bodySize, CHUNK_BYTES, CHUNK_TAG_BYTES } from "@salus/evaluate";
import { gcmOpen, gcmSeal } from "#engine";

const SEALED_CHUNK_BYTES = CHUNK_BYTES + CHUNK_TAG_BYTES;

/**
 * Seal a text in chunks, each bound to its place and the last to being the last.
 *
 * Takes:   a key that seals this text and no other: the nonce is a counter.
 * Source:  Hoang et al., CRYPTO 2015, §6 (STREAM); spec/envelope.md §3.
 */
export function sealChunks(key: Uint8Array, text: Uint8Array): Bytes {
  const out = new Uint8Array(bodySize(text.length));
  for (let i = 0; i * CHUNK_BYTES < text.length; i += 1) {
    const from = i * CHUNK_BYTES;
    const chunk = text.subarray(from, from + CHUNK_BYTES);
    const last = from + chunk.length === text.length;
    out.set(gcmSeal(key, nonceOf(i, last), chunk), i * SEALED_CHUNK_BYTES);
  }
  return out;
}

/** The text of what `sealChunks` made; nothing at all when any chunk is not what it made. */
export function openChunks(key: Uint8Array, body: Uint8Array): Bytes | undefined {
  const chunks = Math.ceil(body.length / SEALED_CHUNK_BYTES);
  const out = new Uint8Array(body.length - chunks * CHUNK_TAG_BYTES);
  for (let i = 0; i < chunks; i += 1) {
    const sealed = body.subarray(i * SEALED_CHUNK_BYTES, (i + 1) * SEALED_CHUNK_BYTES);
    const chunk = gcmOpen(key, nonceOf(i, i === chunks - 1), sealed);
    if (chunk === undefined) return undefined;
    out.set(chunk, i * CHUNK_BYTES);
  }
  return out;
}

/** u88 of the chunk, u8 whether it is the last. An envelope has fewer than 2^32 chunks. */
function nonceOf(chunk: number, last: boolean): Bytes {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, chunk);
  nonce[11] = last ? 1 : 0;
  return nonce;
}
