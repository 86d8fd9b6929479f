import { fail, ok, type Result } from "@salus/base";
import { clamp } from "./number-code.ts";

/** A closed range of milliseconds since 1970, UTC; infinite where a Period is open. */
export interface DateRange {
  readonly low: number;
  readonly high: number;
}

const DAY_MS = 86_400_000;
export const DAY_BITS = 16;
/** Day code of 1970-01-01, so that 1900-01-01 has the code 1. */
const DAY_OF_EPOCH = 25_568;
export const DAY_CODE_GREATEST = 65_534;

const ZERO = 48;
const BAD: Result<never, { readonly kind: "bad-date" }> = fail({ kind: "bad-date" });

/**
 * The range of instants that a FHIR date, dateTime or instant can mean.
 *
 * Takes:   `minutes`: whether a time may end at its minute, as in searches.
 * Fails:   `bad-date` for any other text, and for days that no calendar has.
 * Source:  spec/policy.md §4; vectors/canonical-v1.json.
 */
export function dateRange(
  text: string,
  minutes = false,
): Result<DateRange, { readonly kind: "bad-date" }> {
  const year = digits(text, 0, 4);
  if (year < 1) return BAD;
  if (text.length === 4) return ok({ low: utc(year, 1, 1), high: utc(year + 1, 1, 1) - 1 });
  const month = digits(text, 5, 2);
  if (text[4] !== "-" || month < 1 || month > 12) return BAD;
  if (text.length === 7) return ok({ low: utc(year, month, 1), high: utc(year, month + 1, 1) - 1 });
  const day = digits(text, 8, 2);
  if (text[7] !== "-" || day < 1 || day > daysOf(year, month)) return BAD;
  const midnight = utc(year, month, day);
  if (text.length === 10) return ok({ low: midnight, high: midnight + DAY_MS - 1 });
  return timeRange(text, midnight, minutes);
}

function timeRange(
  text: string,
  midnight: number,
  minutes: boolean,
): Result<DateRange, { readonly kind: "bad-date" }> {
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  if (text[10] !== "T" || text[13] !== ":") return BAD;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return BAD;
  let low = midnight + (hour * 60 + minute) * 60_000;
  let width = 60_000;
  let at = 16;
  if (text[16] === ":") {
    const second = digits(text, 17, 2);
    if (second < 0 || second > 60) return BAD;
    low += second * 1000;
    width = 1000;
    at = 19;
    if (text[19] === ".") {
      let unit = 1000;
      at = 20;
      for (let digit = digits(text, at, 1); digit >= 0; digit = digits(text, at, 1)) {
        if (unit > 1) {
          unit /= 10;
          low += digit * unit;
        }
        at += 1;
      }
      if (at === 20) return BAD;
      width = unit;
    }
  } else if (!minutes) {
    return BAD;
  }
  const shift = zoneMs(text, at);
  if (shift === undefined) return BAD;
  return ok({ low: low - shift, high: low - shift + width - 1 });
}

/** Offset of the zone that fills the rest of the text; no zone is UTC. */
function zoneMs(text: string, at: number): number | undefined {
  if (text.length === at) return 0;
  const sign = text[at];
  if (sign === "Z") return text.length === at + 1 ? 0 : undefined;
  if ((sign !== "+" && sign !== "-") || text.length !== at + 6 || text[at + 3] !== ":") {
    return undefined;
  }
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return undefined;
  return (sign === "+" ? 1 : -1) * (hours * 60 + minutes) * 60_000;
}

/** The number that `count` digits make, or -1. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    // NaN past the end fails both comparisons, and so the negation.
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Midnight of a day. `Date.UTC` reads the years 0 to 99 as 1900 to 1999, so those are shifted. */
function utc(year: number, month: number, day: number): number {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  return Date.UTC(year + 400, month - 1, day) - 146_097 * DAY_MS;
}

/**
 * The day of an instant, as an index code.
 *
 * Gives:   1 … 65,534: 1900-01-01 … 2079-06-05; what is outside shares the codes at the ends.
 * Source:  spec/policy.md §4; vectors/canonical-v1.json.
 */
export function dayCode(ms: number): number {
  return clamp(Math.floor(ms / DAY_MS) + DAY_OF_EPOCH, 1, DAY_CODE_GREATEST);
}
