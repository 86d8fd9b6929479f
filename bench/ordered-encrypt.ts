import { OrderedMap } from "@salus/crypto";
import { Clww } from "./baselines/clww.ts";
import { compareRates, type Figure } from "./figure.ts";
import { freshMapKey, randomCodes, rawKey } from "./support/random-input.ts";

/**
 * Terms of 16-bit codes a second, under one key that has encrypted enough for its table.
 *
 * Baseline:  CLWW order-preserving encryption of the same codes, with terms of 64 bytes for our 16.
 * Not shown: what other keys cost (ordered-encrypt-cold), and storing the terms.
 */
export function run(): Promise<readonly Figure[]> {
  const codes = randomCodes(100_000, 16);
  const map = new OrderedMap(freshMapKey(), { bits: 16, profile: "private" });
  const baseline = new Clww(rawKey(), 16);
  const figure = compareRates(
    "ordered-encrypt",
    { count: codes.length, run: () => void map.encryptMany(codes) },
    { count: codes.length, run: () => void baseline.encryptMany(codes) },
  );
  return Promise.resolve([figure]);
}
