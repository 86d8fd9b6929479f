import { assert } from "@salus/base";

/**
 * The size that a text of `size` bytes is padded to: at most 12 % more, and few sizes altogether, so
 * that a size tells little.
 *
 * Takes:   0 to 2^30: far more than an envelope holds, and no shift wraps.
 * Source:  Nikitin et al., PETS 2019, §4 (Padmé); spec/envelope.md §3; vectors/envelope-v1.json.
 */
export function padme(size: number): number {
  assert(Number.isInteger(size) && size >= 0 && size <= 2 ** 30, "a size is at most 2^30");
  if (size < 2) return size;
  const exponent = floorLog2(size);
  const mask = (1 << (exponent - floorLog2(exponent) - 1)) - 1;
  return (size + mask) & ~mask;
}

function floorLog2(value: number): number {
  return 31 - Math.clz32(value);
}
