import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { population } from "@salus/health";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFailure } from "../src/outcome.ts";
import { validate } from "../src/validation/index.ts";

// Goal: what breaks a rule of R4 is refused, and says which element it is; what hospitals write is taken; and whatever
// is sent, an answer comes.
// Method: a sound resource with one fault each; the records of our own population and of the shared data; hostile
// input, and random input in the places of elements.

type Json = Readonly<Record<string, unknown>>;

const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
const CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition";

const observation: Json = {
  resourceType: "Observation",
  id: "o1",
  status: "final",
  category: [{ coding: [{ system: CATEGORY, code: "vital-signs" }] }],
  code: { coding: [{ system: "http://loinc.org", code: "8480-6" }], text: "Systolic" },
  subject: { reference: "Patient/p1" },
  effectiveDateTime: "2024-02-29T12:00:00+01:00",
  valueQuantity: { value: 120, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" },
};
const patient: Json = {
  resourceType: "Patient",
  id: "p1",
  name: [{ family: "Ada", given: ["B"] }],
  gender: "female",
  birthDate: "1980-05",
};
const condition: Json = {
  resourceType: "Condition",
  subject: { reference: "Patient/p1" },
  code: { text: "a cold" },
};

const errorsOf = async (resource: unknown, profiles: readonly string[] = []): Promise<string[]> =>
  (await validate(resource, profiles)).flatMap(({ severity, code, expression }) =>
    severity === "error" ? [`${code} ${expression?.[0]}`] : [],
  );

describe("what is sound", () => {
  it.each([
    ["an observation", observation],
    ["a patient", patient],
    ["a code that nobody here knows", { ...observation, code: { coding: [{ code: "own-17" }] } }],
    ["a wrong display", { ...observation, code: { coding: [{ code: "1", display: "?" }] } }],
    [
      "a unit in a hospital's own words",
      { ...observation, valueQuantity: { value: 1, unit: "Stk." } },
    ],
    ["an unknown extension", { ...patient, extension: [{ url: "urn:x", valueString: "y" }] }],
    [
      "an extension of a primitive",
      {
        ...patient,
        birthDate: undefined,
        _birthDate: { extension: [{ url: "urn:x", valueCode: "a" }] },
      },
    ],
    [
      "a hole in a list of primitives",
      {
        ...patient,
        name: [
          { given: ["A", null], _given: [null, { extension: [{ url: "urn:x", valueCode: "a" }] }] },
        ],
      },
    ],
    [
      "a reference to elsewhere",
      { ...observation, subject: { reference: "https://a.example/x/1" } },
    ],
    ["base64 with line breaks", { resourceType: "Binary", contentType: "a/b", data: "QUJD\nREVG" }],
    [
      "a contained resource",
      { ...condition, contained: [{ ...patient, id: "c" }], recorder: { reference: "#c" } },
    ],
  ])("%s is taken", async (_, resource) => {
    const written = JSON.parse(JSON.stringify(resource));
    expect(await errorsOf(written)).toEqual([]);
    expect(written).toEqual(JSON.parse(JSON.stringify(resource)));
  });

  it("is every record of the population that the project makes", async () => {
    const { patients } = population({ patients: 2, hospitals: 2, seed: 5 });
    const all = [...patients].flatMap((one) => [
      one.patient,
      ...[...one.records].map((r) => r.resource),
    ]);
    expect(all.length).toBeGreaterThan(100);
    for (const resource of all) expect(await errorsOf(resource), resource.resourceType).toEqual([]);
  });

  it.each([
    [
      "a state in the hospital's own code",
      { text: "active", coding: [{ system: "urn:x", code: "A" }] },
    ],
    ["a state in words", { text: "active" }],
  ])("is %s, with a warning", async (_, clinicalStatus) => {
    const issues = await validate({ ...condition, clinicalStatus });
    expect(issues).toMatchObject([
      { severity: "warning", code: "code-invalid", expression: ["Condition.clinicalStatus"] },
    ]);
  });

  it("is a reference to another type than R4 has there, with a warning", async () => {
    const issues = await validate({ ...observation, subject: { reference: "Claim/1" } });
    expect(issues).toMatchObject([
      { severity: "warning", expression: ["Observation.subject.reference"] },
    ]);
  });
});

describe("what is refused, and where", () => {
  it.each<[string, Json, string]>([
    ["no status", { ...observation, status: undefined }, "required Observation.status"],
    [
      "a status that is none",
      { ...observation, status: "done" },
      "code-invalid Observation.status",
    ],
    ["a gender that is none", { ...patient, gender: "f" }, "code-invalid Patient.gender"],
    [
      "a code that its own system has not",
      { ...condition, clinicalStatus: { coding: [{ system: CLINICAL, code: "aktiv" }] } },
      "code-invalid Condition.clinicalStatus",
    ],
    ["an unknown element", { ...patient, nickname: "x" }, "structure Patient.nickname"],
    ["an element of every object", { ...patient, toString: "x" }, "structure Patient"],
    ["a value for a list", { ...patient, name: { family: "x" } }, "structure Patient.name"],
    ["a list for a value", { ...patient, gender: ["female"] }, "structure Patient.gender"],
    [
      "a text for an object",
      { ...observation, subject: "Patient/p1" },
      "structure Observation.subject",
    ],
    [
      "an object for a primitive",
      { ...patient, gender: { extension: [] } },
      "structure Patient.gender.extension",
    ],
    [
      "a number for a text",
      { ...patient, name: [{ family: 7 }] },
      "structure Patient.name[0].family",
    ],
    [
      "a text for a number",
      { ...observation, valueQuantity: { value: "1" } },
      "structure Observation.value.value",
    ],
    [
      "two types of one choice",
      { ...observation, valueString: "x" },
      "structure Observation.value",
    ],
    ["an empty list", { ...patient, name: [] }, "structure Patient.name"],
    ["an empty object", { ...patient, name: [{}] }, "structure Patient.name[0]"],
    ["an empty text", { ...patient, name: [{ family: "" }] }, "structure Patient.name[0].family"],
    ["a null", { ...patient, gender: null }, "structure Patient.gender"],
    ["a day that no month has", { ...patient, birthDate: "1981-02-29" }, "value Patient.birthDate"],
    ["a date with words", { ...patient, birthDate: "May 1980" }, "value Patient.birthDate"],
    [
      "a time without an offset",
      { ...observation, effectiveDateTime: "2024-01-01T12:00:00" },
      "value Observation.effective",
    ],
    ["an id with a slash", { ...patient, id: "a/b" }, "value Patient.id"],
    [
      "an underscore beside an object",
      { ...patient, _name: [{ id: "a" }] },
      "structure Patient.name",
    ],
    [
      "what is not base64",
      { resourceType: "Binary", contentType: "a/b", data: "QUJ" },
      "value Binary.data",
    ],
    ["an invariant", { ...patient, contact: [{ gender: "male" }] }, "invariant Patient.contact[0]"],
    [
      "a fault in a contained resource",
      { ...condition, contained: [{ ...patient, gender: "f" }] },
      "code-invalid Condition.contained[0].gender",
    ],
    ["a type that R4 has not", { resourceType: "Horoscope" }, "structure Horoscope.resourceType"],
    [
      "a type that holds everything",
      { resourceType: "DomainResource" },
      "structure DomainResource.resourceType",
    ],
    ["no type", { id: "x" }, "structure resourceType"],
  ])("%s", async (_, resource, expected) => {
    const received = JSON.parse(JSON.stringify(resource));
    expect(await errorsOf(received)).toContain(expected);
  });

  it("says all of them at once: of form, of R4 and of a profile", async () => {
    const issues = await errorsOf({
      ...{ resourceType: "Patient", id: "a_b", frob: 1, birthDate: 1970, gender: "purple" },
      ...{ name: [{}], telecom: [{ value: "" }], communication: [{ preferred: true }] },
      meta: { profile: [`${US_CORE}/us-core-patient`] },
    });
    expect(issues.sort()).toEqual([
      "code-invalid Patient.gender",
      "invariant Patient",
      "required Patient.communication[0].language",
      "required Patient.identifier",
      "required Patient.telecom[0].system",
      "structure Patient.birthDate",
      "structure Patient.frob",
      "structure Patient.name[0]",
      "structure Patient.telecom[0].value",
      "value Patient.id",
    ]);
  });

  it("says no value of the record", async () => {
    const issues = await validate({
      ...patient,
      gender: "SECRET",
      birthDate: "SECRET",
      name: "SECRET",
    });
    expect(JSON.stringify(issues)).not.toContain("SECRET");
  });
});

describe("profiles", () => {
  const bare = { ...patient, gender: undefined };
  const smoking = `${US_CORE}/us-core-smokingstatus`;

  it("that a resource claims are held against it", async () => {
    const claim = { ...bare, meta: { profile: [`${US_CORE}/us-core-patient`] } };
    const issues = await errorsOf(JSON.parse(JSON.stringify(claim)));
    expect(issues).toEqual(
      expect.arrayContaining(["required Patient.gender", "required Patient.identifier"]),
    );
  });

  it("of another version than is known here make warnings", async () => {
    const claim = { ...bare, meta: { profile: [`${US_CORE}/us-core-patient|9.0.0`] } };
    const issues = await validate(JSON.parse(JSON.stringify(claim)));
    expect(isFailure(issues)).toBe(false);
    expect(issues).toContainEqual(
      expect.objectContaining({ severity: "warning", code: "required" }),
    );
  });

  it("that are asked for are held against it as well", async () => {
    expect(await errorsOf(observation)).toEqual([]);
    expect(await errorsOf(observation, [smoking])).not.toEqual([]);
  });

  it.each([
    ["claimed, and not known here", { ...patient, meta: { profile: ["urn:x"] } }, [], false],
    ["asked for, and not known here", patient, ["urn:x"], true],
    ["of another type", patient, [smoking], true],
    ["R4 itself", patient, ["http://hl7.org/fhir/StructureDefinition/Patient"], false],
  ])("%s", async (_, resource, asked, refused) => {
    expect(isFailure(await validate(resource, asked))).toBe(refused);
  });
});

describe("whatever is sent", () => {
  const nested = (depth: number): Json => {
    let item: Json = { linkId: "x", type: "display" };
    for (let i = 0; i < depth; i += 1) item = { linkId: "x", type: "group", item: [item] };
    return { resourceType: "Questionnaire", status: "active", item: [item] };
  };
  const many = (count: number): Json => {
    return { ...patient, name: Array.from({ length: count }, () => ({ family: "x" })) };
  };

  it.each<[string, unknown]>([
    ["null", null],
    ["a text", "Patient"],
    ["a list", [patient]],
    ["deep nesting", nested(5000)],
    ["a list in a list in a list", { ...patient, name: [[[patient]]] }],
    ["a million values", many(500_000)],
    ["a name with a megabyte", { ...patient, ["x".repeat(1_000_000)]: 1 }],
    ["a text of two megabytes", { ...patient, name: [{ family: "x".repeat(2_000_000) }] }],
    ["a type of no letters", { resourceType: "constructor" }],
    ["a type of every object", { resourceType: "toString" }],
    [
      "prototype words",
      JSON.parse('{"resourceType":"Patient","__proto__":{"id":"x"},"constructor":1}'),
    ],
    ["a type that is an object", { resourceType: { toString: "Patient" } }],
    [
      "a thousand claims",
      { ...patient, meta: { profile: Array.from({ length: 21_000 }, (_, i) => `urn:${i}`) } },
    ],
  ])("%s is refused, and answered", async (_, resource) => {
    expect(isFailure(await validate(resource))).toBe(true);
  });

  it("has an answer of bounded size", async () => {
    const issues = await validate({ ...patient, name: many(1000).name, link: Array(900).fill({}) });
    expect(issues.length).toBeLessThanOrEqual(100);
  });

  it("is answered, whatever stands in the places of elements", async () => {
    const keys = [
      "name",
      "gender",
      "birthDate",
      "contained",
      "extension",
      "meta",
      "text",
      "_gender",
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        fc.jsonValue({ maxDepth: 4 }),
        async (key, value) => {
          expect(Array.isArray(await validate({ ...patient, [key]: value }))).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

const FHIR = join(
  process.env.SALUS_SHARED ?? join(import.meta.dirname, "../../../../shared"),
  "data/fhir",
);
const SHARED = existsSync(FHIR);

function shared(file: string): readonly Json[] {
  const text = gunzipSync(readFileSync(join(FHIR, `${file}.ndjson.gz`))).toString("utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json);
}

describe.runIf(SHARED)("the shared data", () => {
  it("of Synthea is taken whole", async () => {
    const bundles = shared("synthea-ma-2019/bundles").filter((_, at) => at % 30 === 0);
    const all = bundles.flatMap(({ entry }) => entry as readonly { readonly resource: Json }[]);
    const wrong = [];
    for (const [at, { resource }] of all.entries()) {
      if (at % 3 === 0) wrong.push(...(await errorsOf(resource)));
    }
    expect(all.length).toBeGreaterThan(600);
    expect(wrong).toEqual([]);
  });

  it("of US Core is taken, but for one example whose narrative has no text", async () => {
    const wrong = [];
    for (const resource of shared("us-core-examples/examples")) {
      for (const error of await errorsOf(resource)) wrong.push(`${resource.id}: ${error}`);
    }
    expect(wrong).toEqual(["cbc: required DiagnosticReport.text.div"]);
  });
});

it.runIf(!SHARED)("the shared data is not here, and was not looked at", () => undefined);
