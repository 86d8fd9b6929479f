import { evaluateSealedBound } from "@salus/evaluate";
import { LeftHalf } from "@salus/protocol";
import vectors from "../../../../vectors/sealed-index-v1.json" with { type: "json" };
import { blockCipher } from "../../src/cipher.ts";
import { derive, Key, SealedColumn } from "../../src/index.ts";
import { leftHalf } from "../../src/sealed-left.ts";
import { rightHalves } from "../../src/sealed-right.ts";
import {
  BLOCK,
  permutationBlocks,
  shuffle,
  viewOf,
  writePermutationInputs,
} from "../../src/sealed-subtable.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";
import { playback } from "./playback.ts";

const cell = new Key("cell-index", hex(vectors.cellIndexKey));

export const sealedChecks: readonly Check[] = group("sealed-index-v1", [
  ...vectors.valid.flatMap(columnChecks),
  ...vectors.crafted.map(({ comment, bits, left, right, greater }) => ({
    name: comment,
    run: () => same(isGreater(bits, left, right), greater),
  })),
  ...vectors.invalid.map(({ comment, bits, value, low, high, error }) => ({
    name: `refused, ${comment}`,
    run(): void {
      const column = new SealedColumn(keysOf("a", bits), bits);
      same(outcome(low === undefined ? column.encrypt(value) : column.bounds(low, high)), error);
    },
  })),
]);

/** What one column does: its keys, its shuffles, its halves, and what comparing them gives. */
function columnChecks(vector: (typeof vectors.valid)[number]): readonly Check[] {
  const { attribute, bits } = vector;
  const keys = keysOf(attribute, bits);
  const { shape } = new SealedColumn(keys, bits);
  const ciphers = { mask: blockCipher(keys.mask), permutation: blockCipher(keys.permutation) };
  const check = (name: string, run: () => void): Check => ({
    name: `${vector.comment}: ${name}`,
    run,
  });
  return [
    check("keys", () => {
      same(Key.reveal(keys.mask), vector.maskKey);
      same(Key.reveal(keys.permutation), vector.permutationKey);
    }),
    check("permutations", () => {
      for (const { block, prefix, slots } of vector.permutations) {
        const inputs = new Uint8Array(permutationBlocks(shape) * BLOCK);
        writePermutationInputs(viewOf(inputs), 0, block, prefix, permutationBlocks(shape));
        const shuffled = new Uint8Array(shape.alphabet);
        const stream = viewOf(ciphers.permutation.encrypt(inputs));
        shuffle(shuffled, 0, shape.alphabet, stream, 0);
        same(shuffled, slots);
      }
    }),
    check("right halves, one by one", () => {
      for (const { value, r, right } of vector.rightHalves) {
        same(rightHalves(shape, ciphers, [value], playback([r])), right, `that of ${value}`);
      }
    }),
    check("right halves in a batch", () => {
      const values = vector.rightHalves.map(({ value }) => value);
      const random = playback(vector.rightHalves.map(({ r }) => r));
      const halves = vector.rightHalves.map(({ right }) => right).join("");
      same(rightHalves(shape, ciphers, values, random), halves);
      same(random.left, 0, "what is left of the draws");
    }),
    check("left halves", () => {
      for (const { value, left } of vector.leftHalves) {
        same(leftHalf(shape, ciphers, value), left, `that of ${value}`);
      }
    }),
    check("comparisons", () => {
      const rights = new Map(vector.rightHalves.map(({ value, right }) => [value, right]));
      const lefts = new Map(vector.leftHalves.map(({ value, left }) => [value, left]));
      for (const { bound, value, greater } of vector.comparisons) {
        const [left = "", right = ""] = [lefts.get(bound), rights.get(value)];
        same(isGreater(bits, left, right), greater, `${value} > ${bound}`);
      }
    }),
  ];
}

function keysOf(
  attribute: string,
  bits: number,
): { mask: Key<"sealed-mask">; permutation: Key<"sealed-perm"> } {
  return {
    mask: derive(cell, "sealed-mask", attribute, bits),
    permutation: derive(cell, "sealed-perm", attribute, bits),
  };
}

function isGreater(bits: number, left: string, right: string): boolean {
  return must(evaluateSealedBound(bits, hex(right), LeftHalf.of(hex(left))))[0] === 1;
}
