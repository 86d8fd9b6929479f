import type { DescribedValue } from "@salus/health";
import type { Entry } from "../device/practice/entry.ts";

/** One result of a row, at one day. */
export interface Result {
  readonly entry: Entry;
  readonly value: DescribedValue;
}

/** One test over time. */
export interface ResultRow {
  /** A code and a unit: values in other units are another row, for nobody converts them here. */
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  /** By day, 2024-03-09; several of one day in the order given, the newest first. */
  readonly days: ReadonlyMap<string, readonly Result[]>;
  /** Numbers, the oldest first. */
  readonly trend: readonly { readonly time: number; readonly number: number }[];
}

/** Tests by days. */
export interface ResultTable {
  readonly rows: readonly ResultRow[];
  /** The newest first. */
  readonly days: readonly string[];
  /** Results without a date: they stand in no column. */
  readonly undated: readonly Entry[];
}

/** Put results into a table: a row for each test and unit, a column for each day. Panels give rows of their parts. */
export function resultTable(entries: readonly Entry[]): ResultTable {
  const rows = new Map<string, Growing>();
  const days = new Set<string>();
  const undated: Entry[] = [];
  for (const entry of entries) {
    const day = entry.said.date.slice(0, 10);
    if (day === "") {
      undated.push(entry);
      continue;
    }
    for (const value of entry.said.values) {
      const row = rowFor(rows, entry, value);
      row.days.set(day, [...(row.days.get(day) ?? []), { entry, value }]);
      days.add(day);
      const time = Date.parse(entry.said.date);
      if (value.number !== undefined && value.comparator === "" && !Number.isNaN(time)) {
        row.trend.push({ time, number: value.number });
      }
    }
  }
  const table = [...rows.values()].map((row) => ({
    ...row,
    trend: row.trend.toSorted((a, b) => a.time - b.time),
  }));
  return {
    rows: table.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    days: [...days].toSorted().toReversed(),
    undated,
  };
}

/** The newest entry of each test. Takes: entries, the newest first. */
export function latestOf(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ said }) => {
    const key = said.codes[0] ? `${said.codes[0].system}|${said.codes[0].code}` : said.title;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

interface Growing {
  readonly key: string;
  readonly name: string;
  readonly unit: string;
  readonly days: Map<string, readonly Result[]>;
  readonly trend: { readonly time: number; readonly number: number }[];
}

function rowFor(rows: Map<string, Growing>, { said }: Entry, value: DescribedValue): Growing {
  const code = value.codes[0] ?? said.codes[0];
  const name = value.label === "" ? said.title : value.label;
  const key = `${code === undefined ? name : `${code.system}|${code.code}`} ${value.unit}`;
  const known = rows.get(key);
  if (known !== undefined) return known;
  const made: Growing = { key, name, unit: value.unit, days: new Map(), trend: [] };
  rows.set(key, made);
  return made;
}
