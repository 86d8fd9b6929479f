import { toHex } from "@salus/base";
import { evaluateSealedBound } from "@salus/evaluate";
import { LeftHalf } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/sealed-index-v1.json" with { type: "json" };
import { blockCipher } from "../src/cipher.ts";
import { derive, Key, SealedColumn } from "../src/index.ts";
import { leftHalf } from "../src/sealed-left.ts";
import { type ColumnCiphers, rightHalves } from "../src/sealed-right.ts";
import {
  BLOCK,
  permutationBlocks,
  shuffle,
  viewOf,
  writePermutationInputs,
} from "../src/sealed-subtable.ts";
import { bytes, playback } from "./vector-bytes.ts";

// Goal: permutations, right halves, left halves and what comparing them gives are byte for byte what
// spec/sealed-index.md says.
// Method: vectors of an implementation that shares no code with ours, with its random draws played back.

const cell = new Key("cell-index", bytes(vectors.cellIndexKey));

describe.each(vectors.valid)("$comment", (vector) => {
  const { attribute, bits } = vector;
  const mask = derive(cell, "sealed-mask", attribute, bits);
  const permutation = derive(cell, "sealed-perm", attribute, bits);
  const column = new SealedColumn({ mask, permutation }, bits);
  const { shape } = column;
  const ciphers: ColumnCiphers = {
    mask: blockCipher(mask),
    permutation: blockCipher(permutation),
  };

  it("has the keys of its context", () => {
    expect(toHex(Key.reveal(mask))).toBe(vector.maskKey);
    expect(toHex(Key.reveal(permutation))).toBe(vector.permutationKey);
  });

  it("shuffles as the permutations say", () => {
    for (const { block, prefix, slots } of vector.permutations) {
      const inputs = new Uint8Array(permutationBlocks(shape) * BLOCK);
      writePermutationInputs(viewOf(inputs), 0, block, prefix, permutationBlocks(shape));
      const shuffled = new Uint8Array(shape.alphabet);
      const stream = viewOf(ciphers.permutation.encrypt(inputs));
      shuffle(shuffled, 0, shape.alphabet, stream, 0);
      expect(toHex(shuffled)).toBe(slots);
    }
  });

  it("gives the right halves, one by one and in a batch", () => {
    for (const { value, r, right } of vector.rightHalves) {
      const half = rightHalves(shape, ciphers, [value], playback([r]).stream);
      expect(toHex(half), `${value}`).toBe(right);
    }
    const values = vector.rightHalves.map(({ value }) => value);
    const random = playback(vector.rightHalves.map(({ r }) => r));
    const halves = rightHalves(shape, ciphers, values, random.stream);
    expect(toHex(halves)).toBe(vector.rightHalves.map(({ right }) => right).join(""));
    expect(random.left()).toBe(0);
  });

  it("gives the left halves", () => {
    for (const { value, left } of vector.leftHalves) {
      expect(toHex(leftHalf(shape, ciphers, value)), `${value}`).toBe(left);
    }
  });

  it("compares as the vectors say", () => {
    const rightOf = new Map(vector.rightHalves.map(({ value, right }) => [value, right]));
    const leftOf = new Map(vector.leftHalves.map(({ value, left }) => [value, left]));
    for (const { bound, value, greater } of vector.comparisons) {
      const answer = isGreater(bits, leftOf.get(bound) as string, rightOf.get(value) as string);
      expect(answer, `${value} > ${bound}`).toBe(greater);
    }
  });
});

describe("what no honest column holds", () => {
  it.each(vectors.crafted)("$comment", ({ bits, left, right, greater }) => {
    expect(isGreater(bits, left, right)).toBe(greater);
  });
});

describe("what is refused", () => {
  it.each(vectors.invalid)("$comment", (vector) => {
    const mask = derive(cell, "sealed-mask", "a", vector.bits);
    const permutation = derive(cell, "sealed-perm", "a", vector.bits);
    const column = new SealedColumn({ mask, permutation }, vector.bits);
    const result =
      vector.value === undefined
        ? column.bounds(vector.low as number, vector.high as number)
        : column.encrypt(vector.value);
    expect(result).toMatchObject({ ok: false, error: { kind: vector.error } });
  });
});

function isGreater(bits: number, left: string, right: string): boolean {
  const result = evaluateSealedBound(bits, bytes(right), LeftHalf.of(bytes(left)));
  if (!result.ok) throw new Error(result.error.kind);
  return result.value[0] === 1;
}
