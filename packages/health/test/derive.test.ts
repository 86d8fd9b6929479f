import { assert } from "@salus/base";
import { describe, expect, it } from "vitest";
import {
  BALANCED,
  CATEGORIES,
  type Category,
  type DerivedIndex,
  type DeriveError,
  deriveIndex,
  type IndexEntry,
  policyOf,
  SEALED_ONLY,
} from "../src/index.ts";
import { resourceTypeOf } from "../src/policy/types.ts";

// Goal: a record's entries are few, are those of the page, and stand in the right category; a record
// that cannot be indexed is refused for the written reason, and no reason repeats a value.
// Method: one resource a rule, one fault a resource.

const context = { path: ["north", "cardiology", "ada"], policy: BALANCED };
const LOINC = "http://loinc.org";
const SNOMED = "http://snomed.info/sct";
const UCUM = "http://unitsofmeasure.org";

function derived(resource: object, policy = BALANCED): DerivedIndex {
  const result = deriveIndex({ id: "a", ...resource }, { ...context, policy });
  assert(result.ok, `it has an index: ${JSON.stringify(result)}`);
  return result.value;
}

const coded = (code: string, system = LOINC, display?: string): object => ({
  coding: [{ system, code, ...(display === undefined ? {} : { display }) }],
});
const category = (code: string): readonly object[] => [coded(code, "urn:category")];
const tags = ({ entries }: DerivedIndex): readonly string[] =>
  entries.flatMap((entry) => (entry.kind === "tag" ? [`${entry.attribute}=${entry.keyword}`] : []));
const ranges = ({ entries }: DerivedIndex): readonly IndexEntry[] =>
  entries.filter(({ kind }) => kind !== "tag");

const GLUCOSE = {
  resourceType: "Observation",
  id: "glucose-1",
  status: "final",
  category: category("laboratory"),
  code: coded("2345-7", LOINC, "Glucose in Serum"),
  subject: { reference: "urn:uuid:PATIENT" },
  encounter: { reference: "Encounter/e1" },
  effectiveDateTime: "2015-02-07T13:28:17-05:00",
  valueQuantity: { value: 96, unit: "mg/dL", system: UCUM, code: "mg/dL" },
};

