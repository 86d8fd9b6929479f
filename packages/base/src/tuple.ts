import type { Bytes } from "./brand.ts";
import { utf8 } from "./bytes.ts";
import { assert } from "./result.ts";

/**
 * Each part behind a big-endian u16 length, so ("a","bc") and ("ab","c") differ.
 *
 * Takes:   texts (as UTF-8) and byte strings, each at most 65,535 bytes.
 * Cost:    0.3 µs for a handful of short parts: it stands before every derivation.
 * Source:  spec/keys.md §1; vectors/keys-v1.json.
 */
export function encodeTuple(...parts: readonly (string | Uint8Array)[]): Bytes {
  let size = 0;
  // A text takes as many bytes as it has code units, unless it leaves ASCII: then it is encoded.
  for (const part of parts) size += 2 + part.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    assert(part.length <= 0xffff, "a tuple part fits a u16 length");
    out[at] = part.length >> 8;
    out[at + 1] = part.length & 0xff;
    at += 2;
    if (typeof part !== "string") out.set(part, at);
    else if (!writeAscii(part, out, at)) return encodeTuple(...parts.map(encoded));
    at += part.length;
  }
  return out;
}

function encoded(part: string | Uint8Array): Uint8Array {
  return typeof part === "string" ? utf8(part) : part;
}

/** Write a text of ASCII; false, with some of it written, for another. */
function writeAscii(text: string, out: Bytes, at: number): boolean {
  for (let unit = 0; unit < text.length; unit += 1) {
    const code = text.charCodeAt(unit);
    if (code > 0x7f) return false;
    out[at + unit] = code;
  }
  return true;
}
