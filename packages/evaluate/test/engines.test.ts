import { toHex } from "@salus/base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as node from "../src/engine/node.ts";
import * as web from "../src/engine/web.ts";

// Goal: what is encrypted on a server opens in a browser: both engines give the same bytes.
// Method: published answers for each engine, then the one against the other on random input.

describe.each([
  ["node", node],
  ["web", web],
])("the %s engine", (_, engine) => {
  it.each([
    // FIPS 197, appendices C.1 and C.3.
    ["000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a"],
    [
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      "8ea2b7ca516745bfeafc49904b496089",
    ],
  ])("encrypts a block as FIPS 197 does under %s", (key, expected) => {
    const block = hex("00112233445566778899aabbccddeeff");
    expect(toHex(new engine.BlockCipher(hex(key)).encrypt(block))).toBe(expected);
  });

  it("hashes as FIPS 180-4 does", () => {
    const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(toHex(engine.sha256(text("abc")))).toBe(abc);
    expect(toHex(engine.sha256(text("a"), text(""), text("bc")))).toBe(abc);
    expect(toHex(engine.sha256())).toBe(toHex(engine.sha256(text(""))));
  });

  it("has one cipher for any number of calls, of any number of blocks", () => {
    const cipher = new engine.BlockCipher(new Uint8Array(32).fill(1));
    const blocks = Uint8Array.from({ length: 160 }, (_, at) => at);
    const together = toHex(cipher.encrypt(blocks));
    const apart = Array.from({ length: 10 }, (_, at) =>
      toHex(cipher.encrypt(blocks.subarray(16 * at, 16 * at + 16))),
    );
    expect(apart.join("")).toBe(together);
    expect(cipher.encrypt(new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  it("writes where it is told, over its own input too", () => {
    const cipher = new engine.BlockCipher(new Uint8Array(16).fill(1));
    const blocks = Uint8Array.from({ length: 49 }, (_, at) => at);
    const expected = cipher.encrypt(blocks.subarray(1));
    cipher.encryptInto(blocks.subarray(1), blocks.subarray(1));
    expect(blocks.subarray(1)).toEqual(expected);
  });

  it("takes whole blocks, and keys of 16 or 32 bytes", () => {
    const cipher = new engine.BlockCipher(new Uint8Array(16));
    expect(() => cipher.encrypt(new Uint8Array(15))).toThrow("whole blocks");
    expect(() => cipher.encryptInto(new Uint8Array(16), new Uint8Array(32))).toThrow("bug");
    expect(() => new engine.BlockCipher(new Uint8Array(24))).toThrow("16 or 32");
  });
});

describe("both engines", () => {
  it("give the same bytes", () => {
    const key = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
    );
    const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 });
    fc.assert(
      fc.property(key, fc.uint8Array({ maxLength: 700 }), parts, (keyBytes, bytes, hashed) => {
        // From an odd offset too, as bytes from a database are.
        const blocks = bytes.subarray(bytes.length % 16);
        const [a, b] = [node, web].map((engine) =>
          new engine.BlockCipher(keyBytes).encrypt(blocks),
        );
        expect(a).toEqual(b);
        expect(node.sha256(...hashed)).toEqual(web.sha256(...hashed));
      }),
    );
  });
});

function hex(value: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(value.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