describe("entries", () => {
  it("of a laboratory result are these, and no more", () => {
    const index = derived(GLUCOSE);
    const at = (rest: string): string => `laboratory/Observation/${rest}`;
    expect(index).toMatchObject({ category: "laboratory", sensitive: false, id: "glucose-1" });
    expect(tags(index).toSorted()).toEqual(
      [
        "_type=Observation",
        "_id=glucose-1",
        "_path=north",
        "_path=cardiology",
        "_path=ada",
        "category=laboratory",
        "code=2345-7",
        "code=http://loinc.org|",
        "code:text=gluc",
        "encounter=e1",
        "encounter:missing=false",
        "status=final",
        "subject=patient",
        "value-quantity:missing=false",
      ]
        .map(at)
        .toSorted(),
    );
    expect(ranges(index)).toEqual([
      { kind: "ordered", attribute: at("date/low"), bits: 16, code: 42_041 },
      { kind: "ordered", attribute: at("value-quantity/number"), bits: 16, code: 50_817 },
      {
        kind: "ordered",
        attribute: at("value-quantity/code"),
        bits: 36,
        composite: { text: "2345-7", value: 193, high: 16, low: 20 },
      },
      {
        kind: "ordered",
        attribute: at("value-quantity/unit"),
        bits: 36,
        composite: { text: "m-3 g1", value: 826_881, high: 16, low: 20 },
      },
    ]);
  });

  it("are sealed with the same codes where a policy keeps no order", () => {
    const kinds = (index: DerivedIndex): ReadonlySet<string> =>
      new Set(ranges(index).map(({ kind }) => kind));
    expect(kinds(derived(GLUCOSE))).toEqual(new Set(["ordered"]));
    expect(kinds(derived(GLUCOSE, SEALED_ONLY))).toEqual(new Set(["sealed"]));
    const hiv = { ...GLUCOSE, code: coded("20447-9") };
    expect(derived(hiv)).toMatchObject({ category: "sexual-health", sensitive: true });
    expect(kinds(derived(hiv))).toEqual(new Set(["sealed"]));
    const codes = (index: DerivedIndex): readonly object[] =>
      ranges(index).map((entry) => ({ ...entry, kind: "either" }));
    expect(codes(derived(GLUCOSE, SEALED_ONLY))).toEqual(codes(derived(GLUCOSE)));
  });

  it("do not repeat", () => {
    const twice = { valueQuantity: GLUCOSE.valueQuantity, code: GLUCOSE.code };
    const component = [twice, twice, { ...twice, valueQuantity: { value: 97 } }];
    const index = derived({
      ...GLUCOSE,
      component,
      performer: [{ reference: "Patient/a" }, { reference: "Patient/a" }],
    });
    const all = index.entries.map((entry) => JSON.stringify(entry));
    expect(new Set(all).size).toBe(all.length);
  });

  it("mark values that a closed range may miss", () => {
    const open = { ...GLUCOSE, valueQuantity: { value: 600, comparator: ">" } };
    expect(tags(derived(open)).filter((tag) => tag.includes(":range"))).toEqual([
      "laboratory/Observation/value-quantity:range=2345-7",
      "laboratory/Observation/value-quantity:range=*",
    ]);
    expect(tags(derived(GLUCOSE)).some((tag) => tag.includes(":range"))).toBe(false);
  });

  it("of more targets than are listed are one", () => {
    const target = Array.from({ length: 300 }, (_, at) => ({ reference: `Observation/o${at}` }));
    const index = derived({ resourceType: "Provenance", target });
    expect(tags(index)).toContain("administrative/Provenance/target=*");
    expect(tags(index).length).toBeLessThan(20);
  });
});

describe("remarks", () => {
  const remarksOf = (valueQuantity: object, code = "8480-6"): readonly string[] =>
    derived({ ...GLUCOSE, code: coded(code), valueQuantity }).remarks.map(({ kind }) => kind);

  it("name units that are not what they should be, and keep the record", () => {
    expect(remarksOf({ value: 120, system: UCUM, code: "mm[Hg]" })).toEqual([]);
    expect(remarksOf({ value: 120, system: UCUM, code: "mmHg" })).toEqual(["unit-alias"]);
    expect(remarksOf({ value: 120, system: UCUM, code: "furlongs" })).toContain("unknown-unit");
    expect(remarksOf({ value: 120, system: UCUM, code: "kg" })).toEqual(["wrong-unit"]);
    expect(remarksOf({ value: 16, system: UCUM, code: "kPa" })).toEqual([]);
    expect(remarksOf({ value: 120, system: "urn:own", code: "mm" })).toEqual([]);
    expect(remarksOf({ value: 5.4, system: UCUM, code: "mmol/L" }, "2345-7")).toEqual([]);
    expect(remarksOf({ value: 120 })).toEqual([]);
  });
});

