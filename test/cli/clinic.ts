// A small, readable set of records: two patients, two hospitals, and everything that decides where
// a record belongs.

import type { TestResource } from "../running/hospitals.ts";

const to = (reference: string): { reference: string } => ({ reference });
const LOINC = "http://loinc.org";
const UCUM = "http://unitsofmeasure.org";
const CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category";

export const PROVIDERS: readonly TestResource[] = [
  { resourceType: "Organization", id: "north", name: "North Hospital" },
  { resourceType: "Organization", id: "south", name: "South Hospital" },
  {
    resourceType: "Organization",
    id: "north-heart",
    name: "Heart Unit",
    partOf: to("Organization/north"),
  },
  { resourceType: "Practitioner", id: "bo", name: [{ given: ["Bo"], family: "Ek" }] },
];

export const PATIENTS: readonly TestResource[] = [
  { resourceType: "Patient", id: "ann", name: [{ given: ["Ann"], family: "Lind" }] },
  { resourceType: "Patient", id: "Carl.2", name: [{ given: ["Carl"], family: "Berg" }] },
];

const VISITS: readonly TestResource[] = [
  {
    resourceType: "Encounter",
    id: "e1",
    status: "finished",
    class: { code: "AMB" },
    subject: to("Patient/ann"),
    period: { start: "2020-03-01T09:00:00Z", end: "2020-03-01T10:00:00Z" },
    serviceProvider: to("Organization/north-heart"),
    participant: [{ individual: to("Practitioner/bo") }],
  },
  {
    resourceType: "Encounter",
    id: "e2",
    status: "finished",
    class: { code: "AMB" },
    subject: to("Patient/Carl.2"),
    period: { start: "2021-03-01T09:00:00Z" },
    serviceProvider: to("Organization/south"),
  },
];

/** A blood pressure of somebody. */
export function pressure(
  id: string,
  patient: string,
  value: number,
  day: string,
  more: object = {},
): TestResource {
  return {
    resourceType: "Observation",
    id,
    status: "final",
    category: [{ coding: [{ system: CATEGORIES, code: "vital-signs" }] }],
    code: { coding: [{ system: LOINC, code: "8480-6" }], text: "Systolic pressure" },
    subject: to(`Patient/${patient}`),
    effectiveDateTime: `${day}T09:30:00Z`,
    valueQuantity: { value, unit: "mmHg", system: UCUM, code: "mm[Hg]" },
    ...more,
  };
}

export const PRESSURES: readonly TestResource[] = [
  pressure("a1", "ann", 151, "2020-03-01", { encounter: to("Encounter/e1") }),
  pressure("a2", "ann", 128, "2020-03-02", { performer: [to("Organization/south")] }),
  pressure("a3", "ann", 144, "2020-03-09"),
  pressure("a4", "ann", 139, "2020-04-01", { performer: [to("Patient/ann")] }),
  pressure("c1", "Carl.2", 160, "2021-03-01", { encounter: to("Encounter/e2") }),
];

const GLUCOSE: TestResource = {
  resourceType: "Observation",
  id: "g1",
  status: "final",
  category: [{ coding: [{ system: CATEGORIES, code: "laboratory" }] }],
  code: { coding: [{ system: LOINC, code: "2339-0" }], text: "Glucose" },
  subject: to("Patient/ann"),
  effectiveDateTime: "2020-03-01T09:45:00Z",
  encounter: to("Encounter/e1"),
  valueQuantity: { value: 5.4, unit: "mmol/L", system: UCUM, code: "mmol/L" },
};

export const CLINIC: readonly TestResource[] = [
  ...PROVIDERS,
  ...PATIENTS,
  ...VISITS,
  ...PRESSURES,
  GLUCOSE,
];

export const ndjson = (resources: readonly object[]): string =>
  resources.map((resource) => `${JSON.stringify(resource)}\n`).join("");

/** A transaction in which everything is referred to by `urn:uuid:`, as exporters write it. */
export function transaction(resources: readonly TestResource[]): object {
  const urn = new Map(
    resources.map(({ resourceType, id }, at) => [
      `${resourceType}/${id}`,
      `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, "0")}`,
    ]),
  );
  const text = JSON.stringify(
    resources.map((resource) => ({
      fullUrl: urn.get(`${resource.resourceType}/${resource.id}`),
      resource,
      request: { method: "POST", url: resource.resourceType },
    })),
  );
  const linked = text.replace(/"reference":"([^"]+)"/g, (whole, reference) =>
    urn.has(reference) ? `"reference":"${urn.get(reference)}"` : whole,
  );
  return { resourceType: "Bundle", type: "transaction", entry: JSON.parse(linked) };
}
