import { LeftHalf } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { evaluateSealed, evaluateSealedBound, sealedShape } from "../src/index.ts";

// Goal: the cloud answers left halves that are not of a column's kind with an error, whatever is in
// them, and takes the widths of the page's table.
// Method: lengths and slots just outside. What evaluating means is tested in packages/crypto, where
// there are keys.

const WIDTHS: readonly (readonly [bits: number, right: number, left: number])[] = [
  [8, 48, 17],
  [12, 26, 51],
  [16, 30, 68],
  [32, 46, 136],
  [48, 62, 204],
];

describe.each(WIDTHS)("values of %i bits", (bits, right, left) => {
  const shape = sealedShape(bits);
  const half = LeftHalf.of(new Uint8Array(left));
  const otherLength = LeftHalf.of(new Uint8Array(bits === 8 ? 51 : 17));
  const malformed = { ok: false, error: { kind: "malformed", what: "left half" } };

  it("have halves of the lengths that the page says", () => {
    expect([shape.rightBytes, shape.leftBytes]).toEqual([right, left]);
  });

  it("are compared in an empty column", () => {
    const empty = { ok: true, value: new Uint8Array(0) };
    expect(evaluateSealedBound(bits, new Uint8Array(0), half)).toEqual(empty);
  });

  it("are not compared with halves of another width", () => {
    const column = new Uint8Array(right);
    expect(evaluateSealedBound(bits, column, otherLength)).toEqual(malformed);
    const bounds = { below: half, greatest: otherLength };
    expect(evaluateSealed(bits, column, bounds)).toEqual(malformed);
    expect(evaluateSealed(bits, column, { below: otherLength, greatest: half })).toEqual(malformed);
  });

  it("are not compared by a slot that they do not have", () => {
    if (shape.alphabet === 256) return;
    for (let block = 0; block < shape.blocks; block += 1) {
      const bytes = new Uint8Array(left);
      bytes[17 * block] = shape.alphabet;
      const column = new Uint8Array(right);
      expect(evaluateSealedBound(bits, column, LeftHalf.of(bytes))).toEqual(malformed);
    }
  });

  it("stand in a column without gaps: anything else is a bug", () => {
    const column = new Uint8Array(2 * right - 1);
    expect(() => evaluateSealedBound(bits, column, half)).toThrow("whole right halves");
  });

  it("are compared wherever their column begins in memory", () => {
    const memory = Uint8Array.from({ length: 3 * right + 3 }, (_, at) => (at * 37) & 0xff);
    const aligned = evaluateSealedBound(bits, memory.slice(3), half);
    expect(evaluateSealedBound(bits, memory.subarray(3), half)).toEqual(aligned);
  });
});
