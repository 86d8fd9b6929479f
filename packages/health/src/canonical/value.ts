import { fail, ok, type Result } from "@salus/base";
import { isObject } from "../policy/path.ts";
import { type DateRange, dateRange } from "./date.ts";
import { nextDown, nextUp } from "./decimal.ts";

/** What can be wrong with a FHIR date or quantity; the caller knows the path. */
export type ValueFault =
  | "bad-date"
  | "bad-period"
  | "not-a-number"
  | "bad-comparator"
  | "bad-shape";

/** A quantity as the range of numbers that it can mean; a plain number is the range of one. */
export interface QuantityRange {
  readonly low: number;
  readonly high: number;
  readonly system: string;
  readonly code: string;
  readonly unit: string;
}

/**
 * The instants that a date, dateTime, instant, Period or Timing covers.
 *
 * Gives:   undefined where nothing is said: an empty Period, a Timing without dates.
 * Source:  spec/policy.md §4.
 */
export function dateValue(value: unknown): Result<DateRange | undefined, ValueFault> {
  if (typeof value === "string") {
    const range = dateRange(value);
    return range.ok ? range : fail("bad-date");
  }
  if (!isObject(value)) return fail("bad-shape");
  if (value.event !== undefined || value.repeat !== undefined || "code" in value) {
    return timing(value);
  }
  return period(value);
}

function period(
  value: Readonly<Record<string, unknown>>,
): Result<DateRange | undefined, ValueFault> {
  const { start, end } = value as { start?: unknown; end?: unknown };
  if (start === undefined && end === undefined) return ok(undefined);
  const low = bound(start, Number.NEGATIVE_INFINITY);
  if (!low.ok) return low;
  const high = bound(end, Number.POSITIVE_INFINITY);
  if (!high.ok) return high;
  // Ends are compared by their outer bounds, so a period within one coarse date is a period.
  if (low.value.low > high.value.high) return fail("bad-period");
  return ok({ low: low.value.low, high: high.value.high });
}

function bound(text: unknown, open: number): Result<DateRange, ValueFault> {
  if (text === undefined) return ok({ low: open, high: open });
  if (typeof text !== "string") return fail("bad-shape");
  const range = dateRange(text);
  return range.ok ? range : fail("bad-date");
}

function timing(
  value: Readonly<Record<string, unknown>>,
): Result<DateRange | undefined, ValueFault> {
  const { event, repeat } = value as { event?: unknown; repeat?: unknown };
  const ranges: DateRange[] = [];
  for (const text of Array.isArray(event) ? event : []) {
    const range = bound(text ?? undefined, Number.NaN);
    if (!range.ok) return range;
    if (!Number.isNaN(range.value.low)) ranges.push(range.value);
  }
  const bounds = isObject(repeat) ? repeat.boundsPeriod : undefined;
  if (isObject(bounds)) {
    const range = period(bounds);
    if (!range.ok) return range;
    if (range.value !== undefined) ranges.push(range.value);
  }
  if (ranges.length === 0) return ok(undefined);
  return ok({
    low: Math.min(...ranges.map((range) => range.low)),
    high: Math.max(...ranges.map((range) => range.high)),
  });
}

/**
 * The numbers that a Quantity (also Age, Duration) or a Range covers.
 *
 * Gives:   undefined where no number is said.
 * Source:  spec/policy.md §6.
 */
export function quantityValue(value: unknown): Result<QuantityRange | undefined, ValueFault> {
  if (!isObject(value)) return fail("bad-shape");
  if (value.low === undefined && value.high === undefined) return quantity(value);
  const low = value.low === undefined ? ok(undefined) : quantityValue(value.low);
  if (!low.ok) return low;
  const high = value.high === undefined ? ok(undefined) : quantityValue(value.high);
  if (!high.ok) return high;
  const unit = low.value ?? high.value;
  if (unit === undefined) return ok(undefined);
  return ok({
    ...unit,
    low: low.value?.low ?? Number.NEGATIVE_INFINITY,
    high: high.value?.high ?? Number.POSITIVE_INFINITY,
  });
}

/**
 * The numbers that a decimal, or a Range, covers.
 *
 * Source:  spec/policy.md §6.
 */
export function numberValue(value: unknown): Result<QuantityRange | undefined, ValueFault> {
  return typeof value === "number" ? quantity({ value }) : quantityValue(value);
}

function quantity(
  value: Readonly<Record<string, unknown>>,
): Result<QuantityRange | undefined, ValueFault> {
  const number = value.value;
  if (number === undefined || number === null) return ok(undefined);
  if (typeof number !== "number" || !Number.isFinite(number)) return fail("not-a-number");
  const ends = endsOf(number, value.comparator);
  if (ends === undefined) return fail("bad-comparator");
  return ok({
    low: ends[0],
    high: ends[1],
    system: textOf(value.system),
    code: textOf(value.code),
    unit: textOf(value.unit),
  });
}

function endsOf(number: number, comparator: unknown): readonly [number, number] | undefined {
  switch (comparator) {
    case undefined:
      return [number, number];
    case "<":
      return [Number.NEGATIVE_INFINITY, nextDown(number)];
    case "<=":
      return [Number.NEGATIVE_INFINITY, number];
    case ">":
      return [nextUp(number), Number.POSITIVE_INFINITY];
    case ">=":
      return [number, Number.POSITIVE_INFINITY];
    default:
      return undefined;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