describe("categories", () => {
  const rows: readonly (readonly [what: string, resource: object, category: Category])[] = [
    ["a vital sign by its category", { category: category("vital-signs") }, "vitals"],
    ["a vital sign by its code", { code: coded("8480-6") }, "vitals"],
    ["anything else without a category", { code: coded("1-8") }, "laboratory"],
    ["an imaging observation", { category: category("imaging") }, "imaging"],
    ["a procedure's observation", { category: category("procedure") }, "procedures"],
    ["a social history", { category: category("social-history") }, "conditions"],
    [
      "tobacco, which every chart asks for",
      { category: category("survey"), code: coded("72166-2") },
      "conditions",
    ],
    ["a PHQ-9", { category: category("survey"), code: coded("44261-6") }, "mental-health"],
    ["a sensitive answer", { valueCodeableConcept: coded("66590003", SNOMED) }, "substance-use"],
    ["a sensitive component", { component: [{ code: coded("55277-8") }] }, "sexual-health"],
    ["a local code by its words", { code: { text: "HIV-1 viral load" } }, "sexual-health"],
    ["a gene", { code: coded("21636-6") }, "genetics"],
    [
      "a label",
      {
        meta: {
          security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "ETH" }],
        },
      },
      "substance-use",
    ],
    [
      "a restricted record without a subject",
      {
        meta: {
          security: [
            { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "R" },
          ],
        },
      },
      "mental-health",
    ],
    [
      "two subjects",
      { code: { text: "Alcohol" }, valueCodeableConcept: { text: "Depression" } },
      "mental-health",
    ],
  ];
  it.each(rows)("Observation: %s", (_, resource, expected) => {
    expect(derived({ resourceType: "Observation", ...resource }).category).toBe(expected);
  });

  const ICD = "http://hl7.org/fhir/sid/icd-10-cm";
  const others: readonly (readonly [type: string, resource: object, category: Category])[] = [
    ["Condition", { code: coded("I10", ICD) }, "conditions"],
    ["Condition", { code: coded("F32.9", ICD) }, "mental-health"],
    ["Condition", { code: coded("f10.20", ICD) }, "substance-use"],
    ["Condition", { code: coded("O80", ICD) }, "sexual-health"],
    ["Condition", { code: coded("Q90.9", ICD) }, "genetics"],
    ["Encounter", { reasonCode: [{ text: "Domestic violence" }] }, "mental-health"],
    [
      "MedicationRequest",
      { medicationCodeableConcept: coded("N05AH04", "http://www.whocc.no/atc") },
      "mental-health",
    ],
    [
      "MedicationRequest",
      { medicationCodeableConcept: { text: "Lisinopril 10 MG" } },
      "medications",
    ],
    ["DiagnosticReport", { category: category("LAB") }, "laboratory"],
    ["DiagnosticReport", { category: category("RAD") }, "imaging"],
    ["DiagnosticReport", { category: category("LP29708-2") }, "procedures"],
    ["DiagnosticReport", { category: category("other") }, "documents"],
    ["DiagnosticReport", {}, "laboratory"],
    ["DocumentReference", { content: [{ attachment: { contentType: "image/png" } }] }, "imaging"],
    [
      "DocumentReference",
      { content: [{ attachment: { contentType: "text/plain" } }] },
      "documents",
    ],
    ["Media", { modality: coded("DX") }, "imaging"],
    ["QuestionnaireResponse", { item: [{ linkId: "/44250-9" }] }, "mental-health"],
    ["MolecularSequence", {}, "genetics"],
    ["Claim", {}, "administrative"],
    ["Measure", {}, "administrative"],
  ];
  it.each(others)("%s %j is %s", (type, resource, expected) => {
    const index = derived({ resourceType: type, ...resource });
    expect(index.category).toBe(expected);
    // A search asks the categories of the type: one that is not among them is never found.
    expect(resourceTypeOf(type)?.categories).toContain(expected);
    expect(CATEGORIES).toContain(expected);
  });
});

