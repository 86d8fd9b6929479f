import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CareMap } from "../src/assignment.ts";
import type { Resource } from "../src/population/population.ts";

// Goal: a resource goes to whoever made it, by the written rule, in whatever order things are shown.
// Method: a small set of resources in which each step of the rule decides once; then the shared
// Synthea set against a table of its providers that somebody else counted.

const to = (reference: string): { reference: string } => ({ reference });

const PATIENT = "Patient/p";
const SET: readonly Resource[] = [
  { resourceType: "Organization", id: "north" },
  { resourceType: "Organization", id: "south", identifier: [{ system: "urn:npi", value: "7" }] },
  { resourceType: "Organization", id: "cardiology", partOf: to("Organization/north") },
  { resourceType: "Practitioner", id: "ada", identifier: [{ system: "urn:npi", value: "1" }] },
  {
    resourceType: "PractitionerRole",
    id: "ada-south",
    practitioner: to("Practitioner/ada"),
    organization: to("Organization/south"),
  },
  { resourceType: "Location", id: "ward", managingOrganization: to("Organization/north") },
  {
    resourceType: "Encounter",
    id: "early",
    subject: to(PATIENT),
    period: { start: "2020-01-01T08:00:00Z", end: "2020-01-01T09:00:00Z" },
    serviceProvider: to("Organization/cardiology"),
    participant: [{ individual: to("Practitioner/bo") }],
  },
  {
    resourceType: "Encounter",
    id: "late",
    subject: to(PATIENT),
    period: { start: "2020-06-01", end: "2020-06-03" },
    serviceProvider: to("Organization?identifier=urn:npi|7"),
  },
  {
    resourceType: "Encounter",
    id: "placed",
    subject: to(PATIENT),
    period: { start: "2021-01-01" },
    location: [{ location: to("Location/ward") }],
  },
];

function shown(resources: readonly Resource[]): CareMap {
  const map = new CareMap();
  for (const resource of resources) map.add(resource);
  return map;
}

const record = (elements: object): Resource => ({
  resourceType: "Observation",
  id: "o",
  subject: to(PATIENT),
  ...elements,
});

const own = { organisation: undefined, department: undefined, physician: undefined };
const south = { organisation: "Organization/south", department: undefined };
const north = { organisation: "Organization/north" };

const CASES: readonly (readonly [string, Resource, object])[] = [
  [
    "its encounter's service provider, under the provider's top, with who was there",
    record({ encounter: to("Encounter/early") }),
    {
      ...north,
      department: "Organization/cardiology",
      physician: "Practitioner/bo",
      assigned: "stated",
    },
  ],
  [
    "its encounter's provider even if its author works elsewhere",
    record({ encounter: to("Encounter/early"), performer: [to("Practitioner/ada")] }),
    { ...north, physician: "Practitioner/ada", assigned: "stated" },
  ],
  [
    "a provider that is named by an identifier",
    record({ encounter: to("Encounter/late") }),
    { ...south, assigned: "stated" },
  ],
  [
    "the owner of the place of its encounter",
    record({ encounter: to("Encounter/placed") }),
    { ...north, assigned: "stated" },
  ],
  [
    "the organisation that performed it",
    record({ performer: [to("Organization/south")] }),
    { ...south, assigned: "stated" },
  ],
  [
    "the employer of its performer",
    record({ performer: [to("Practitioner/ada")] }),
    { ...south, physician: "Practitioner/ada", assigned: "stated" },
  ],
  [
    "the employer in the role of its performer",
    record({ performer: [{ actor: to("PractitionerRole/ada-south") }] }),
    { ...south, physician: "Practitioner/ada", assigned: "stated" },
  ],
  [
    "the custodian of a document",
    record({ custodian: { display: "A clinic", identifier: { system: "urn:npi", value: "7" } } }),
    { ...south, assigned: "stated" },
  ],
  [
    "the encounter of a document's context",
    record({ context: { encounter: [to("Encounter/late")] } }),
    { ...south, assigned: "stated" },
  ],
  [
    "the encounter nearest in time",
    record({ effectiveDateTime: "2020-05-01" }),
    { ...south, physician: undefined, assigned: "inferred" },
  ],
  [
    "an encounter that it fell into",
    record({ effectiveDateTime: "2020-06-02T12:00:00Z" }),
    { ...south, assigned: "inferred" },
  ],
  [
    "an encounter long before, when nothing is nearer",
    record({ effectiveDateTime: "1999" }),
    { ...north, department: "Organization/cardiology", assigned: "inferred" },
  ],
  [
    "the patient, when nothing says when",
    record({ resourceType: "Goal" }),
    { ...own, assigned: "patient" },
  ],
  [
    "the patient, when a date is none",
    record({ effectiveDateTime: "last spring" }),
    { ...own, assigned: "patient" },
  ],
  [
    "the patient, when she measured it herself",
    record({ effectiveDateTime: "2020-05-01", performer: [to(PATIENT)] }),
    { ...own, assigned: "patient" },
  ],
];

