const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A moment for people: `2026-11-22 13:00 UTC`. */
export function momentText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** How long something lasts yet: `29 days`, `3 hours`; the smaller unit only where it matters. */
export function spanText(ms: number): string {
  if (ms <= 0) return "over";
  if (ms < HOUR_MS) return count(Math.max(1, Math.floor(ms / MINUTE_MS)), "minute");
  if (ms < 2 * DAY_MS) return count(Math.floor(ms / HOUR_MS), "hour");
  // What was granted for 30 days a second ago lasts 30 days.
  return count(Math.round(ms / DAY_MS), "day");
}

/** A period of care, or that there is none. */
export function periodText(period: readonly [] | readonly [start: number, end: number]): string {
  const [start, end] = period;
  if (start === undefined || end === undefined) return "any time";
  return `${dayText(start)} to ${dayText(end)}`;
}

function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
