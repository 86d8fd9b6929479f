import type { Bytes } from "./brand.ts";
import { utf8 } from "./bytes.ts";
import { assert } from "./result.ts";

/**
 * Each part behind a big-endian u16 length, so ("a","bc") and ("ab","c") differ.
 *
 * Takes:   texts (as UTF-8) and byte strings, each at most 65,535 bytes.
 * Source:  spec/keys.md §1; vectors/keys-v1.json.
 */
export function encodeTuple(...parts: readonly (string | Uint8Array)[]): Bytes {
  const encoded = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  const out = new Uint8Array(encoded.reduce((size, part) => size + 2 + part.length, 0));
  let at = 0;
  for (const part of encoded) {
    assert(part.length <= 0xffff, "a tuple part fits a u16 length");
    out[at] = part.length >> 8;
    out[at + 1] = part.length & 0xff;
    out.set(part, at + 2);
    at += 2 + part.length;
  }
  return out;
}
