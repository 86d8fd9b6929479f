import type { Catalogue } from "./catalogue.ts";

/** How dates, numbers and units are written. What FHIR gives less exactly is shown less exactly. */
export interface Format {
  readonly number: (value: number, digits?: number) => string;
  readonly quantity: (value: number, unit: string | undefined) => string;
  /** What a unit of UCUM is called; empty where numbers of it stand alone. */
  readonly unit: (code: string) => string;
  /** Takes:   a FHIR date or dateTime: `2015`, `2015-03`, `2015-03-09`, or with a time. */
  readonly date: (fhir: string) => string;
  readonly dateTime: (fhir: string | number) => string;
  /** "in 3 days", "2 hours ago". */
  readonly relative: (time: number, now?: number) => string;
  readonly bytes: (count: number) => string;
  readonly list: (words: readonly string[]) => string;
}

const UNITS = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** What a unit of UCUM is called on a screen, where it is not its own code. */
const SHOWN_UNITS: Readonly<Record<string, string>> = {
  "mm[Hg]": "mmHg",
  Cel: "°C",
  "[degF]": "°F",
  "[lb_av]": "lb",
  "[in_i]": "in",
  "{score}": "",
  "10*3/uL": "10³/µL",
  "10*6/uL": "10⁶/µL",
  "mL/min/{1.73_m2}": "mL/min/1.73 m²",
  "kg/m2": "kg/m²",
  "/min": "/min",
  "1": "",
};

/** UCUM writes micro as it can be typed. */
const MICRO = /(^|[./])u(?=mol|g|L|m|\[IU\])/g;
/** A day is not torn in two at the end of a line; a time may stand on the next. */
const whole = (written: string): string => written.replace(/ (?!\d+:)/g, "\u00a0");

/** Takes: `language`, with the country where it is spoken so, where that is known. */
export function formatFor(language: string, text: Catalogue): Format {
  const dates = (parts: Intl.DateTimeFormatOptions) =>
    lazily(() => new Intl.DateTimeFormat(language, parts));
  const year = dates({ year: "numeric", timeZone: "UTC" });
  const month = dates({ ...monthAndYear, timeZone: "UTC" });
  const day = dates({ ...monthAndYear, day: "numeric", timeZone: "UTC" });
  const localDay = dates({ ...monthAndYear, day: "numeric" });
  const moment = dates({ ...monthAndYear, day: "numeric", hour: "numeric", minute: "2-digit" });
  const ago = lazily(() => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
  const words = lazily(() => new Intl.ListFormat(language, { type: "conjunction" }));
  const numbers = new Map<number, Intl.NumberFormat>();
  const number = (value: number, digits = 2): string => {
    const known = numbers.get(digits);
    const made = known ?? new Intl.NumberFormat(language, { maximumFractionDigits: digits });
    if (known === undefined) numbers.set(digits, made);
    return made.format(value);
  };
  const unit = (code: string): string =>
    SHOWN_UNITS[code] ?? code.replace(MICRO, "$1µ").replaceAll("[IU]", "IU");
  return {
    number,
    unit,
    quantity: (value, code = "") => {
      const shown = unit(code);
      return `${number(value)}${shown === "" ? "" : `\u00a0${shown}`}`;
    },
    date: (fhir) => {
      const time = new Date(fhir);
      if (Number.isNaN(time.getTime())) return fhir;
      if (fhir.length === 4) return year().format(time);
      if (fhir.length === 7) return whole(month().format(time));
      return whole((fhir.length === 10 ? day() : localDay()).format(time));
    },
    dateTime: (fhir) => {
      const time = new Date(fhir);
      return Number.isNaN(time.getTime()) ? String(fhir) : whole(moment().format(time));
    },
    relative: (time, now = Date.now()) => {
      for (const [unit, size] of UNITS) {
        const count = (time - now) / size;
        if (Math.abs(count) >= 1) return ago().format(Math.trunc(count), unit);
      }
      return text.parts.justNow;
    },
    bytes: (count) => (count < 1024 ? `${number(count)} B` : `${number(count / 1024, 1)} kB`),
    list: (some) => words().format(some),
  };
}

/** Made when it is first used: each of them reads what the browser knows of a language. */
function lazily<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const monthAndYear = { year: "numeric", month: "short" } as const;
