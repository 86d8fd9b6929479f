import { loinc, type RuleResource } from "./rule-case.ts";

const to = (reference: string): object => ({ reference });
const patient = (number: number): object => to(`Patient/p${number}`);

const organization = (id: string, why: string, name: string, more = {}): RuleResource => ({
  why,
  resource: { resourceType: "Organization", id, name, ...more },
});
const observation = (id: string, why: string, more: object): RuleResource => ({
  why,
  resource: { resourceType: "Observation", id, status: "final", ...more },
});

/** A small hospital: who is treated where, by whom, and what came of it. */
export const COMPOSED: readonly RuleResource[] = [
  organization("m-group", "what another belongs to", "Acme Group"),
  organization("m-acme", "where the first patient is treated", "Acme Hospital", {
    partOf: to("Organization/m-group"),
  }),
  organization("m-clinic", "where the second is", "Small Clinic"),
  {
    why: "a practitioner",
    resource: { resourceType: "Practitioner", id: "m-strange", name: [{ family: "Strange" }] },
  },
  {
    why: "another",
    resource: { resourceType: "Practitioner", id: "m-house", name: [{ family: "House" }] },
  },
  {
    why: "a patient with all that a chain can follow",
    resource: {
      resourceType: "Patient",
      id: "p1",
      name: [{ family: "Peters", given: ["Anna"] }],
      gender: "female",
      birthDate: "1970-01-01",
      identifier: [{ system: "http://hospital.example/mrn", value: "MRN-1" }],
      managingOrganization: to("Organization/m-acme"),
      generalPractitioner: [to("Practitioner/m-strange")],
    },
  },
  {
    why: "another, elsewhere",
    resource: {
      resourceType: "Patient",
      id: "p2",
      name: [{ family: "Smith", given: ["Bo"] }],
      gender: "male",
      birthDate: "1990-02-02",
      managingOrganization: to("Organization/m-clinic"),
      generalPractitioner: [to("Practitioner/m-house")],
    },
  },
  {
    why: "a patient of no organisation, and of two practitioners",
    resource: {
      resourceType: "Patient",
      id: "p3",
      name: [{ family: "Peterson" }],
      generalPractitioner: [to("Practitioner/m-strange"), to("Practitioner/m-house")],
    },
  },
  {
    why: "a visit",
    resource: {
      resourceType: "Encounter",
      id: "m-visit",
      status: "finished",
      class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "IMP" },
      subject: patient(1),
      serviceProvider: to("Organization/m-acme"),
      participant: [{ individual: to("Practitioner/m-strange") }],
    },
  },
  observation("m-glucose1", "of the first patient, in a visit", {
    code: loinc("15074-8"),
    subject: patient(1),
    encounter: to("Encounter/m-visit"),
    performer: [to("Practitioner/m-strange")],
    effectiveDateTime: "2020-01-01",
  }),
  observation("m-pulse1", "of the first patient, by an organisation", {
    code: loinc("8893-0"),
    subject: patient(1),
    performer: [to("Organization/m-acme")],
    effectiveDateTime: "2020-02-01",
  }),
  observation("m-glucose2", "of the second patient", {
    code: loinc("15074-8"),
    subject: patient(2),
    performer: [to("Practitioner/m-house")],
    effectiveDateTime: "2020-03-01",
  }),
  observation("m-pulse3", "of the third patient; it points to another observation", {
    code: loinc("8893-0"),
    subject: patient(3),
    performer: [to("Practitioner/m-house"), to("Organization/m-acme")],
    derivedFrom: [to("Observation/m-source3")],
  }),
  observation("m-source3", "what that one was made of", {
    code: loinc("8894-8"),
    subject: patient(3),
    derivedFrom: [to("Observation/m-first3")],
  }),
  observation("m-first3", "and what that was made of", {
    code: loinc("8895-5"),
    subject: patient(3),
  }),
  {
    why: "it holds a result",
    resource: {
      resourceType: "DiagnosticReport",
      id: "m-report",
      status: "final",
      code: loinc("24323-8"),
      subject: patient(1),
      result: [to("Observation/m-glucose1")],
      performer: [to("Organization/m-acme")],
    },
  },
  {
    why: "a medication that is a resource of its own",
    resource: {
      resourceType: "Medication",
      id: "m-drug",
      code: { coding: [{ system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: "860975" }] },
      manufacturer: to("Organization/m-clinic"),
    },
  },
  {
    why: "what prescribes it",
    resource: {
      resourceType: "MedicationRequest",
      id: "m-order",
      status: "active",
      intent: "order",
      medicationReference: to("Medication/m-drug"),
      subject: patient(1),
      requester: to("Practitioner/m-strange"),
    },
  },
  {
    why: "what says where a result is from",
    resource: {
      resourceType: "Provenance",
      id: "m-origin",
      target: [to("Observation/m-glucose1")],
      recorded: "2020-01-02T00:00:00Z",
      agent: [{ who: to("Practitioner/m-strange") }],
    },
  },
];
