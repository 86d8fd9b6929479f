/** A decimal as people write it, told from its digits: R4's numbers carry their precision. */
export interface Decimal {
  /** Nearest binary64 number. */
  readonly value: number;
  /** The ends of what rounds to it: `100` is [99.5, 100.5), `1e2` is [50, 150). */
  readonly low: number;
  readonly high: number;
}

const DECIMAL = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Read a decimal; undefined for anything else, and for what is no finite number. */
export function parseDecimal(text: string): Decimal | undefined {
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = parts;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  // In units of a half of the last digit, as an integer, so that both ends are exact decimals.
  const halves = BigInt(whole + fraction) * 10n * (sign === "-" ? -1n : 1n);
  const exponent = Number(power) - fraction.length - 1;
  const low = Number(`${halves - 5n}e${exponent}`);
  const high = Number(`${halves + 5n}e${exponent}`);
  return { value, low, high };
}

const scratch = new DataView(new ArrayBuffer(8));

/** The next greater binary64 number; infinity stays. */
export function nextUp(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x === 0) return Number.MIN_VALUE;
  scratch.setFloat64(0, x);
  const bits = scratch.getBigInt64(0);
  scratch.setBigInt64(0, x > 0 ? bits + 1n : bits - 1n);
  return scratch.getFloat64(0);
}

/** The next smaller binary64 number. */
export function nextDown(x: number): number {
  return -nextUp(-x);
}

/** Round to so many significant decimal digits, half away from zero. Source: spec/policy.md §6.2. */
export function roundDigits(x: number, digits: number): number {
  return Number.isFinite(x) ? Number(x.toPrecision(digits)) : x;
}