describe("a resource belongs to", () => {
  it.each(CASES)("%s", (_, resource, expected) => {
    expect(shown(SET).assign(resource, PATIENT)).toMatchObject(expected);
  });

  it.each(CASES)("%s, shown the other way round", (_, resource, expected) => {
    expect(shown([...SET].reverse()).assign(resource, PATIENT)).toMatchObject(expected);
  });

  it("nobody by another patient's encounters", () => {
    const resource = record({ effectiveDateTime: "2020-05-01", subject: to("Patient/q") });
    expect(shown(SET).assign(resource, "Patient/q")).toMatchObject({ assigned: "patient" });
  });

  it("nobody of several employers", () => {
    const second = {
      resourceType: "PractitionerRole",
      id: "ada-north",
      practitioner: to("Practitioner/ada"),
      organization: to("Organization/north"),
    };
    const resource = record({ performer: [to("Practitioner/ada")] });
    const found = shown([...SET, second]).assign(resource, PATIENT);
    expect(found).toEqual({ ...own, physician: undefined, assigned: "patient" });
  });

  it("the top of a circle of parts, without going round for ever", () => {
    const circle = ["a", "b"].map((id, at, ids) => ({
      resourceType: "Organization",
      id,
      partOf: to(`Organization/${ids[1 - at]}`),
    }));
    const found = shown(circle).assign(record({ performer: [to("Organization/a")] }), PATIENT);
    expect(found).toMatchObject({ organisation: "Organization/b", department: "Organization/a" });
  });
});

it("knows who goes by which names", () => {
  const map = shown(SET);
  expect(map.namesOf("Organization/south")).toEqual([
    "Organization/south",
    "Organization?identifier=urn:npi|7",
  ]);
  expect(map.namesOf("Organization/north")).toEqual(["Organization/north"]);
});

describe("somebody works", () => {
  const seen = (id: string, at: string): Resource => ({
    resourceType: "Encounter",
    id,
    serviceProvider: to(`Organization/${at}`),
    participant: [{ individual: to("Practitioner/bo") }],
  });

  it("where her role says", () => {
    const map = shown([...SET, seen("x", "north")]);
    expect(map.workplaceOf("Practitioner/ada")).toEqual(south);
    expect(map.workplaceOf("Practitioner?identifier=urn:npi|1")).toEqual(south);
  });

  it("where she was seen most, in its department", () => {
    const visits = [seen("x", "south"), seen("y", "cardiology")];
    for (const order of [visits, [...visits].reverse()]) {
      expect(shown([...SET, ...order]).workplaceOf("Practitioner/bo")).toEqual({
        ...north,
        department: "Organization/cardiology",
      });
    }
  });

  it("nowhere that is known", () => {
    expect(shown(SET).workplaceOf("Practitioner/cy")).toBeUndefined();
  });
});

