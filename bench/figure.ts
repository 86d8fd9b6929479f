/** One measured number. `baseline` is measured in the same run, in turns with it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number | null;
  /** `value / baseline`. */
  readonly ratio: number | null;
}

/** Something to be timed: `run` does as much work as `count` says. */
export interface Work {
  readonly count: number;
  readonly run: () => void;
}

/** The first rounds are the compiler's: it has then seen each of both kinds of work. */
const WARM_ROUNDS = 3;
const ROUNDS = 11;

/**
 * How much of two kinds of work is done in a second: the medians of rounds that take turns, so that a
 * busy machine disturbs both alike.
 */
export function compareRates(name: string, measured: Work, baseline: Work): Figure {
  const rates: { measured: number[]; baseline: number[] } = { measured: [], baseline: [] };
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round += 1) {
    const ours = rateOf(measured);
    const theirs = rateOf(baseline);
    if (round < WARM_ROUNDS) continue;
    rates.measured.push(ours);
    rates.baseline.push(theirs);
  }
  const value = median(rates.measured);
  const other = median(rates.baseline);
  return { name, value, unit: "/s", baseline: other, ratio: value / other };
}

/** The middle of a sample with an odd number of values. */
export function median(sample: readonly number[]): number {
  return [...sample].sort((a, b) => a - b)[Math.floor(sample.length / 2)] as number;
}

function rateOf(work: Work): number {
  const start = performance.now();
  work.run();
  return (1000 * work.count) / (performance.now() - start);
}
