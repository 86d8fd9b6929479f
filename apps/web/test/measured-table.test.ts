import { describe, expect, it } from "vitest";
import { readTable } from "../src/import/measured-table.ts";

// Goal: tables of measurements are read as whoever wrote them meant, and a row that is not understood
// says why instead of becoming something else.
// Method: tables as devices and spreadsheets write them.

function rowsOf(text: string) {
  const read = readTable(text);
  if (read.kind !== "rows") throw new Error(read.kind);
  return read.rows;
}

describe("a table", () => {
  it("has a column for each number of a blood pressure", () => {
    const rows = rowsOf("Date,Systolic,Diastolic,Pulse\n2026-03-01T08:00:00Z,128,82,64\n");
    expect(rows).toMatchObject([
      { line: 2, measurement: { name: "pressure", values: [128, 82], unit: "mm[Hg]" } },
      { line: 2, measurement: { name: "pulse", values: [64], unit: "/min" } },
    ]);
  });

  it("may write both into one cell, with semicolons and a comma for a point", () => {
    const rows = rowsOf("\ufeffDay;Sys (mmHg);Weight (kg)\n2026-03-01;128/82;70,5\n");
    expect(rows).toMatchObject([
      { measurement: { name: "pressure", values: [128, 82] } },
      { measurement: { name: "weight", values: [70.5], unit: "kg" } },
    ]);
  });

  it("says its units in its heads", () => {
    const heads = "Date,Glucose (mmol/L),Weight (lb),Temperature [°F],Height (in)";
    const units = rowsOf(`${heads}\n2026-03-01,5.4,150,98.6,70\n`).map((row) =>
      "measurement" in row ? row.measurement.unit : row.reason,
    );
    expect(units).toEqual(["mmol/L", "[lb_av]", "[degF]", "[in_i]"]);
  });

  it("may have date and time apart, and a note", () => {
    const [row] = rowsOf("Date\tTime\tGlucose (mg/dL)\tNote\n2026-03-01\t07:30\t99\tfasting\n");
    expect(row).toMatchObject({ measurement: { values: [99], note: "fasting" } });
    expect(row && "measurement" in row && new Date(row.measurement.time).getMinutes()).toBe(30);
  });
});

describe("what is not understood", () => {
  it.each([
    ["no day", "Date,Pulse\nyesterday-ish,64", "no-time"],
    ["no number", "Date,Pulse\n2026-03-01,fast", "no-number"],
    ["half a blood pressure", "Date,Systolic,Diastolic\n2026-03-01,120,", "no-number"],
    ["nothing", "Date,Pulse,Weight\n2026-03-01,,", "empty"],
  ])("a row with %s says so", (_, text, reason) => {
    expect(rowsOf(text)).toMatchObject([{ line: 2, reason }]);
  });

  it("is a table that does not say when, or what", () => {
    expect(readTable("Pulse\n64").kind).toBe("no-time");
    expect(readTable("Date,Mood\n2026-03-01,fine").kind).toBe("no-measurements");
    expect(readTable("").kind).toBe("no-time");
  });
});
