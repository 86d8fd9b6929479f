import { fail, ok, type Result } from "@salus/base";
import { nextDown, parseDecimal } from "../canonical/decimal.ts";
import { NUMBER_BITS, numberCode, VALUE_BITS, valueCode } from "../canonical/number-code.ts";
import { type CanonicalUnit, canonicalUnit, canonicalValue } from "../canonical/unit.ts";
import { numberValue, type QuantityRange, quantityValue } from "../canonical/value.ts";
import { ANY_RANGE_KEYWORD, rangeParameter } from "../derive/attribute.ts";
import type { Parameter } from "../policy/parameter.ts";
import type { NeedleFault, QuantityNeedle, Question, Questions, ReadNeedle } from "./needle.ts";
import { compareRanges, type Prefix, type Range, readPrefix } from "./prefix.ts";
import { splitEscaped, unescaped } from "./query-text.ts";

/** What a search says of the unit. */
type UnitWish =
  | { readonly kind: "any" }
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "unit";
      readonly system: string;
      readonly code: string;
      readonly unit: CanonicalUnit;
    };

/** Read `gt140`, `5.4|http://unitsofmeasure.org|mmol/L`, `5.4||mg` and the like; a number has no unit. */
export const readQuantity: ReadNeedle = (text, parameter) => {
  const parts = splitEscaped(text, "|").map(unescaped);
  const isNumber = parameter.type === "number";
  if (parts.length !== 1 && (isNumber || parts.length !== 3)) return fail("bad-number");
  const [number = "", system = "", code = ""] = parts;
  const [prefix, digits] = readPrefix(number.trim());
  const decimal = parseDecimal(digits);
  if (decimal === undefined) return fail("bad-number");
  const wish = readUnit(system, code);
  if (!wish.ok) return wish;
  const search = searchRange(prefix, decimal);
  const range = quantityNeedle(prefix, search, wish.value);
  return ok({
    matches: (values) =>
      values.some((value) => {
        const found = isNumber ? numberValue(value) : quantityValue(value);
        return (
          found.ok && found.value !== undefined && agrees(prefix, search, wish.value, found.value)
        );
      }),
    questions: range === undefined ? [] : askQuantity(parameter, range),
    ...(range === undefined ? {} : { range }),
  });
};

function readUnit(system: string, code: string): Result<UnitWish, NeedleFault> {
  if (code === "") return system === "" ? ok({ kind: "any" }) : fail("bad-unit");
  if (system === "") return ok({ kind: "text", text: code });
  // A unit that UCUM does not know is compared with itself: records that have it are kept too.
  const unit = canonicalUnit(system, code);
  return unit === undefined ? fail("bad-unit") : ok({ kind: "unit", system, code, unit });
}

/** What the search means as a range of numbers, in its own unit. */
function searchRange(
  prefix: Prefix,
  { value, low, high }: NonNullable<ReturnType<typeof parseDecimal>>,
): Range {
  switch (prefix) {
    case "eq":
    case "ne":
      return { low, high: nextDown(high) };
    case "ap":
      return { low: value - Math.abs(value) / 10, high: value + Math.abs(value) / 10 };
    default:
      return { low: value, high: value };
  }
}

function agrees(prefix: Prefix, search: Range, wish: UnitWish, value: QuantityRange): boolean {
  switch (wish.kind) {
    case "any":
      return compareRanges(prefix, search, value, 0);
    case "text":
      return (
        (value.code === wish.text || value.unit === wish.text) &&
        compareRanges(prefix, search, value, 0)
      );
    case "unit": {
      if (value.system !== wish.system) return false;
      if (value.code === wish.code) return compareRanges(prefix, search, value, 0);
      const unit = canonicalUnit(value.system, value.code);
      if (unit === undefined || unit.dimension !== wish.unit.dimension) return false;
      return compareRanges(
        prefix,
        canonicalRange(wish.unit, search),
        canonicalRange(unit, value),
        0,
      );
    }
  }
}

function canonicalRange(unit: CanonicalUnit, range: Range): Range {
  return { low: canonicalValue(unit, range.low), high: canonicalValue(unit, range.high) };
}

/** The numbers of which the index can say whether a value may match. */
function quantityNeedle(prefix: Prefix, search: Range, wish: UnitWish): QuantityNeedle | undefined {
  const dimension = wish.kind === "unit" ? wish.unit.dimension : "";
  const { low, high } = wish.kind === "unit" ? canonicalRange(wish.unit, search) : search;
  const needle = { of: "quantity", dimension, from: low, to: high, reachesOver: false } as const;
  switch (prefix) {
    case "ne":
      return undefined;
    case "gt":
    case "ge":
    case "sa":
      return { ...needle, to: Number.POSITIVE_INFINITY, open: "above" };
    case "lt":
    case "le":
    case "eb":
      return { ...needle, from: Number.NEGATIVE_INFINITY, open: "below" };
    case "eq":
      return { ...needle, open: "neither" };
    case "ap":
      return { ...needle, open: "neither", reachesOver: true };
  }
}

/** A range of numbers, whatever they were measured of. */
export function askQuantity(parameter: Parameter, range: QuantityNeedle): Questions {
  if (parameter.index.length === 0) return [];
  const { dimension, from, to, reachesOver } = range;
  const mark = dimension === "" ? ANY_RANGE_KEYWORD : dimension;
  return [
    parameter.index.flatMap((name): readonly Question[] => [
      dimension === ""
        ? {
            kind: "range",
            attribute: `${name}/number`,
            bits: NUMBER_BITS,
            from: numberCode(from, NUMBER_BITS),
            to: numberCode(to, NUMBER_BITS),
          }
        : {
            kind: "composite",
            attribute: `${name}/unit`,
            text: dimension,
            from: numberCode(from, VALUE_BITS),
            to: numberCode(to, VALUE_BITS),
          },
      ...(reachesOver ? [markOf(name, mark)] : []),
    ]),
  ];
}

/** A range of numbers under one code: one range of one index. */
export function askCodedQuantity(
  names: readonly string[],
  codeText: string,
  { from, to, reachesOver }: QuantityNeedle,
): readonly Question[] {
  return names.flatMap((name): readonly Question[] => [
    {
      kind: "composite",
      attribute: `${name}/code`,
      text: codeText,
      from: valueCode(codeText, from),
      to: valueCode(codeText, to),
    },
    ...(reachesOver ? [markOf(name, codeText)] : []),
  ]);
}

/** Values that are open, or of which there are several, may reach over a closed range. */
function markOf(name: string, keyword: string): Question {
  return { kind: "tag", attribute: rangeParameter(name), keyword };
}
