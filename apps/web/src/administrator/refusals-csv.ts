import type { Refusal } from "../device/organisation/uploads/tally.ts";

const COLUMNS = ["file", "line", "entry", "type", "id", "why", "element", "patient"] as const;

/** What was not taken, as a table for other programs. */
export function refusalsAsCsv(refusals: readonly Refusal[]): string {
  const rows = refusals.map((one) => COLUMNS.map((column) => cellOf(one[column])));
  return [COLUMNS, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** A table calculation runs what begins like a formula, and names come from files. */
function cellOf(value: string | number | undefined): string {
  const text = String(value ?? "");
  const calm = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(calm) ? `"${calm.replaceAll('"', '""')}"` : calm;
}
