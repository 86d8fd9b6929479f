import { assert, type Bytes, fail, fromBase32, ok, type Result, toBase32 } from "@salus/base";
import { randomBytes } from "./random.ts";

const SECRET_BYTES = 16;
const TEXT_LETTERS = 26;
const GROUP_LETTERS = 5;

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
