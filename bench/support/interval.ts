import { randomInt } from "node:crypto";
import { type Figure, median } from "../figure.ts";

const RESAMPLES = 2000;

/**
 * Both ends of the 95 % interval of the difference of two medians, by resampling both samples.
 *
 * Takes:   samples of odd or even size, in milliseconds.
 * Source:  B. Efron, "Bootstrap Methods", The Annals of Statistics 7 (1979): the percentile interval.
 */
export function differenceOfMedians(
  name: string,
  one: readonly number[],
  other: readonly number[],
): readonly Figure[] {
  const differences = Array.from({ length: RESAMPLES }, () => {
    return median(resampled(one)) - median(resampled(other));
  }).sort((a, b) => a - b);
  const end = (suffix: string, share: number): Figure => ({
    name: `${name}-${suffix}`,
    value: differences[Math.floor(share * RESAMPLES)] as number,
    unit: "ms",
    baseline: null,
    ratio: null,
  });
  return [end("low", 0.025), end("high", 0.975)];
}

function resampled(sample: readonly number[]): readonly number[] {
  return Array.from(sample, () => sample[randomInt(sample.length)] as number);
}
