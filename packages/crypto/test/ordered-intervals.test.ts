import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, Prior } from "../src/index.ts";
import { descend, NODE_LIMBS, newPath } from "../src/ordered-path.ts";
import { maskBits } from "../src/ordered-terms.ts";
import { Tree } from "../src/ordered-tree.ts";
import { join, leavesOf, point, read, write } from "./leaves.ts";

// Goal: the intervals of a map tile [0, 2^128) exactly, however they are reached.
// Method: the limbs against BigInt, with operands at the ends of their ranges; the table against the walk.

const mapKey = (seed: number): Key<"ordered-map"> =>
  new Key("ordered-map", new Uint8Array(32).fill(seed));
const weights = fc.array(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 4, maxLength: 4 });

describe("intervals", () => {
  it("follow one another from 0 to 2^128, none below 2^48", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), weights, fc.nat(255), (size, list, seed) => {
        const prior = size > 1 && seed % 2 === 0 ? new Prior(list) : undefined;
        const tree = new Tree(mapKey(seed), { bits: size, prior });
        const leaves = leavesOf(
          tree,
          Array.from({ length: 2 ** size }, (_, code) => code),
        );
        let end = 0n;
        for (const { low, width } of leaves) {
          expect(low).toBe(end);
          expect(width).toBeGreaterThanOrEqual(2n ** 48n);
          end = low + width;
        }
        expect(end).toBe(2n ** 128n);
      }),
      { numRuns: 50 },
    );
  });

  it("of 48 bits are neighbours too, none below 2^48", () => {
    const tree = new Tree(mapKey(3), { bits: 48, prior: undefined });
    const codes = [0, 1, 2 ** 24 - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 47 - 1, 2 ** 48 - 2];
    for (const code of codes) {
      const [here, next] = leavesOf(tree, [code, code + 1]);
      expect((here?.low ?? 0n) + (here?.width ?? 0n)).toBe(next?.low);
      expect(here?.width).toBeGreaterThanOrEqual(2n ** 48n);
    }
  });

  it("are the same from a table as from the walk", () => {
    const walked = new Tree(mapKey(4), { bits: 10, prior: undefined });
    const tabled = new Tree(mapKey(4), { bits: 10, prior: undefined });
    const all = Array.from({ length: 1024 }, (_, code) => code);
    leavesOf(tabled, all);
    for (const code of all) expect(leavesOf(tabled, [code])).toEqual(leavesOf(walked, [code]));
  });

  it("are cut where exact integers say", () => {
    const limb = fc.oneof(fc.constantFrom(0, 1, 2 ** 32 - 1), fc.nat(2 ** 32 - 1));
    const number = fc.tuple(limb, limb, limb, limb);
    const args = [number, number, limb, fc.integer({ min: 1, max: 48 }), fc.boolean()] as const;
    fc.assert(
      fc.property(...args, (low, above, fraction, levels, right) => {
        const reserve = 2n ** BigInt(48 + levels);
        const width = reserve + (join(above) % (2n ** 128n - reserve + 1n));
        const path = newPath();
        write(path, 0, join(low));
        write(path, 4, width);
        const code = right ? 2 ** (levels - 1) : 0;
        descend(path, Int32Array.of(fraction), code, levels, 0, 1);
        const cut = reserve / 2n + (((width - reserve) * BigInt(fraction)) >> 32n);
        const expected = right
          ? { low: BigInt.asUintN(128, join(low) + cut), width: width - cut }
          : { low: join(low), width: cut };
        expect(read(path, NODE_LIMBS)).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it("hold exactly their codes' terms, by the table and by the walk", () => {
    const tree = new Tree(mapKey(1), { bits: 8, prior: undefined });
    const all = Array.from({ length: 256 }, (_, code) => code);
    for (const code of all) {
      const walked = new Tree(mapKey(1), { bits: 8, prior: undefined });
      const [leaf] = leavesOf(walked, [code]);
      const ends = [leaf?.low ?? 0n, (leaf?.low ?? 0n) + (leaf?.width ?? 1n) - 1n].map(point);
      expect(ends.map((end) => walked.codeOf(end))).toEqual([code, code]);
      leavesOf(tree, all);
      expect(ends.map((end) => tree.codeOf(end))).toEqual([code, code]);
    }
  });
});

describe("a draw below a width", () => {
  it.each([
    [2n ** 48n, 48],
    [2n ** 48n + 1n, 49],
    [2n ** 64n - 1n, 64],
    [2n ** 64n, 64],
    [2n ** 64n + 1n, 65],
    [2n ** 96n + 2n ** 32n, 97],
    [2n ** 127n, 127],
    [2n ** 128n - 1n, 128],
  ])("of %d takes %i bits", (width, expected) => {
    const numbers = newPath();
    write(numbers, 4, width);
    expect(maskBits(numbers, 4)).toBe(expected);
  });
});
