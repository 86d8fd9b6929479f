import fc from "fast-check";
import { expect, it } from "vitest";
import { describe as described, population } from "../src/index.ts";

// Goal: what people are shown of a record is what it says, and nothing that a source writes can make
// reading it fail. Method: a few records by hand, a population, then arbitrary JSON in every element.

const pressure = {
  resourceType: "Observation",
  id: "1",
  status: "final",
  code: { coding: [{ system: "http://loinc.org", code: "85354-9" }], text: "Blood pressure" },
  effectiveDateTime: "2024-03-09T08:30:00+05:30",
  component: [
    {
      code: { coding: [{ system: "http://loinc.org", code: "8480-6" }], text: "Systolic" },
      valueQuantity: { value: 128, unit: "mmHg", code: "mm[Hg]" },
      referenceRange: [{ high: { value: 130, unit: "mmHg", code: "mm[Hg]" } }],
    },
    { code: { text: "Diastolic" }, valueQuantity: { value: 81, unit: "mmHg" } },
  ],
};

it("says what a record is, when it was and what was found", () => {
  const { title, date, status, codes, values } = described(pressure);
  expect([title, date, status]).toEqual(["Blood pressure", "2024-03-09T08:30:00+05:30", "final"]);
  expect(codes).toEqual([{ system: "http://loinc.org", code: "85354-9", display: "" }]);
  expect(values.map(({ label, number, unit, high }) => [label, number, unit, high])).toEqual([
    ["Systolic", 128, "mm[Hg]", 130],
    ["Diastolic", 81, "mmHg", undefined],
  ]);
});

it("does not hold a value against a range in another unit", () => {
  const range = [{ low: { value: 70, unit: "mg/dL", code: "mg/dL" } }];
  const valueQuantity = { value: 5.4, unit: "mmol/L", code: "mmol/L" };
  const [value] = described({
    resourceType: "Observation",
    valueQuantity,
    referenceRange: range,
  }).values;
  expect(value).toMatchObject({ number: 5.4, low: undefined });
});

it("names every record of a population, and dates it", () => {
  for (const { records } of population({ seed: 1, patients: 2, hospitals: 2 }).patients) {
    for (const { resource } of records) {
      const { title, date } = described(resource);
      expect(title, resource.resourceType).not.toBe("");
      expect(date, resource.resourceType).not.toBe("");
    }
  }
});

it("reads anything, and gives texts of bounded length", () => {
  const others = "payload reaction dosageInstruction period name note class content valueQuantity";
  const elements = [...Object.keys(pressure), ...others.split(" "), "referenceRange"];
  const hostile = fc.oneof(
    fc.jsonValue(),
    fc.constant("<img src=x onerror=alert(1)>"),
    fc.constant("\u202e".repeat(5000)),
    fc.constant("😀".repeat(3000)),
    fc.constant([{ coding: [{ code: 7, display: {} }], text: ["no"] }, null]),
  );
  const resource = fc.dictionary(fc.constantFrom(...elements), hostile);
  fc.assert(
    fc.property(resource, (json) => {
      const text = JSON.stringify(described(json));
      expect(text.length).toBeLessThan(200_000);
      expect(text).not.toMatch(/\\ud[89ab][0-9a-f]{2}(?!\\ud)/);
    }),
  );
  for (const nothing of [undefined, null, 7, "text", []]) expect(described(nothing).title).toBe("");
});
