import { isObject, type Json } from "./json.ts";
import type { Rules } from "./rules.ts";

/** From `low` to before `high`, in milliseconds since 1970 UTC; open ends are infinite. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

export type Prefix = "eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap";
export const PREFIXES: readonly Prefix[] = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

const DAY_MS = 86_400_000;
const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** The span that a FHIR date, dateTime or instant stands for, at the precision it is written in. */
export function span(text: string): Span | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const date = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1)] as const;
  if (month === undefined) return { low: Date.UTC(...date), high: Date.UTC(date[0] + 1, 0, 1) };
  if (day === undefined) return { low: Date.UTC(...date), high: Date.UTC(date[0], date[1] + 1, 1) };
  const midnight = Date.UTC(...date);
  if (hour === undefined) return { low: midnight, high: midnight + DAY_MS };
  const clock = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second ?? 0) * 1000;
  const milliseconds = fraction === undefined ? 0 : Number(fraction.padEnd(3, "0").slice(0, 3));
  const low = midnight + clock + milliseconds - offset(zone);
  const width = second === undefined ? 60_000 : fraction === undefined ? 1000 : 1;
  return { low, high: low + width };
}

function offset(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** The span of a date, dateTime, instant or Period; a Period without an end is open there. */
export function spanOf(value: Json): Span | undefined {
  if (typeof value === "string") return span(value);
  if (!isObject(value)) return undefined;
  const { start, end } = value;
  if (typeof start !== "string" && typeof end !== "string") return undefined;
  return {
    low: typeof start === "string" ? (span(start)?.low ?? -Infinity) : -Infinity,
    high: typeof end === "string" ? (span(end)?.high ?? Infinity) : Infinity,
  };
}

/** Whether a value satisfies `prefix` against the searched span: FHIR R4 §3.1.1.4.4 and .5. */
export function dateMatches(prefix: Prefix, value: Span, asked: Span, rules: Rules): boolean {
  const literal = rules.reading === "literal";
  const contained = asked.low <= value.low && value.high <= asked.high;
  switch (prefix) {
    case "eq":
      return contained;
    case "ne":
      return !contained;
    case "gt":
      return value.high > asked.high;
    case "lt":
      return value.low < asked.low;
    case "ge":
      return literal ? value.high > asked.high || contained : value.high > asked.low;
    case "le":
      return literal ? value.low < asked.low || contained : value.low < asked.high;
    case "sa":
      return value.low >= asked.high;
    case "eb":
      return value.high <= asked.low;
    case "ap": {
      const distance = literal ? rules.now - asked.low : rules.now + DAY_MS - asked.high;
      const margin = Math.abs(distance) / 10;
      return value.low < asked.high + margin && value.high > asked.low - margin;
    }
  }
}
