import type { Catalogue } from "../text/catalogue.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long something lasts yet: `29 days`, `3 hours`; the smaller unit only where it matters. */
export function spanText(ms: number, { spans }: Catalogue["deciding"]): string {
  if (ms < HOUR_MS) return spans.minutes(Math.max(1, Math.floor(ms / MINUTE_MS)));
  if (ms < 2 * DAY_MS) return spans.hours(Math.floor(ms / HOUR_MS));
  // What was granted for 30 days a second ago lasts 30 days.
  return spans.days(Math.round(ms / DAY_MS));
}

/** The last moment of a day that was typed, as 2026-11-22, where the person is. */
export function endOf(day: string): number | undefined {
  const [year, month, date] = partsOf(day);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  return new Date(year, month - 1, date + 1).getTime() - 1;
}

/** A moment as the day that it falls on, where the person is, as a field of a form has it. */
export function dayOf(time: number): string {
  const moment = new Date(time);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The same in universal time: days of care are. */
export function careDayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Days of care as they were typed: from the beginning of the first to the end of the last. */
export function careOf(
  from: string,
  to: string,
): { readonly from: number; readonly to: number } | undefined {
  const [start, end] = [Date.parse(from), Date.parse(to) + DAY_MS - 1];
  return Number.isNaN(start) || Number.isNaN(end) || end < start
    ? undefined
    : { from: start, to: end };
}

function partsOf(day: string): readonly (number | undefined)[] {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  return (found ?? []).slice(1).map(Number);
}