describe("refusals", () => {
  const rows: readonly (readonly [what: string, resource: unknown, error: DeriveError])[] = [
    ["null", null, { kind: "not-an-object" }],
    ["a list", [GLUCOSE], { kind: "not-an-object" }],
    ["a text", "Observation", { kind: "not-an-object" }],
    ["no type", { id: "a" }, { kind: "missing-type" }],
    ["a numeric type", { resourceType: 7, id: "a" }, { kind: "missing-type" }],
    ["an unknown type", { resourceType: "Horse", id: "a" }, { kind: "unknown-type" }],
    ["a type of every object", { resourceType: "constructor", id: "a" }, { kind: "unknown-type" }],
    ["no id", { resourceType: "Patient" }, { kind: "bad-id" }],
    ["a bad id", { resourceType: "Patient", id: "a b" }, { kind: "bad-id" }],
    ["a long id", { resourceType: "Patient", id: "a".repeat(65) }, { kind: "bad-id" }],
    [
      "a bad date",
      { ...GLUCOSE, effectiveDateTime: "yesterday" },
      { kind: "bad-date", path: "effectiveDateTime" },
    ],
    [
      "a numeric date",
      { ...GLUCOSE, effectiveDateTime: 2015 },
      { kind: "bad-shape", path: "effectiveDateTime" },
    ],
    [
      "a period that ends before it begins",
      { ...GLUCOSE, effectivePeriod: { start: "2015", end: "2014" } },
      { kind: "bad-period", path: "effectivePeriod" },
    ],
    [
      "a bad end",
      { ...GLUCOSE, effectivePeriod: { end: "2014-13" } },
      { kind: "bad-date", path: "effectivePeriod" },
    ],
    [
      "a value in words",
      { ...GLUCOSE, valueQuantity: { value: "96" } },
      { kind: "not-a-number", path: "valueQuantity" },
    ],
    [
      "an infinite value",
      { ...GLUCOSE, valueQuantity: { value: Number.POSITIVE_INFINITY } },
      { kind: "not-a-number", path: "valueQuantity" },
    ],
    [
      "another comparator",
      { ...GLUCOSE, valueQuantity: { value: 1, comparator: "~" } },
      { kind: "bad-comparator", path: "valueQuantity" },
    ],
    [
      "a quantity that is a number",
      { ...GLUCOSE, component: [{ valueQuantity: 5 }] },
      { kind: "bad-shape", path: "component.valueQuantity" },
    ],
    ["a numeric code", { ...GLUCOSE, code: 5 }, { kind: "bad-shape", path: "code" }],
    ["a numeric reference", { ...GLUCOSE, subject: 5 }, { kind: "bad-shape", path: "subject" }],
    [
      "a numeric name",
      { resourceType: "Organization", id: "a", name: 5 },
      { kind: "bad-shape", path: "name" },
    ],
    [
      "a numeric profile",
      { ...GLUCOSE, meta: { profile: [5] } },
      { kind: "bad-shape", path: "meta.profile" },
    ],
    [
      "more names than a tag list holds",
      {
        resourceType: "Patient",
        id: "a",
        identifier: Array.from({ length: 1100 }, (_, at) => ({ value: `v${at}` })),
      },
      { kind: "too-many-values", path: "identifier" },
    ],
    [
      "more components than columns hold",
      {
        ...GLUCOSE,
        component: Array.from({ length: 300 }, (_, value) => ({ valueQuantity: { value } })),
      },
      { kind: "too-many-values", path: "component.valueQuantity" },
    ],
  ];
  it.each(rows)("%s", (_, resource, error) => {
    expect(deriveIndex(resource, context)).toEqual({ ok: false, error });
  });

  it("has a union that a switch can exhaust", () => {
    const explain = (error: DeriveError): string => {
      switch (error.kind) {
        case "not-an-object":
        case "missing-type":
        case "unknown-type":
        case "bad-id":
          return "";
        case "bad-date":
        case "bad-period":
        case "not-a-number":
        case "bad-comparator":
        case "bad-shape":
        case "too-many-values":
          return error.path;
      }
    };
    expect(explain({ kind: "bad-date", path: "p" })).toBe("p");
  });

  it("knows no policy but its own and the ones before", () => {
    expect(policyOf(2, "balanced")).toEqual({ ok: true, value: BALANCED });
    expect(policyOf(2, "sealed-only")).toEqual({ ok: true, value: SEALED_ONLY });
    expect(policyOf(1, "balanced")).toEqual({ ok: true, value: { version: 1, kind: "balanced" } });
    expect(policyOf(3, "balanced")).toMatchObject({ ok: false });
    expect(policyOf(2, "open")).toMatchObject({ ok: false });
  });
});
