/**
 * Exact rational numbers, so that the oracle has no rounding of its own.
 *
 * A search for `100` asks for [99.5, 100.5), and a value in other units must be converted before it
 * is compared: in floating point the edges would move.
 */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export const whole = (value: number | bigint): Fraction => ({ over: BigInt(value), under: 1n });

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** Read a decimal text: its value, and the half of its last digit's place (FHIR R4 §3.1.1.4.3). */
export function decimal(
  text: string,
): { readonly value: Fraction; readonly half: Fraction } | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, integer, digits = "", exponent = "0"] = match;
  const scale = digits.length - Number(exponent);
  const unscaled = BigInt(`${integer}${digits}`) * (sign === "-" ? -1n : 1n);
  const place: Fraction =
    scale >= 0
      ? { over: 1n, under: 10n ** BigInt(scale) }
      : { over: 10n ** BigInt(-scale), under: 1n };
  return {
    value: { over: unscaled * place.over, under: place.under },
    half: { over: place.over, under: place.under * 2n },
  };
}

/** The decimal that a JSON number is written as, in JavaScript's shortest form. */
export function ofNumber(value: number): Fraction {
  const read = decimal(String(value));
  if (read === undefined) throw new Error(`not a decimal: ${value}`);
  return read.value;
}

export const plus = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.under + b.over * a.under,
  under: a.under * b.under,
});

export const minus = (a: Fraction, b: Fraction): Fraction =>
  plus(a, { over: -b.over, under: b.under });

export const times = (a: Fraction, b: Fraction): Fraction => ({
  over: a.over * b.over,
  under: a.under * b.under,
});

/** Negative, zero or positive, as a is below, at or above b. */
export function order(a: Fraction, b: Fraction): number {
  const difference = a.over * b.under - b.over * a.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const magnitude = (a: Fraction): Fraction => ({
  over: a.over < 0n ? -a.over : a.over,
  under: a.under,
});
