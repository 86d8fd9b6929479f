import type { Prefix } from "./date.ts";
import {
  decimal,
  type Fraction,
  magnitude,
  minus,
  ofNumber,
  order,
  plus,
  times,
  whole,
} from "./fraction.ts";
import { isObject, type Json } from "./json.ts";
import type { Rules } from "./rules.ts";
import { bars } from "./token.ts";

export const UCUM = "http://unitsofmeasure.org";

interface Unit {
  readonly dimension: string;
  readonly factor: Fraction;
  readonly zero: Fraction;
}

const exact = (text: string): Fraction => (decimal(text) as { value: Fraction }).value;

const unit = (dimension: string, factor: string, zero = "0"): Unit => ({
  dimension,
  factor: exact(factor),
  zero: exact(zero),
});

/**
 * UCUM, by hand, for the units of the shared data and those a clinician would ask in instead:
 * value in base = value · factor + zero. Only what shares a dimension is comparable.
 */
const UNITS: Readonly<Record<string, Unit>> = {
  m: unit("length", "1"),
  cm: unit("length", "0.01"),
  mm: unit("length", "0.001"),
  "[in_i]": unit("length", "0.0254"),
  kg: unit("mass", "1000"),
  g: unit("mass", "1"),
  mg: unit("mass", "0.001"),
  pg: unit("mass", "1e-12"),
  "[lb_av]": unit("mass", "453.59237"),
  "kg/m2": unit("area density", "1000"),
  "g/m2": unit("area density", "1"),
  "mm[Hg]": unit("pressure", "133.322"),
  kPa: unit("pressure", "1000"),
  "g/L": unit("density", "1"),
  "g/dL": unit("density", "10"),
  "mg/dL": unit("density", "0.01"),
  "mg/L": unit("density", "0.001"),
  "ng/mL": unit("density", "1e-6"),
  "ug/L": unit("density", "1e-6"),
  "pg/mL": unit("density", "1e-9"),
  "mmol/L": unit("amount density", "1"),
  "mol/L": unit("amount density", "1000"),
  "umol/L": unit("amount density", "0.001"),
  "U/L": unit("catalytic density", "1"),
  "kU/L": unit("catalytic density", "1000"),
  "10*3/uL": unit("number density", "1e9"),
  "10*6/uL": unit("number density", "1e12"),
  "10*9/L": unit("number density", "1e9"),
  "10*12/L": unit("number density", "1e12"),
  fL: unit("volume", "1"),
  "mL/min": unit("flow", "1"),
  "L/min": unit("flow", "1000"),
  "mL/min/{1.73_m2}": unit("flow", "1"),
  Cel: unit("temperature", "1", "273.15"),
  K: unit("temperature", "1"),
  "%": unit("one", "0.01"),
  "mg/g": unit("one", "0.001"),
  "{score}": unit("one", "1"),
  "{T-score}": unit("one", "1"),
  "{count}": unit("one", "1"),
  "{nominal}": unit("one", "1"),
};

/** A degree Fahrenheit is 5/9 K from 459.67 below its zero: 273.15 − 32 · 5/9 = 45967/180. */
const FAHRENHEIT: Unit = {
  dimension: "temperature",
  factor: { over: 5n, under: 9n },
  zero: { over: 45_967n, under: 180n },
};

const lookUp = (code: string): Unit | undefined =>
  code === "[degF]" ? FAHRENHEIT : Object.hasOwn(UNITS, code) ? UNITS[code] : undefined;

export interface AskedQuantity {
  readonly low: Fraction;
  readonly high: Fraction;
  readonly value: Fraction;
  readonly system: string | undefined;
  readonly code: string | undefined;
}

/** Read `number`, `number|system|code` or `number||code`, after its prefix was taken off. */
export function askedQuantity(text: string): AskedQuantity {
  const [number = "", system, code] = bars(text);
  const read = decimal(number);
  if (read === undefined) throw new Error(`not a number: ${text}`);
  const { value, half } = read;
  return { low: minus(value, half), high: plus(value, half), value, system, code };
}

/** Whether a Quantity satisfies `prefix`: FHIR R4 §3.1.1.4.11. */
export function quantityMatches(
  prefix: Prefix,
  value: Json,
  asked: AskedQuantity,
  rules: Rules,
): boolean {
  if (!isObject(value) || typeof value.value !== "number") return false;
  const stored = ofNumber(value.value);
  const incomparable = prefix === "ne" && rules.reading === "other";
  const compare = (number: Fraction): boolean => numberMatches(prefix, number, asked, rules);
  if (asked.code === undefined) return compare(stored);
  if (asked.system === "" || asked.system === undefined) {
    const named = value.code === asked.code || value.unit === asked.code;
    return named ? compare(stored) : incomparable;
  }
  if (value.system !== asked.system) return incomparable;
  if (value.code === asked.code) return compare(stored);
  const from = typeof value.code === "string" ? lookUp(value.code) : undefined;
  const to = lookUp(asked.code);
  if (asked.system !== UCUM || from === undefined || to === undefined) return incomparable;
  if (from.dimension !== to.dimension) return incomparable;
  const annotated = `${value.code}${asked.code}`.includes("{");
  if (annotated && rules.reading === "other") return false;
  const base = plus(times(stored, from.factor), from.zero);
  const inverse = { over: to.factor.under, under: to.factor.over };
  return compare(times(minus(base, to.zero), inverse));
}

/**
 * Compare a number. Only `eq` and `ne` see the precision that was written; `ap` is 10 % of the value.
 */
function numberMatches(
  prefix: Prefix,
  stored: Fraction,
  asked: AskedQuantity,
  rules: Rules,
): boolean {
  const inside = order(asked.low, stored) <= 0 && order(stored, asked.high) < 0;
  const against = order(stored, asked.value);
  switch (prefix) {
    case "eq":
      return inside;
    case "ne":
      return !inside;
    case "gt":
    case "sa":
      return against > 0;
    case "lt":
    case "eb":
      return against < 0;
    case "ge":
      return against >= 0;
    case "le":
      return against <= 0;
    case "ap": {
      const tenth = times(magnitude(asked.value), { over: 1n, under: 10n });
      const half = rules.reading === "literal" ? whole(0) : minus(asked.high, asked.value);
      return order(magnitude(minus(stored, asked.value)), plus(tenth, half)) <= 0;
    }
  }
}
