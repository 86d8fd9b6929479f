import { fail, ok } from "@salus/base";
import {
  DAY_BITS,
  DAY_CODE_GREATEST,
  type DateRange,
  dateRange,
  dayCode,
} from "../canonical/date.ts";
import { dateValue } from "../canonical/value.ts";
import type { Parameter } from "../policy/parameter.ts";
import type { DayNeedle, Question, Questions, ReadNeedle } from "./needle.ts";
import { compareRanges, type Prefix, readPrefix } from "./prefix.ts";
import { unescaped } from "./query-text.ts";

/** Read `ge2015-01-01` and the like. */
export const readDate: ReadNeedle = (text, parameter, { now }) => {
  const [prefix, rest] = readPrefix(unescaped(text));
  // In a URL the plus of a zone is a space.
  const read = dateRange(rest.replace(" ", "+"), true);
  if (!read.ok) return fail("bad-date");
  const search = read.value;
  const slack = prefix === "ap" ? Math.abs(now - search.low) / 10 : 0;
  const range = dayNeedle(prefix, search, slack);
  return ok({
    matches: (values) =>
      values.some((value) => {
        const found = dateValue(value);
        return (
          found.ok && found.value !== undefined && compareRanges(prefix, search, found.value, slack)
        );
      }),
    questions: range === undefined ? [] : askDates(parameter, range),
    ...(range === undefined ? {} : { range }),
  });
};

function dayNeedle(prefix: Prefix, search: DateRange, slack: number): DayNeedle | undefined {
  const above = { of: "date", to: DAY_CODE_GREATEST, open: "above", reachesOver: false } as const;
  const below = {
    of: "date",
    from: 1,
    open: "below",
    reachesOver: false,
    bound: "low",
  } as const;
  switch (prefix) {
    case "ne":
      return undefined;
    case "gt":
      return { ...above, from: dayCode(search.high), bound: "either" };
    case "ge":
      return { ...above, from: dayCode(search.low), bound: "either" };
    case "sa":
      return { ...above, from: dayCode(search.high), bound: "low" };
    case "lt":
    case "eb":
      return { ...below, to: dayCode(search.low) };
    case "le":
      return { ...below, to: dayCode(search.high) };
    case "eq":
    case "ap": {
      const from = dayCode(search.low - slack);
      const to = dayCode(search.high + slack);
      return { of: "date", from, to, open: "neither", bound: "low", reachesOver: prefix === "ap" };
    }
  }
}

/**
 * Ask for the values that have a bound in a range of days. Where a value may reach over the range it
 * has none inside, but is longer than a day, begins before its end and ends after its beginning.
 *
 * Source:  spec/policy.md §4.
 */
export function askDates(
  parameter: Parameter,
  { from, to, bound, reachesOver }: DayNeedle,
): Questions {
  if (parameter.index.length === 0) return [];
  const begins = parameter.index.map((name) => dayRange(`${name}/low`, from, to));
  const long = (low: number, high: number): readonly Question[] =>
    parameter.index.map((name) => dayRange(`${name}/span`, low, high));
  if (reachesOver) {
    return [
      [...begins, ...long(from, DAY_CODE_GREATEST)],
      [...begins, ...long(1, to)],
    ];
  }
  return [bound === "low" ? begins : [...begins, ...long(from, to)]];
}

function dayRange(attribute: string, from: number, to: number): Question {
  return { kind: "range", attribute, bits: DAY_BITS, from, to };
}
