import { DAY_BITS, dayCode } from "../canonical/date.ts";
import { codeKeyword, codingsOf } from "../canonical/keyword.ts";
import { NUMBER_BITS, numberCode, VALUE_BITS, valueCode } from "../canonical/number-code.ts";
import { type CanonicalUnit, canonicalUnit, canonicalValue } from "../canonical/unit.ts";
import { dateValue, numberValue, type QuantityRange, quantityValue } from "../canonical/value.ts";
import { elementsAt } from "../policy/path.ts";
import { stepFor } from "../policy/steps.ts";
import { UCUM } from "../systems.ts";
import { ANY_RANGE_KEYWORD } from "./attribute.ts";
import type { DeriveError, Remark } from "./entry.ts";
import type { EntryList } from "./entry-list.ts";
import type { PlannedParameter } from "./plan.ts";

type Json = Readonly<Record<string, unknown>>;

/** A refusal that names an element. */
export type Fault = Extract<DeriveError, { readonly path: string }>;

/**
 * Add the day codes of a date parameter: of the low bound of each value, in `low`; and in `span` of
 * the least low and the greatest high bound where those differ.
 *
 * Source:  spec/policy.md §4, which says why this never loses a match.
 */
export function addDates(
  resource: Json,
  planned: PlannedParameter,
  list: EntryList,
): Fault | undefined {
  const lows: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const path of planned.parameter.emits) {
    for (const value of elementsAt(resource, path)) {
      const range = dateValue(value);
      if (!range.ok) return { kind: range.error, path: path.text };
      if (range.value === undefined) continue;
      const low = dayCode(range.value.low);
      if (!lows.includes(low)) lows.push(low);
      least = Math.min(least, low);
      greatest = Math.max(greatest, dayCode(range.value.high));
    }
  }
  for (const low of lows) list.code(planned.low, DAY_BITS, low);
  if (least < greatest) {
    list.code(planned.span, DAY_BITS, least);
    list.code(planned.span, DAY_BITS, greatest);
  }
  return undefined;
}

/** One quantity, with the codes of what it measures. */
interface Measured {
  readonly range: QuantityRange;
  readonly codes: readonly string[];
}

/**
 * Add the codes of a quantity parameter: of the number, of the number under each of its codes, and
 * of the canonical value under its dimension.
 *
 * Source:  spec/policy.md §6.
 */
export function addQuantities(
  resource: Json,
  planned: PlannedParameter,
  list: EntryList,
  remarks: Remark[],
): Fault | undefined {
  const measured: Measured[] = [];
  const fault = collect(resource, planned, measured);
  if (fault !== undefined) return fault;
  if (measured.length === 1) return addOne(measured[0] as Measured, planned, list, remarks);
  addSeveral(measured, planned, list, remarks);
  return undefined;
}

function collect(
  resource: Json,
  { parameter, coded }: PlannedParameter,
  measured: Measured[],
): Fault | undefined {
  const add = (value: unknown, path: string, codes: () => readonly string[]): Fault | undefined => {
    const range = parameter.type === "number" ? numberValue(value) : quantityValue(value);
    if (!range.ok) return { kind: range.error, path };
    if (range.value !== undefined) measured.push({ range: range.value, codes: codes() });
    return undefined;
  };
  if (coded === undefined) {
    for (const path of parameter.paths) {
      for (const value of elementsAt(resource, path)) {
        const fault = add(value, path.text, () => []);
        if (fault !== undefined) return fault;
      }
    }
    return undefined;
  }
  const path = parameter.paths[0]?.text ?? parameter.name;
  for (const element of elementsAt(resource, coded.base)) {
    for (const value of elementsAt(element, coded.quantity)) {
      const fault = add(value, path, () => codeTexts(elementsAt(element, coded.codes)));
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function codeTexts(concepts: readonly unknown[]): readonly string[] {
  const texts: string[] = [];
  for (const concept of concepts) {
    for (const { code } of codingsOf(concept) ?? []) {
      const text = codeKeyword(code);
      if (text !== "" && !texts.includes(text)) texts.push(text);
    }
  }
  return texts;
}

/** The usual case, in which nothing can repeat. */
function addOne(
  { range, codes }: Measured,
  planned: PlannedParameter,
  list: EntryList,
  remarks: Remark[],
): undefined {
  const { low, high } = range;
  const open = low !== high;
  const unit = unitOf(range, codes, planned, remarks);
  for (const x of open ? [low, high] : [low]) {
    list.code(planned.number, NUMBER_BITS, numberCode(x, NUMBER_BITS));
    for (const code of codes) list.composite(planned.code, code, valueCode(code, x));
    if (unit !== undefined) list.composite(planned.unit, unit.dimension, unitCode(unit, x));
  }
  if (!open) return;
  const texts = new Set([...codes, ANY_RANGE_KEYWORD]);
  if (unit !== undefined) texts.add(unit.dimension);
  for (const text of texts) list.tag(planned.range, text);
}

/** Several values: repeats are left out, and texts that stand for several are marked. */
function addSeveral(
  measured: readonly Measured[],
  planned: PlannedParameter,
  list: EntryList,
  remarks: Remark[],
): void {
  const seen = new Set<string>();
  const once = (key: string, add: () => void): void => {
    if (!seen.has(key)) add();
    seen.add(key);
  };
  const texts = new Map<string, boolean>();
  const count = (text: string, open: boolean): void => {
    texts.set(text, open || texts.has(text));
  };
  for (const { range, codes } of measured) {
    const { low, high } = range;
    const open = low !== high;
    const unit = unitOf(range, codes, planned, remarks);
    for (const x of open ? [low, high] : [low]) {
      const number = numberCode(x, NUMBER_BITS);
      once(`n${number}`, () => list.code(planned.number, NUMBER_BITS, number));
      for (const code of codes) {
        const value = valueCode(code, x);
        once(`c${value} ${code}`, () => list.composite(planned.code, code, value));
      }
      if (unit !== undefined) {
        const value = unitCode(unit, x);
        once(`u${value} ${unit.dimension}`, () =>
          list.composite(planned.unit, unit.dimension, value),
        );
      }
    }
    for (const code of codes) count(code, open);
    if (unit !== undefined) count(unit.dimension, open);
    count(ANY_RANGE_KEYWORD, open);
  }
  for (const [text, marked] of texts) if (marked) list.tag(planned.range, text);
}

function unitCode(unit: CanonicalUnit, x: number): number {
  return numberCode(canonicalValue(unit, x), VALUE_BITS);
}

function unitOf(
  range: QuantityRange,
  codes: readonly string[],
  { parameter }: PlannedParameter,
  remarks: Remark[],
): CanonicalUnit | undefined {
  const unit = canonicalUnit(range.system, range.code);
  if (unit === undefined || range.system !== UCUM) return unit;
  const path = parameter.paths[0]?.text ?? parameter.name;
  if (unit.status === "unknown") remarks.push({ kind: "unknown-unit", path });
  if (unit.status === "alias") remarks.push({ kind: "unit-alias", path });
  const vital = codes.map(stepFor).find((step) => step?.vital === true);
  if (vital !== undefined && canonicalUnit(UCUM, vital.unit)?.dimension !== unit.dimension) {
    remarks.push({ kind: "wrong-unit", path });
  }
  return unit;
}
