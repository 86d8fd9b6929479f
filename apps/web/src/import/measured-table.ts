import Papa from "papaparse";
import type { MeasuredRow } from "../device/bringing/bringing.ts";
import type { Measurement, MeasureName } from "../device/record/measures.ts";

// Tables of measurements as devices and spreadsheets write them: a column for the time, and one for
// each thing that was measured. Which column is which is read from its head.

/** What a head says: words that are found in it, in small letters, and the unit where none is said. */
const HEADS: readonly {
  readonly column: "time" | "date" | "note" | "systolic" | "diastolic" | MeasureName;
  readonly words: readonly string[];
}[] = [
  { column: "systolic", words: ["systol", "sys"] },
  { column: "diastolic", words: ["diastol", "dia"] },
  { column: "glucose", words: ["glucose", "sugar", "bg"] },
  { column: "weight", words: ["weight"] },
  { column: "temperature", words: ["temperature", "temp"] },
  { column: "pulse", words: ["pulse", "heart rate", "bpm", "hr"] },
  { column: "oxygen", words: ["oxygen", "spo2", "saturation"] },
  { column: "height", words: ["height"] },
  { column: "note", words: ["note", "comment", "remark"] },
  { column: "date", words: ["date", "day", "when"] },
  { column: "time", words: ["time", "hour"] },
];

const UNITS: Readonly<Record<MeasureName, readonly (readonly [word: string, unit: string])[]>> = {
  pressure: [["", "mm[Hg]"]],
  glucose: [
    ["mmol", "mmol/L"],
    ["", "mg/dL"],
  ],
  weight: [
    ["lb", "[lb_av]"],
    ["", "kg"],
  ],
  temperature: [
    ["f", "[degF]"],
    ["", "Cel"],
  ],
  pulse: [["", "/min"]],
  oxygen: [["", "%"]],
  height: [
    ["in", "[in_i]"],
    ["", "cm"],
  ],
};

type Column = (typeof HEADS)[number]["column"];

/** What a table holds, or why it cannot be read. */
export type ReadTable =
  | {
      readonly kind: "rows";
      readonly rows: readonly MeasuredRow[];
      readonly columns: readonly Column[];
    }
  | { readonly kind: "no-time" }
  | { readonly kind: "no-measurements" };

/** Read a table. Takes: CSV with one line of heads; commas, semicolons or tabs between the cells. */
export function readTable(text: string): ReadTable {
  const { data } = Papa.parse<string[]>(text.replace(/^\ufeff/, ""), { skipEmptyLines: "greedy" });
  const [heads = [], ...lines] = data;
  const columns = heads.map(columnOf);
  const known = columns.filter((column) => column !== undefined);
  if (!known.includes("date") && !known.includes("time")) return { kind: "no-time" };
  const measured = known.filter((one) => !["date", "time", "note"].includes(one));
  if (measured.length === 0) return { kind: "no-measurements" };
  const rows = lines.flatMap((cells, at) => rowsOf(cells, columns, heads, at + 2));
  return { kind: "rows", rows, columns: known };
}

function columnOf(head: string): Column | undefined {
  const words = head.toLowerCase();
  return HEADS.find((one) => one.words.some((word) => words.includes(word)))?.column;
}

function rowsOf(
  cells: readonly string[],
  columns: readonly (Column | undefined)[],
  heads: readonly string[],
  line: number,
): readonly MeasuredRow[] {
  const cell = (column: Column): string => cells[columns.indexOf(column)]?.trim() ?? "";
  const time = timeOf(`${cell("date")} ${columns.includes("time") ? cell("time") : ""}`.trim());
  if (time === undefined) return [{ line, reason: "no-time" }];
  const note = columns.includes("note") ? cell("note") : "";
  const rows: MeasuredRow[] = [];
  const add = (name: MeasureName, texts: readonly string[], head: string): void => {
    if (texts.every((text) => text === "")) return;
    const values = texts.map(numberOf);
    const bad = values.some((value) => value === undefined);
    if (bad) rows.push({ line, reason: "no-number" });
    else {
      const unit = unitOf(name, head);
      const measurement: Measurement = { name, values: values as number[], unit, time, note };
      rows.push({ line, measurement });
    }
  };
  if (columns.includes("systolic")) {
    const [high, low] = [cell("systolic"), cell("diastolic")];
    // Some write 120/80 into one cell.
    add("pressure", high.includes("/") ? high.split("/") : [high, low], "");
  }
  for (const [at, column] of columns.entries()) {
    if (column !== undefined && column in UNITS) {
      add(column as MeasureName, [cells[at]?.trim() ?? ""], heads[at] ?? "");
    }
  }
  return rows.length === 0 ? [{ line, reason: "empty" }] : rows;
}

function unitOf(name: MeasureName, head: string): string {
  // What follows the name of the thing: "Weight (lb)", "Temperature [°F]".
  const said = /[([,]\s*([^)\]]*)/.exec(head.toLowerCase())?.[1] ?? "";
  const found = UNITS[name].find(([word]) => word === "" || said.includes(word));
  return found?.[1] ?? "";
}

function numberOf(text: string): number | undefined {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() === "" || Number.isNaN(value) ? undefined : value;
}

/** Takes:   ISO 8601, or what this browser reads as a date; a day alone is its noon. */
function timeOf(text: string): string | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T12:00` : text;
  const time = new Date(day);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
