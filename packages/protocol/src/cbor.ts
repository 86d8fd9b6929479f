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
 * Fails:   `malformed`.
 * Cost:    about 7 ms a megabyte of small items, 2 ms of large ones.
 */
export function decodeCbor(bytes: Uint8Array, what: string): Result<CborValue, Malformed> {
  // A plain view, so that the byte strings inside are copies and no views of a pooled Buffer.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const value: CborValue = decode(plain, STRICT);
    return equalBytes(encode(value, NATURALS_ONLY), plain)
      ? ok(value)
      : fail({ kind: "malformed", what });
  } catch {
    return fail({ kind: "malformed", what });
  }
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
