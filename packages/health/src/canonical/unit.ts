import { UcumLhcUtils, type UcumUnit } from "@lhncbc/ucum-lhc";
import { UNIT_ALIASES } from "../policy/unit-aliases.ts";
import { UCUM } from "../systems.ts";
import { roundDigits } from "./decimal.ts";
import { cut } from "./fold.ts";

/** How quantities of one unit are compared with those of any unit of the same dimension. */
export interface CanonicalUnit {
  /** What it measures, in base units: the text of the composite. */
  readonly dimension: string;
  readonly offset: number;
  readonly factor: number;
  /** `valid` UCUM; `alias`: not UCUM, but known; `unknown`: comparable with itself only. */
  readonly status: "valid" | "alias" | "unknown";
}

const BASE_UNITS = ["m", "s", "g", "rad", "K", "C", "cd", "mol", "eq"];
const AVOGADRO_OF_UCUM = 6.0221367e23;
const FACTOR_DIGITS = 12;
const CANONICAL_DIGITS = 10;
const EXPONENT_MAX = 9;
const CODE_LENGTH_MAX = 40;
const MEMO_SIZE_MAX = 4096;

const PLAUSIBLE = /^[!-~]{1,40}$/;
/** The library looks the parts of a code up in plain objects, where these names mean something. */
const INHERITED = new RegExp(Object.getOwnPropertyNames(Object.prototype).join("|"));
const INTERNATIONAL_UNIT = /^[A-Za-z]{0,2}\[(?:iU|IU)\](?:\/[^[\]]*)?$/;

const TEMPERATURES: ReadonlyMap<string, readonly [offset: number, factor: number]> = new Map([
  ["Cel", [273.15, 1]],
  ["[degF]", [459.67, 0.555555555556]],
]);

/** Pure, so remembered; bounded, because senders choose the texts. */
const memo = new Map<string, CanonicalUnit>();

/**
 * What a unit measures, and how its numbers become those of the base units.
 *
 * Gives:   undefined without a system or code: such a number is found by itself only.
 * Source:  spec/policy.md §6.2; vectors/canonical-v1.json.
 */
export function canonicalUnit(system: string, code: string): CanonicalUnit | undefined {
  if (system === "" || code === "") return undefined;
  const key = `${system}|${code}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  const unit = resolve(system, code);
  if (memo.size >= MEMO_SIZE_MAX) memo.clear();
  if (key.length <= 2 * CODE_LENGTH_MAX) memo.set(key, unit);
  return unit;
}

/** The number in base units, rounded so that ways to write one amount meet. */
export function canonicalValue(unit: CanonicalUnit, x: number): number {
  return roundDigits((x + unit.offset) * unit.factor, CANONICAL_DIGITS);
}

function resolve(system: string, code: string): CanonicalUnit {
  const unknown: CanonicalUnit = {
    dimension: cut(`${system}|${code}`),
    offset: 0,
    factor: 1,
    status: "unknown",
  };
  if (system !== UCUM) return unknown;
  // Aliases first: `K/uL` is UCUM for kelvins, and has never meant them.
  const meant = UNIT_ALIASES.get(code);
  const found = ucum(meant ?? code);
  if (found === undefined) return unknown;
  return { ...found, status: meant === undefined ? "valid" : "alias" };
}

function ucum(code: string): Omit<CanonicalUnit, "status"> | undefined {
  const temperature = TEMPERATURES.get(code);
  if (temperature !== undefined) {
    return { dimension: "K1", offset: temperature[0], factor: temperature[1] };
  }
  if (!PLAUSIBLE.test(code) || INHERITED.test(code)) return undefined;
  const unit = parsed(code);
  if (unit === undefined) return undefined;
  const international = unit.isArbitrary_ && INTERNATIONAL_UNIT.test(code);
  if (unit.isSpecial_ || (unit.isArbitrary_ && !international)) {
    return { dimension: code, offset: 0, factor: 1 };
  }
  const exponents = [...(unit.dim_.dimVec_ ?? []), unit.moleExp_, unit.equivalentExp_];
  const moles = unit.moleExp_ + unit.equivalentExp_;
  const factor = roundDigits(unit.magnitude_ / AVOGADRO_OF_UCUM ** moles, FACTOR_DIGITS);
  if (!(factor > 0 && factor < Number.POSITIVE_INFINITY)) return undefined;
  if (exponents.some((exponent) => Math.abs(exponent) > EXPONENT_MAX)) return undefined;
  return { dimension: dimensionText(exponents, international), offset: 0, factor };
}

/**
 * Ask the library's parser and not its front, which writes what it cannot read to the console: units
 * are content, and content is never printed.
 */
function parsed(code: string): UcumUnit | undefined {
  try {
    const [unit, , messages] = UcumLhcUtils.getInstance().uStrParser_.parseString(code, "validate");
    // With a message, the parser has guessed: `gram` for `g`.
    return unit === null || messages.length > 0 ? undefined : unit;
  } catch {
    return undefined; // It throws for some texts that are no units, and means no more by it.
  }
}

function dimensionText(exponents: readonly number[], international: boolean): string {
  const parts = BASE_UNITS.flatMap((base, at) => {
    const exponent = exponents[at] ?? 0;
    return exponent === 0 ? [] : [`${base}${exponent}`];
  });
  if (international) parts.push("[iU]1");
  return parts.length === 0 ? "1" : parts.join(" ");
}
