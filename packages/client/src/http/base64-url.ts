import { type Bytes, utf8 } from "@salus/base";

const ALPHABET = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

/** Base64 with the URL's alphabet, without padding (RFC 4648 §5). */
export function base64Url(bytes: Bytes): string {
  const out = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  for (let at = 0, bits = 0, held = 0, next = 0; at < out.length; at += 1) {
    if (bits < 6) {
      held = (held << 8) | (bytes[next] ?? 0);
      next += 1;
      bits += 8;
    }
    bits -= 6;
    out[at] = ALPHABET[(held >> bits) & 63] as number;
    held &= (1 << bits) - 1;
  }
  return new TextDecoder().decode(out);
}

/** The bytes of such a text, or nothing when it is none: also when bits are left over. */
export function fromBase64Url(text: string): Bytes | undefined {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of utf8(text)) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[at] = held >> bits;
    at += 1;
    held &= (1 << bits) - 1;
  }
  return held === 0 && bits < 6 ? out : undefined;
}
