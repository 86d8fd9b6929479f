import type { Bytes } from "./brand.ts";
import { assert, fail, ok, type Result } from "./result.ts";

const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));
const UTF8 = new TextEncoder();

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/**
 * Read lower-case hexadecimal, strictly: one text for one value, so that identifiers compare as text.
 *
 * Fails:   `not-hex` for odd length, upper case, or anything else.
 */
export function fromHex(text: string): Result<Bytes, { readonly kind: "not-hex" }> {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) return fail({ kind: "not-hex" });
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  }
  return ok(bytes);
}

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return UTF8.encode(text) as Bytes;
}

/** All parts, one after the other, in a new buffer. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  let size = 0;
  for (const part of parts) size += part.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Whether two byte strings are the same. Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Order as unsigned bytes, the shorter first: the order of PostgreSQL's `bytea` and `uuid`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** An unsigned integer of `size` bytes, big-endian. Throws when it does not fit: a bug. */
export function beInteger(value: number, size: number): Bytes {
  assert(Number.isSafeInteger(value) && value >= 0, "a big-endian integer is a safe natural");
  const out = new Uint8Array(size);
  let rest = value;
  for (let at = size - 1; at >= 0; at -= 1) {
    out[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  assert(rest === 0, "a big-endian integer fits its width");
  return out;
}

/** Read a big-endian unsigned integer of up to six bytes. */
export function readBeInteger(bytes: Uint8Array): number {
  assert(bytes.length <= 6, "a big-endian integer of at most six bytes is exact in a double");
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}
