import { OrderedMap } from "@salus/crypto";
import { Clww } from "./baselines/clww.ts";
import { compareRates, type Figure } from "./figure.ts";
import { freshMapKey, randomCodes, rawKey } from "./support/random-input.ts";

/**
 * Terms of 48-bit codes a second, in batches of 10,000 under one key.
 *
 * Baseline:  CLWW order-preserving encryption of the same codes, with terms of 192 bytes for our 16.
 */
export function run(): Promise<readonly Figure[]> {
  const codes = randomCodes(10_000, 48);
  const map = new OrderedMap(freshMapKey(), { bits: 48, profile: "private" });
  const baseline = new Clww(rawKey(), 48);
  const figure = compareRates(
    "ordered-encrypt-48",
    { count: codes.length, run: () => void map.encryptMany(codes) },
    { count: codes.length, run: () => void baseline.encryptMany(codes) },
  );
  return Promise.resolve([figure]);
}
