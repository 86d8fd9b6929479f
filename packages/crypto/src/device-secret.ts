import { assert, type Bytes, fail, ok, type Result } from "@salus/base";
import { randomBytes } from "./random.ts";

const SECRET_BYTES = 16;
const TEXT_LETTERS = 26;
const GROUP_LETTERS = 5;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The half of a password that nobody has to remember: it stands on each device and on the printed
 * kit, so that no guess at a password can be tried with what the directory has.
 */
export class DeviceSecret {
  readonly #bytes: Bytes;

  constructor(bytes: Uint8Array) {
    assert(bytes.length === SECRET_BYTES, "a device secret is 16 bytes");
    this.#bytes = Uint8Array.from(bytes);
  }

  static draw(): DeviceSecret {
    return new DeviceSecret(randomBytes(SECRET_BYTES));
  }

  /**
   * Read a device secret as somebody typed it: spaces, hyphens and lower case are forgiven, and so
   * are 0 and 1, which the alphabet lacks, for O and I.
   *
   * Fails:   `bad-device-secret`.
   * Source:  RFC 4648 §6; spec/accounts.md §2.
   */
  static parse(text: string): Result<DeviceSecret, { readonly kind: "bad-device-secret" }> {
    const plain = text.toUpperCase().replaceAll(/[\s-]/g, "");
    const letters = plain.replaceAll("0", "O").replaceAll("1", "I");
    const bytes = letters.length === TEXT_LETTERS ? fromBase32(letters) : undefined;
    return bytes === undefined ? fail({ kind: "bad-device-secret" }) : ok(new DeviceSecret(bytes));
  }

  /** The raw bytes, for this package. */
  static reveal(secret: DeviceSecret): Bytes {
    return secret.#bytes;
  }

  /** 26 letters and digits in groups, for a printed kit. Source: RFC 4648 §6; spec/accounts.md §2. */
  get text(): string {
    const letters = toBase32(this.#bytes);
    const groups: string[] = [];
    for (let at = 0; at < letters.length; at += GROUP_LETTERS) {
      groups.push(letters.slice(at, at + GROUP_LETTERS));
    }
    return groups.join("-");
  }

  toJSON(): string {
    return "[device secret]";
  }

  toString(): string {
    return this.toJSON();
  }
}

function toBase32(bytes: Bytes): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

/** The bytes of a text of letters, or nothing for another letter or for bits that are left over. */
function fromBase32(text: string): Bytes | undefined {
  const out = new Uint8Array(Math.floor((text.length * 5) / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return undefined;
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out[at] = held >> bits;
    at += 1;
    held &= (1 << bits) - 1;
  }
  return held === 0 ? out : undefined;
}
