import type { Description } from "@salus/health";
import { describe, expect, it } from "vitest";
import { together } from "../src/device/asking.ts";
import type { Entry } from "../src/device/practice/entry.ts";
import { type Draft, resourceOf } from "../src/device/practice/written-resource.ts";
import { chosenCategories, EMPTY, faultOf, wantedOf } from "../src/practitioner/request-form.ts";
import { latestOf, resultTable } from "../src/practitioner/result-table.ts";
import { judgementOf } from "../src/text/value-words.ts";

// Goal: what a practitioner reads in a table, asks for in a form and writes in a record is what it says.
// Method: the pure parts, by hand.

type Value = Description["values"][number];

function value(number: number | undefined, changes: Partial<Value> = {}): Value {
  const nothing = { low: undefined, high: undefined, interpretation: "", comparator: "" };
  return { label: "", codes: [], text: "", number, unit: "mg/dL", ...nothing, ...changes };
}

function entry(id: string, date: string, values: readonly Value[], code = "2339-0"): Entry {
  const codes = [{ system: "http://loinc.org", code, display: "" }];
  const said = {
    type: "Observation",
    id,
    title: code,
    date,
    end: "",
    status: "final",
    details: [],
  };
  return { id, vault: "v", said: { ...said, codes, values }, records: [] };
}

describe("the table of results", () => {
  it("has a row for each test and unit, the newest day first, and a trend the oldest first", () => {
    const { rows, days } = resultTable([
      entry("c", "2024-03-09T08:00:00Z", [value(110)]),
      entry("b", "2024-03-01", [value(100)]),
      entry("a", "2023-01-01", [value(5.5, { unit: "mmol/L" })]),
    ]);
    expect(days).toEqual(["2024-03-09", "2024-03-01", "2023-01-01"]);
    expect(rows.map(({ unit, trend }) => [unit, trend.map(({ number }) => number)])).toEqual([
      ["mg/dL", [100, 110]],
      ["mmol/L", [5.5]],
    ]);
  });

  it("takes a panel apart, keeps several of one day, and what has no date", () => {
    const parts = [
      value(120, { label: "Systolic", codes: [{ system: "l", code: "8480-6", display: "" }] }),
      value(80, { label: "Diastolic", codes: [{ system: "l", code: "8462-4", display: "" }] }),
    ];
    const all = ["1", "2"].map((id) => entry(id, "2024-03-09", parts, "85354-9"));
    const { rows, undated } = resultTable([...all, entry("3", "", parts)]);
    expect(rows.map(({ name, days }) => [name, days.get("2024-03-09")?.length])).toEqual([
      ["Diastolic", 2],
      ["Systolic", 2],
    ]);
    expect(undated.map(({ id }) => id)).toEqual(["3"]);
  });

  it("draws no line through a bound", () => {
    const { rows } = resultTable([entry("a", "2024-01-01", [value(5, { comparator: "<" })])]);
    expect(rows[0]?.trend).toEqual([]);
  });

  it("knows the newest of each", () => {
    const all = [entry("b", "2024", []), entry("c", "2023", [], "1"), entry("a", "2022", [])];
    expect(latestOf(all).map(({ id }) => id)).toEqual(["b", "c"]);
  });
});

it("judges by what was said, and else by the range", () => {
  const judged = [
    value(9, { interpretation: "HH" }),
    value(9, { interpretation: "N", high: 5 }),
    value(9, { high: 5 }),
    value(1, { low: 2 }),
    value(3, { low: 2, high: 5 }),
    value(undefined, { high: 5 }),
  ].map(judgementOf);
  expect(judged).toEqual(["critical", "", "high", "low", "", ""]);
});

describe("several questions as one", () => {
  const findings = (word: "answered" | "silent") => ({
    matches: [],
    sources: [{ vault: "v", source: "s", name: "North", own: false, word }],
    unasked: [],
    doubtful: 1,
    more: false,
  });

  it.each([
    [findings("answered"), findings("silent")],
    [findings("silent"), findings("answered")],
  ])("are answered as the worst of them", (a, b) => {
    const { sources, doubtful } = together([a, b]);
    expect([sources.map(({ word }) => word), doubtful]).toEqual([["silent"], 2]);
  });
});

describe("a request", () => {
  const all = ["laboratory", "vitals", "genetics"] as const;

  it("leaves out what is sensitive unless it is asked for", () => {
    expect(chosenCategories(EMPTY, all)).toEqual(["laboratory", "vitals"]);
    expect(chosenCategories({ ...EMPTY, breadth: "all" }, all)).toBe("all");
  });

  it("of whole days of care ends with the last moment of the last", () => {
    const form = { ...EMPTY, hasPeriod: true, from: "2024-01-01", to: "2024-01-31", days: "7" };
    const wanted = wantedOf(form, all, 1_000);
    expect(wanted.period).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 1, 1) - 1]);
    expect([wanted.expires, wanted.answerBy]).toEqual([604_801_000, 604_801_000]);
  });

  it.each([
    ["nothingChosen", { breadth: "some" }],
    ["noHospital", { everywhere: false }],
    ["badPeriod", { hasPeriod: true, from: "2024-02-01", to: "2024-01-01" }],
    ["tooLong", { note: "é".repeat(513) }],
  ] as const)("is not sent with %s", (fault, changes) => {
    expect(faultOf({ ...EMPTY, ...changes })).toBe(fault);
  });
});

describe("what is written", () => {
  const who = { node: "dr-1", name: "Dr One" };
  const NOW = Date.UTC(2026, 0, 1);
  const measured: Draft = {
    ...({ kind: "measurement", code: "8480-6", display: "Systolic blood pressure" } as const),
    ...{ value: "128", unit: "mm[Hg]", time: NOW - 1 },
  };

  it("is a measurement with its unit", () => {
    const made = resourceOf(measured, who, NOW);
    expect(made.ok && made.value).toMatchObject({
      resourceType: "Observation",
      valueQuantity: { value: 128, code: "mm[Hg]" },
      performer: [{ reference: "Practitioner/dr-1" }],
    });
    expect(made.ok && "id" in made.value).toBe(false);
  });

  it.each<[string, Draft]>([
    ["value", { ...measured, value: "1 28" }],
    ["range", { ...measured, value: "1280" }],
    ["range", { ...measured, unit: "kg" }],
    ["date", { ...measured, time: NOW + 1 }],
    ["title", { kind: "note", title: " ", text: "x" }],
    ["text", { kind: "note", title: "x", text: "" }],
    ["days", { kind: "prescription", medicine: "m", dose: "d", days: "1.5", reason: "" }],
    ["text", { kind: "prescription", medicine: "m", dose: "", days: "1", reason: "" }],
  ])("is refused for its %s", (what, draft) => {
    expect(resourceOf(draft, who, NOW)).toEqual({ ok: false, error: { kind: "bad-input", what } });
  });
});
