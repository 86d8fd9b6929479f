import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beInteger,
  compareBytes,
  concat,
  encodeTuple,
  equalBytes,
  fromBase32,
  fromHex,
  readBeInteger,
  toBase32,
  toHex,
} from "../src/index.ts";

// Goal: the byte codecs under every format are injective, strict and in the database's order.
// Method: properties over random bytes, and the inputs that a lenient codec would let through.

const bytes = (): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: 40 });

describe("hexadecimal", () => {
  it("comes back as it went", () => {
    fc.assert(
      fc.property(bytes(), (value) => {
        expect(fromHex(toHex(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it.each(["0", "0G", "AB", " 00", "0x00", "00 "])("refuses %j", (text) => {
    expect(fromHex(text)).toEqual({ ok: false, error: { kind: "not-hex" } });
  });
});

describe("base32", () => {
  // RFC 4648 §10, without its padding.
  it.each([
    ["", ""],
    ["f", "MY"],
    ["fo", "MZXQ"],
    ["foo", "MZXW6"],
    ["foob", "MZXW6YQ"],
    ["fooba", "MZXW6YTB"],
    ["foobar", "MZXW6YTBOI"],
  ])("of %j is %s", (plain, text) => {
    expect(toBase32(new TextEncoder().encode(plain))).toBe(text);
    expect(new TextDecoder().decode(fromBase32(text))).toBe(plain);
  });

  it("comes back as it went", () => {
    fc.assert(
      fc.property(bytes(), (value) => {
        expect(fromBase32(toBase32(value))).toEqual(Uint8Array.from(value));
      }),
    );
  });

  it.each(["M", "MZ1", "my", "MZ=", "MZ", "MZX"])("refuses %j", (text) => {
    expect(fromBase32(text)).toBeUndefined();
  });
});

describe("tuples", () => {
  it("differ whenever their parts differ", () => {
    const parts = fc.array(bytes(), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same =
          a.length === b.length && a.every((part, at) => equalBytes(part, b[at] as Uint8Array));
        expect(equalBytes(encodeTuple(...a), encodeTuple(...b))).toBe(same);
      }),
    );
  });

  it("stop on a part that its length field cannot hold", () => {
    expect(() => encodeTuple(new Uint8Array(65_536))).toThrow(
      "bug: a tuple part fits a u16 length",
    );
  });
});

describe("order", () => {
  it("is that of Buffer.compare, which is memcmp with the shorter first", () => {
    fc.assert(
      fc.property(bytes(), bytes(), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
      }),
    );
  });
});

describe("big-endian integers", () => {
  it("come back as they went", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 48 - 1 }), (value) => {
        expect(readBeInteger(beInteger(value, 6))).toBe(value);
      }),
    );
  });

  it.each([
    [256, 1],
    [-1, 4],
    [0.5, 4],
    [2 ** 53, 8],
  ])("%d does not go into %d bytes", (value, size) => {
    expect(() => beInteger(value, size)).toThrow("bug:");
  });
});

describe("concatenation", () => {
  it("keeps every byte in its place", () => {
    fc.assert(
      fc.property(bytes(), bytes(), (a, b) => {
        expect(toHex(concat(a, b))).toBe(toHex(a) + toHex(b));
      }),
    );
  });
});
