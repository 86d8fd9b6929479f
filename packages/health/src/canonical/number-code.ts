import { assert } from "@salus/base";
import { stepFor } from "../policy/steps.ts";

/** Widths of spec/policy.md §2. */
export const NUMBER_BITS = 16;
export const VALUE_BITS = 20;
export const TEXT_BITS = 16;
export const COMPOSITE_BITS: number = TEXT_BITS + VALUE_BITS;

/** Exponents that have codes of their own: 2^-64 up to just below 2^64. */
const EXPONENT_LEAST = -64;
const EXPONENTS = 128;
const BIAS = 1023;

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Map any number to a code of `bits` bits that grows with it.
 *
 * Gives:   1 … 2^bits - 2; infinities and what is beyond 2^64 at the ends.
 * Source:  spec/policy.md §6; vectors/canonical-v1.json.
 */
export function numberCode(x: number, bits: number): number {
  assert(!Number.isNaN(x), "a number code is of a number");
  const middle = 2 ** (bits - 1);
  const top = 2 ** bits - 2;
  const magnitude = magnitudeCode(Math.abs(x), bits - 8);
  if (x >= 0) return Math.min(middle + magnitude, top);
  return Math.max(middle - magnitude, 1);
}

function magnitudeCode(a: number, fractionBits: number): number {
  scratch.setFloat64(0, a);
  const upper = scratch.getUint32(0);
  const exponent = (upper >>> 20) - BIAS;
  // Subnormal numbers and zero have the exponent field 0 and fall below the least exponent too.
  if (exponent < EXPONENT_LEAST) return 0;
  if (exponent >= EXPONENT_LEAST + EXPONENTS) return EXPONENTS * 2 ** fractionBits;
  const fraction = (upper & 0xfffff) >>> (20 - fractionBits);
  return (exponent - EXPONENT_LEAST) * 2 ** fractionBits + fraction + 1;
}

/**
 * Map the number of a quantity to the value code under its code: by the step of the policy where
 * the code has one, so that the order of nearer values stays hidden; else by `numberCode`.
 *
 * Source:  spec/policy.md §6.1; vectors/canonical-v1.json.
 */
export function valueCode(codeText: string, x: number): number {
  assert(!Number.isNaN(x), "a value code is of a number");
  const row = stepFor(codeText);
  if (row === undefined || !Number.isFinite(x)) return numberCode(x, VALUE_BITS);
  const last = Math.min(Math.floor((row.max - row.min) / row.step) + 1, 2 ** VALUE_BITS - 2);
  return clamp(Math.floor((x - row.min) / row.step) + 1, 1, last);
}

export function clamp(value: number, least: number, greatest: number): number {
  return Math.min(Math.max(value, least), greatest);
}
