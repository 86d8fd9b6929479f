import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/canonical-v1.json" with { type: "json" };
import { dateRange, dayCode } from "../src/canonical/date.ts";
import { foldText, foldToken } from "../src/canonical/fold.ts";
import {
  codeKeyword,
  prefixKeywords,
  referenceKeyword,
  systemKeyword,
  textKeyword,
  uriKeyword,
} from "../src/canonical/keyword.ts";
import { NUMBER_BITS, numberCode, VALUE_BITS, valueCode } from "../src/canonical/number-code.ts";
import { canonicalUnit, canonicalValue } from "../src/canonical/unit.ts";
import { dateValue } from "../src/canonical/value.ts";
import { BALANCED, deriveIndex } from "../src/index.ts";
import { UCUM } from "../src/systems.ts";

// Goal: canonical forms are what the page says they are, to the last bit.
// Method: vectors of an implementation that shares no code with ours and no UCUM library.

/** The codes that a date parameter's two columns hold, through the whole of `deriveIndex`. */
function columnsOf(
  element: object,
  parameter = "date",
): { low: readonly number[]; span: readonly number[] } {
  const derived = deriveIndex(
    { resourceType: "Observation", id: "1", ...element },
    { path: [], policy: BALANCED },
  );
  if (!derived.ok) throw new Error(derived.error.kind);
  const codes = (bound: string): readonly number[] =>
    derived.value.entries.flatMap((entry) =>
      "code" in entry && entry.attribute.endsWith(`/${parameter}/${bound}`) ? [entry.code] : [],
    );
  return { low: codes("low"), span: codes("span") };
}

/** What JSON has no number for. */
const INFINITE: Readonly<Record<string, number>> = {
  infinity: Number.POSITIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);

describe("dates", () => {
  it.each(vectors.valid)("$comment: $text", ({ text, search, low, high, columns }) => {
    // In a URL the plus of a zone is a space; the search puts it back before it reads.
    const range = dateRange(search ? text.replace(" ", "+") : text, search);
    expect(range).toEqual({ ok: true, value: { low, high } });
    expect([dayCode(low)]).toEqual(columns.low);
    if (!search) expect(columnsOf({ effectiveDateTime: text })).toEqual(columns);
  });

  it.each(vectors.periods)("$comment", ({ start, end, low, high, columns }) => {
    const period = { ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) };
    const range = dateValue(period);
    if (!range.ok || range.value === undefined) throw new Error("a period has a range");
    expect([finite(range.value.low), finite(range.value.high)]).toEqual([low, high]);
    expect(columnsOf({ effectivePeriod: period })).toEqual(columns);
  });

  it.each(vectors.several)("several values $comment", ({ texts, columns }) => {
    const reaction = texts.map((onset) => ({ onset }));
    const { low, span } = columnsOf({ resourceType: "AllergyIntolerance", reaction }, "onset");
    expect({ low: low.toSorted((a, b) => a - b), span }).toEqual(columns);
  });

  it.each(vectors.invalid)("refuses $comment", (vector) => {
    const found =
      "text" in vector
        ? dateRange(vector.text ?? "", vector.search ?? false)
        : dateValue({ start: vector.start, end: vector.end });
    if (found.ok) throw new Error("a bad date has no range");
    const kind = typeof found.error === "string" ? found.error : found.error.kind;
    expect(kind).toBe(vector.error);
  });
});

describe("texts", () => {
  it.each(vectors.folds)("folds $text", (vector) => {
    expect(foldText(vector.text)).toBe(vector.foldText);
    expect(foldToken(vector.text)).toBe(vector.foldToken);
  });

  const { code, system, text, string, reference, uri } = vectors.keywords;
  it.each(code)("code $code", (vector) => expect(codeKeyword(vector.code)).toBe(vector.keyword));
  it.each(system)("system $system", (vector) => {
    expect(systemKeyword(vector.system)).toBe(vector.keyword);
  });
  it.each(text)("text $text", (vector) => expect(textKeyword(vector.text)).toBe(vector.keyword));
  it.each(string)("string $string", (vector) => {
    expect([...prefixKeywords(vector.string)].reverse()).toEqual(vector.keywords);
  });
  it.each(reference)("reference $reference", (vector) => {
    expect(referenceKeyword(vector.reference) ?? null).toBe(vector.keyword);
  });
  it.each(uri)("uri $uri", (vector) => expect(uriKeyword(vector.uri)).toBe(vector.keyword));
});

describe("numbers", () => {
  it.each(vectors.numberCodes)("$comment: $x", ({ x: written, code16, code20 }) => {
    const x = typeof written === "number" ? written : INFINITE[written];
    if (x === undefined) throw new Error(`${written} is no number`);
    expect(numberCode(x, NUMBER_BITS)).toBe(code16);
    expect(numberCode(x, VALUE_BITS)).toBe(code20);
  });

  it.each(vectors.valueCodes)("under $code", ({ code, values }) => {
    for (const [x = Number.NaN, expected] of values) expect(valueCode(code, x)).toBe(expected);
  });

  it.each(vectors.units)("in $unit", ({ unit: code, dimension, values }) => {
    const unit = canonicalUnit(UCUM, code);
    if (unit === undefined) throw new Error("a unit of the page is known");
    expect(unit.dimension).toBe(dimension);
    for (const [x = Number.NaN, canonical = Number.NaN, value] of values) {
      expect(canonicalValue(unit, x)).toBe(canonical);
      expect(numberCode(canonicalValue(unit, x), VALUE_BITS)).toBe(value);
    }
  });
});