describe("the patient of a resource", () => {
  const map = shown([
    ...SET,
    { resourceType: "Patient", id: "p", identifier: [{ system: "urn:mrn", value: "9" }] },
  ]);

  it.each<readonly [string, Resource]>([
    ["is named by its subject", record({})],
    ["is named on another server", record({ subject: to("https://a.example/fhir/Patient/p") })],
    ["is named by version", record({ subject: to("Patient/p/_history/3") })],
    ["is named by identifier", record({ subject: to("Patient?identifier=urn:mrn|9") })],
    ["has it", { resourceType: "Coverage", id: "c", beneficiary: to(PATIENT) }],
    ["is it", { resourceType: "Patient", id: "p" }],
    [
      "takes part in it",
      { resourceType: "Appointment", id: "a", participant: [{ actor: to(PATIENT) }] },
    ],
  ])("%s", (_, resource) => {
    expect(map.patientOf(resource)).toBe(PATIENT);
  });

  it("is found through what the resource is about", () => {
    const provenance = { resourceType: "Provenance", id: "v", target: [to("Observation/o")] };
    expect(map.patientOf(provenance)).toBeUndefined();
    expect(
      map.patientOf(provenance, (about) => (about === "Observation/o" ? PATIENT : undefined)),
    ).toBe(PATIENT);
  });

  it("is nobody for a group, a place, or nothing at all", () => {
    expect(map.patientOf(record({ subject: to("Group/g") }))).toBeUndefined();
    expect(map.patientOf(record({ subject: undefined }))).toBeUndefined();
    expect(map.patientOf(record({ subject: "Patient/p" }))).toBeUndefined();
  });
});

const SHARED = process.env.SALUS_SHARED ?? join(import.meta.dirname, "../../../../shared");
const SYNTHEA = join(SHARED, "data/fhir/synthea-ma-2019");

describe.skipIf(!existsSync(SYNTHEA))("the shared Synthea set", () => {
  it("has as many resources of each provider as its index says", () => {
    const counted = new Map<string, number>();
    for (const line of gunzip("bundles.ndjson.gz").split("\n").filter(Boolean)) {
      const resources = bundled(JSON.parse(line));
      const map = shown(resources);
      for (const resource of resources) {
        const patient = map.patientOf(resource);
        if (patient === undefined || resource.resourceType === "Patient") continue;
        const { organisation, assigned } = map.assign(resource, patient);
        const stated =
          assigned === "stated" ? organisation?.slice("Organization/".length) : "(none)";
        const key = `${patient.slice("Patient/".length)} ${stated}`;
        counted.set(key, (counted.get(key) ?? 0) + 1);
      }
    }
    expect(counted).toEqual(providerIndex());
  });
});

function gunzip(name: string): string {
  return gunzipSync(readFileSync(join(SYNTHEA, name))).toString("utf8");
}

function bundled(bundle: { entry: { fullUrl: string; resource: Resource }[] }): Resource[] {
  const links = new Map(
    bundle.entry.map(({ fullUrl, resource }) => [
      fullUrl,
      `${resource.resourceType}/${resource.id}`,
    ]),
  );
  return JSON.parse(
    JSON.stringify(bundle.entry.map(({ resource }) => resource)).replace(
      /"reference":"(urn:uuid:[^"]+)"/g,
      (whole, urn) => (links.has(urn) ? `"reference":"${links.get(urn)}"` : whole),
    ),
  );
}

function providerIndex(): Map<string, number> {
  const rows = readFileSync(join(SYNTHEA, "provider_index.csv"), "utf8").trim().split("\n");
  const columns = (rows[0] ?? "").split(",");
  // A name may hold commas: count columns from the end.
  const fromEnd = columns.length - columns.indexOf("resources");
  return new Map(
    rows.slice(1).map((row) => {
      const cells = row.split(",");
      return [`${cells[0]} ${cells[1]}`, Number(cells[cells.length - fromEnd])];
    }),
  );
}
