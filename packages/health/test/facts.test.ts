import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { population, sameFacts } from "../src/index.ts";

// Goal: what two hospitals have recorded of one thing is shown once, and nothing else is merged.
// Method: pairs that differ in one element each; then a population, of which no record is lost, and
// arbitrary JSON.

type Json = Readonly<Record<string, unknown>>;

const LOINC = "http://loinc.org";
const SNOMED = "http://snomed.info/sct";
const UCUM = "http://unitsofmeasure.org";
const coded = (system: string, code: string, ...more: object[]): Json => ({
  coding: [{ system, code }, ...more],
});
const amount = (value: number, code: string): Json => ({ value, code, unit: code, system: UCUM });

const measured: Json = {
  resourceType: "Observation",
  status: "final",
  code: coded(LOINC, "8310-5"),
  effectiveDateTime: "2024-03-09T08:30:00Z",
  valueQuantity: amount(37, "Cel"),
};
const allergy: Json = {
  resourceType: "AllergyIntolerance",
  clinicalStatus: coded("allergy-status", "active"),
  code: coded(SNOMED, "91936005"),
  criticality: "high",
  recordedDate: "2019-01-01",
};
const problem: Json = {
  resourceType: "Condition",
  clinicalStatus: coded("condition-status", "active"),
  code: coded(SNOMED, "38341003", { system: "icd-10", code: "I10" }),
  onsetDateTime: "2018-01-01",
};
const order: Json = {
  resourceType: "MedicationRequest",
  status: "active",
  intent: "order",
  medicationCodeableConcept: coded("rxnorm", "860975"),
  authoredOn: "2024-03-09",
  dosageInstruction: [{ text: "Once daily" }],
};

/** How many facts two hospitals have recorded. */
function facts(a: Json, b: Json, sources: readonly [string, string] = ["north", "south"]): number {
  return sameFacts([
    { resource: a, source: sources[0] },
    { resource: b, source: sources[1] },
  ]).length;
}

describe("two records are one fact", () => {
  it.each<[string, Json, Json]>([
    ["an equal measurement", measured, {}],
    [
      "in another unit that rounds to it",
      measured,
      { valueQuantity: amount(98.6, "[degF]"), id: "2" },
    ],
    ["of the same day, without a time", measured, { effectiveDateTime: "2024-03-09" }],
    [
      "at the same moment in another zone",
      measured,
      { effectiveDateTime: "2024-03-09T14:00:00+05:30" },
    ],
    ["an allergy, written down later", allergy, { recordedDate: "2023-05-05" }],
    ["a problem, by another system's code", problem, { code: coded("icd-10", "I10") }],
    ["a prescription that both know of", order, { id: "other" }],
  ])("%s", (_, one, change) => {
    expect(facts(one, { ...one, ...change })).toBe(1);
  });
});

describe("two records stay two", () => {
  it.each<[string, Json, Json]>([
    ["another value", measured, { valueQuantity: amount(37.1, "Cel") }],
    ["another unit that does not round to it", measured, { valueQuantity: amount(98.8, "[degF]") }],
    ["a coarse number in another unit", measured, { valueQuantity: amount(99, "[degF]") }],
    ["a bound", measured, { valueQuantity: { ...amount(37, "Cel"), comparator: "<" } }],
    ["another minute", measured, { effectiveDateTime: "2024-03-09T08:31:00Z" }],
    ["no date at all", measured, { effectiveDateTime: undefined }],
    ["another code", measured, { code: coded(LOINC, "8331-1") }],
    ["a preliminary status", measured, { status: "preliminary" }],
    ["another place of the body", measured, { bodySite: coded(SNOMED, "7569003") }],
    ["an allergy that is low for one and high for the other", allergy, { criticality: "low" }],
    ["an allergy that one has refuted", allergy, { verificationStatus: coded("v", "refuted") }],
    ["entered in error", allergy, { verificationStatus: coded("v", "entered-in-error") }],
    ["the other side of the body", problem, { bodySite: coded(SNOMED, "7771000") }],
    [
      "a problem that is over for one",
      problem,
      { clinicalStatus: coded("condition-status", "resolved") },
    ],
    ["a prescription of another day", order, { authoredOn: "2024-03-10" }],
    ["a prescription of another dose", order, { dosageInstruction: [{ text: "Twice daily" }] }],
  ])("%s", (_, one, change) => {
    expect(facts(one, { ...one, ...change })).toBe(2);
  });

  it("measured twice by one source", () => {
    expect(facts(measured, measured, ["north", "north"])).toBe(2);
  });

  it("documents, which are never the same", () => {
    const document = { resourceType: "DocumentReference", type: coded(LOINC, "11506-3") };
    expect(facts(document, document)).toBe(2);
  });

  it("a pressure whose parts are the other way round", () => {
    const part = (code: string, value: number): Json => ({
      code: coded(LOINC, code),
      valueQuantity: amount(value, "mm[Hg]"),
    });
    const panel = { ...measured, valueQuantity: undefined };
    const component = [part("8480-6", 120), part("8462-4", 80)];
    const turned = [part("8480-6", 80), part("8462-4", 120)];
    expect(facts({ ...panel, component }, { ...panel, component: component.toReversed() })).toBe(1);
    expect(facts({ ...panel, component }, { ...panel, component: turned })).toBe(2);
  });
});

it("loses no record of a population, and keeps their order", () => {
  for (const { records } of population({ patients: 3, hospitals: 3, seed: 7 }).patients) {
    const items = [...records].map(({ resource, organisation: source }) => ({ resource, source }));
    const doubled = items.map((item) => ({ ...item, source: `${item.source}'` }));
    const groups = sameFacts([...items, ...doubled]);
    expect(groups.flat()).toHaveLength(2 * items.length);
    const places = new Map(items.map((item, at) => [item, at]));
    const firsts = groups.map(([first]) => (first && places.get(first)) ?? -1);
    const told = firsts.filter((at) => at >= 0);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(groups.length).toBeLessThan(2 * items.length);
  }
});

it("reads whatever a source writes", () => {
  const resource = fc.record({
    resourceType: fc.constantFrom("Observation", "Condition", "Nothing"),
    code: fc.jsonValue(),
    valueQuantity: fc.jsonValue(),
    component: fc.jsonValue(),
    effectiveDateTime: fc.jsonValue(),
    clinicalStatus: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 5 }), (all) => {
      const items = all.map((one, at) => ({ resource: one, source: String(at) }));
      expect(sameFacts(items).flat()).toHaveLength(items.length);
    }),
  );
});
