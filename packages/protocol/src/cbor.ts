import { assert, type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { decode, encode } from "cborg";
import type { Malformed } from "./ids.ts";

/** What the formats can say: spec/README.md, Conventions. Integers are 0 … 2^53 − 1. */
export type CborValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborValue[]
  | { readonly [name: string]: CborValue };

const NATURALS_ONLY = {
  typeEncoders: {
    number: (value: number): null => {
      assert(Number.isSafeInteger(value) && value >= 0, "CBOR here holds natural numbers only");
      return null;
    },
    undefined: (): never => {
      throw new Error("bug: a CBOR value has no field without a value");
    },
  },
};

/**
 * The one encoding of a value.
 *
 * Map keys are sorted by length and then as bytes: for texts that is the order of their encodings.
 *
 * Takes:   a `CborValue`, or an object of an interface that a schema here reads: the compiler does
 *          not see that an interface has no other fields.
 * Fails:   never; a value that the formats do not know is a bug and throws.
 * Source:  RFC 8949 §4.2.1; spec/README.md.
 */
export function encodeCbor(value: CborValue | object): Bytes {
  // In Node the library gives a view of a Buffer that it shares with others.
  return new Uint8Array(encode(value, NATURALS_ONLY));
}

/**
 * Read bytes from outside, strictly: whatever `encodeCbor` would not have written is refused.
 *
 * The library already refuses most of it; encoding again and comparing leaves no room for a second
 * spelling that it does not know of (order of keys, text that is no UTF-8, a float that is whole).
 *
 * Takes:   `what`, the name of the thing, for the error.
 * Fails:   `malformed`; also what has more items, or deeper ones, than a message of its size can have.
 * Cost:    about 7 ms a megabyte of small items, 2 ms of large ones.
 */
export function decodeCbor(bytes: Uint8Array, what: string): Result<CborValue, Malformed> {
  // A plain view, so that the byte strings inside are copies and no views of a pooled Buffer.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isModest(plain)) return fail({ kind: "malformed", what });
  try {
    const value: CborValue = decode(plain, STRICT);
    return equalBytes(encode(value, NATURALS_ONLY), plain)
      ? ok(value)
      : fail({ kind: "malformed", what });
  } catch {
    return fail({ kind: "malformed", what });
  }
}

/** A list or map may stand in so many others. */
const DEPTH_MAX = 16;
/** So many items have any message; a larger one has no more than its bytes allow. */
const ITEMS_MIN = 65_536;
const BYTES_AN_ITEM = 8;
const NESTED_MIN = 4096;
const BYTES_A_NESTED = 64;

/**
 * Whether bytes hold as few items as the messages of the formats do, which are mostly byte strings.
 *
 * A megabyte can say a million empty maps: to make them takes a second, and a hundred and fifty
 * megabytes. So the heads alone are read first; whether they are well-formed is for the decoder.
 */
function isModest(bytes: Uint8Array): boolean {
  const itemsMax = ITEMS_MIN + bytes.length / BYTES_AN_ITEM;
  const nestedMax = NESTED_MIN + bytes.length / BYTES_A_NESTED;
  /** How many items each list or map around here still lacks. */
  const lacking: number[] = [];
  let nested = 0;
  let at = 0;
  for (let items = 1; at < bytes.length; items += 1) {
    const head = bytes[at] as number;
    const kind = head >> 5;
    const size = sizeOfArgument(head & 31);
    let argument = head & 31;
    if (size > 0) {
      argument = 0;
      for (let end = at + size; at < end; at += 1) argument = argument * 256 + (bytes[at + 1] ?? 0);
    }
    at += 1;
    if (kind === BYTES || kind === TEXT) at += argument;
    if (lacking.length > 0) lacking[lacking.length - 1] = (lacking.at(-1) as number) - 1;
    if (kind === LIST || kind === MAP) {
      nested += 1;
      lacking.push(kind === MAP ? 2 * argument : argument);
    }
    if (items > itemsMax || nested > nestedMax || lacking.length > DEPTH_MAX) return false;
    while (lacking.at(-1) === 0) lacking.pop();
    if (lacking.length === 0) return true;
  }
  return false;
}

// Major types of RFC 8949 §3.
const BYTES = 2;
const TEXT = 3;
const LIST = 4;
const MAP = 5;

/** How many bytes behind its head an item's length or number takes. Source: RFC 8949 §3. */
function sizeOfArgument(information: number): number {
  return information < 24 || information > 27 ? 0 : 1 << (information - 24);
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
};
