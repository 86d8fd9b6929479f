import { OrderedMap } from "@salus/crypto";
import { Clww } from "./baselines/clww.ts";
import { compareRates, type Figure } from "./figure.ts";
import { freshMapKey, randomCodes, rawKey } from "./support/random-input.ts";

const KEYS = 500;

/**
 * Terms of 16-bit codes a second under keys that have encrypted nothing yet: an import, where each
 * record adds a few entries to each of many columns. Deriving the keys is not counted.
 *
 * Figures:   50 and 4 codes a key.
 * Baseline:  CLWW order-preserving encryption, as many codes a key, with terms of 64 bytes for our 16.
 */
export function run(): Promise<readonly Figure[]> {
  return Promise.resolve([50, 4].map((codesAKey) => compare(codesAKey)));
}

function compare(codesAKey: number): Figure {
  const codes = randomCodes(KEYS + codesAKey, 16);
  const keys = Array.from({ length: KEYS }, freshMapKey);
  const baselineKeys = Array.from({ length: KEYS }, rawKey);
  const encrypted = KEYS * codesAKey;
  return compareRates(
    codesAKey === 50 ? "ordered-encrypt-cold" : `ordered-encrypt-cold-${codesAKey}`,
    {
      count: encrypted,
      run: () => {
        for (const [at, key] of keys.entries()) {
          const map = new OrderedMap(key, { bits: 16, profile: "private" });
          map.encryptMany(codes.subarray(at, at + codesAKey));
        }
      },
    },
    {
      count: encrypted,
      run: () => {
        for (const [at, key] of baselineKeys.entries()) {
          new Clww(key, 16).encryptMany(codes.subarray(at, at + codesAKey));
        }
      },
    },
  );
}
