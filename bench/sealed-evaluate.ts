import { sealedColumn } from "@salus/crypto";
import { evaluateSealed, evaluateSealedBound, type SealedBounds } from "@salus/evaluate";
import { compareRates, type Figure } from "./figure.ts";
import { freshCellKey, randomCodes } from "./support/random-input.ts";

const ROWS = 200_000;
const QUERIES = 10;

/**
 * Entries of a 16-bit column that are evaluated a second, for random bounds and random ranges.
 *
 * Baseline:  the same comparison of the values themselves in memory: what it would cost if the cloud could
 *            read them.
 */
export function run(): Promise<readonly Figure[]> {
  const values = randomCodes(ROWS, 16);
  const { column } = sealedColumn(freshCellKey(), "bench", 16);
  const rows = unwrap(column.encryptMany(values));
  const ranges = Array.from({ length: QUERIES }, () => {
    const [a = 1, b = 1] = randomCodes(2, 16);
    return { from: Math.min(a, b), to: Math.max(a, b) };
  });
  const bounds = ranges.map(({ from, to }) => unwrap(column.bounds(from, to)));
  const compared = ROWS * QUERIES;
  const bound = compareRates(
    "sealed-evaluate",
    { count: compared, run: () => evaluateBounds(rows, bounds) },
    {
      count: compared,
      run: () =>
        comparePlain(
          values,
          ranges.map(({ from }) => ({ from, to: 65_535 })),
        ),
    },
  );
  const range = compareRates(
    "sealed-evaluate-range",
    { count: compared, run: () => evaluateRanges(rows, bounds) },
    { count: compared, run: () => comparePlain(values, ranges) },
  );
  return Promise.resolve([bound, range]);
}

function evaluateBounds(rows: Uint8Array, bounds: readonly SealedBounds[]): void {
  for (const { below } of bounds) unwrap(evaluateSealedBound(16, rows, below));
}

function evaluateRanges(rows: Uint8Array, bounds: readonly SealedBounds[]): void {
  for (const each of bounds) unwrap(evaluateSealed(16, rows, each));
}

function comparePlain(
  values: Float64Array,
  ranges: readonly { readonly from: number; readonly to: number }[],
): void {
  for (const { from, to } of ranges) {
    const inside = new Uint8Array(values.length);
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at] as number;
      inside[at] = value >= from && value <= to ? 1 : 0;
    }
  }
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error("a benchmark asks for what there is");
  return result.value;
}
