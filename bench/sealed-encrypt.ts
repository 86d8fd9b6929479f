import { sealedColumn } from "@salus/crypto";
import { BlockCipher } from "@salus/evaluate";
import { keyedPads } from "./baselines/keyed-pad.ts";
import { compareRates, type Figure } from "./figure.ts";
import { freshCellKey, randomCodes, rawKey } from "./support/random-input.ts";

/**
 * Right halves of 16-bit values a second, in batches of 10,000 of one cell.
 *
 * Baseline:  only the pads of as many right halves with an AES key of its own for each slot, the form that
 *            docs/decisions/0002 decides against.
 */
export function run(): Promise<readonly Figure[]> {
  const values = randomCodes(10_000, 16);
  const { column } = sealedColumn(freshCellKey(), "bench", 16);
  const mask = new BlockCipher(rawKey());
  const nonces = crypto.getRandomValues(new Uint8Array(40_000)).buffer;
  const rows = new Uint8Array(160_000);
  for (let at = 0; at < rows.length; at += 40_000) rows.set(new Uint8Array(nonces), at);
  const figure = compareRates(
    "sealed-encrypt",
    { count: values.length, run: () => void column.encryptMany(values) },
    { count: values.length, run: () => void keyedPads(mask, values, rows) },
  );
  return Promise.resolve([figure]);
}
