/** A FHIR resource of the tests' own making. */
export type TestResource = { readonly resourceType: string; readonly id: string } & Readonly<
  Record<string, unknown>
>;

/** How many of each there are: departments of each hospital, physicians of each department, … */
export interface Shape {
  readonly patients: number;
  readonly hospitals: number;
  readonly departments: number;
  readonly physicians: number;
  /** Observations that each physician makes of each patient. */
  readonly observations: number;
}

const departmentId = (hospital: number, department: number): string =>
  `h${hospital}-d${department}`;
const physicianId = (hospital: number, department: number, physician: number): string =>
  `h${hospital}-d${department}-p${physician}`;

/** Hospitals, their departments (`partOf`) and the physicians who work there. */
function* providers(shape: Shape): Generator<TestResource> {
  for (let hospital = 0; hospital < shape.hospitals; hospital += 1) {
    yield { resourceType: "Organization", id: `h${hospital}`, name: `Hospital ${hospital}` };
    for (let department = 0; department < shape.departments; department += 1) {
      const id = departmentId(hospital, department);
      const partOf = { reference: `Organization/h${hospital}` };
      yield { resourceType: "Organization", id, name: `Department ${id}`, partOf };
      for (let physician = 0; physician < shape.physicians; physician += 1) {
        const person = physicianId(hospital, department, physician);
        yield { resourceType: "Practitioner", id: person, name: [{ family: `Doctor ${person}` }] };
      }
    }
  }
}

/** What is observed: blood pressure and glucose in turn, a vital sign and a laboratory value. */
const KINDS = [
  { category: "vital-signs", code: "8480-6", text: "Systolic", unit: "mm[Hg]" },
  { category: "laboratory", code: "2339-0", text: "Glucose", unit: "mg/dL" },
] as const;

/**
 * One observation. Values and days run through their ranges in steps that share no factor with the
 * ranges, so that neighbours differ and a range query has something to leave out.
 */
function observation(
  patient: number,
  organisation: string,
  physician: string,
  number: number,
): TestResource {
  const { category, code, text, unit } = KINDS[number % 2 === 0 ? 0 : 1];
  const day = new Date(Date.UTC(2015, 0, 1) + ((number * 37) % 2900) * 86_400_000);
  return {
    resourceType: "Observation",
    id: `o${patient}-${physician}-${number}`,
    status: "final",
    category: [{ coding: [{ system: CATEGORY, code: category }] }],
    code: { coding: [{ system: "http://loinc.org", code }], text },
    subject: { reference: `Patient/p${patient}` },
    effectiveDateTime: day.toISOString(),
    performer: [
      { reference: `Organization/${organisation}` },
      { reference: `Practitioner/${physician}` },
    ],
    valueQuantity: {
      value: 90 + ((number * 53) % 110),
      unit,
      system: "http://unitsofmeasure.org",
      code: unit,
    },
  };
}

const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";

const patientResource = (patient: number): TestResource => ({
  resourceType: "Patient",
  id: `p${patient}`,
  name: [{ family: `Family${patient}`, given: ["Given"] }],
  birthDate: "1970-01-01",
});

/** Everything of a shape: providers first, then patient by patient what was observed of her. */
export function* resources(shape: Shape): Generator<TestResource> {
  yield* providers(shape);
  for (let patient = 0; patient < shape.patients; patient += 1) {
    yield patientResource(patient);
    let number = 0;
    for (const { hospital, department, physician } of leaves(shape)) {
      for (let at = 0; at < shape.observations; at += 1) {
        const organisation = departmentId(hospital, department);
        const person = physicianId(hospital, department, physician);
        yield observation(patient, organisation, person, number);
        number += 1;
      }
    }
  }
}

function* leaves(
  shape: Shape,
): Generator<{ hospital: number; department: number; physician: number }> {
  for (let hospital = 0; hospital < shape.hospitals; hospital += 1) {
    for (let department = 0; department < shape.departments; department += 1) {
      for (let physician = 0; physician < shape.physicians; physician += 1) {
        yield { hospital, department, physician };
      }
    }
  }
}

/** One resource a line. */
export const lines = (all: Iterable<TestResource>): string =>
  `${[...all].map((resource) => JSON.stringify(resource)).join("\n")}\n`;
