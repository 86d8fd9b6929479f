/** A resource, as far as a script looks at it. */
export interface Json {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}

/** What any client of FHIR can do, whatever it calls it. */
export interface ScriptedClient {
  readonly name: string;
  create(resource: Json): Promise<Json>;
  read(type: string, id: string): Promise<Json>;
  update(resource: Json): Promise<Json>;
  patch(type: string, id: string, operations: readonly Operation[]): Promise<Json>;
  remove(type: string, id: string): Promise<void>;
  /** A Bundle. */
  search(type: string, parameters: Readonly<Record<string, string>>): Promise<Json>;
  /** Resources of all pages, one page after the other, by whatever the client does to get them. */
  pages(type: string, parameters: Readonly<Record<string, string>>): Promise<readonly Json[][]>;
  transaction(bundle: Json): Promise<Json>;
  history(type: string, id: string): Promise<Json>;
  everything(patient: string): Promise<Json>;
  summary(patient: string): Promise<Json>;
}

export interface Operation {
  readonly op: "replace" | "add" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

/** What the script has seen, for the test to judge. */
export interface Seen {
  readonly created: Json;
  readonly read: Json;
  readonly updated: Json;
  readonly patched: Json;
  readonly found: Json;
  readonly pages: readonly Json[][];
  readonly transaction: Json;
  readonly history: Json;
  readonly everything: Json;
  readonly summary: Json;
  readonly afterDeletion: Json;
}

/** Words and numbers that are found again wherever they are: one set for each client. */
export interface Marks {
  readonly word: string;
  readonly value: number;
  readonly day: string;
}

const PAGES_OF = 3;
const READINGS = 8;

/** What people do through a client: write a patient's record, ask for it in every way, change and delete. */
export async function play(client: ScriptedClient, marks: Marks): Promise<Seen> {
  const { word, value } = marks;
  const patient = await client.create(patientOf(marks));
  const of = String(patient.id);
  const created = await client.create(readingOf(marks, of, value));
  const id = String(created.id);
  const read = await client.read("Observation", id);
  const updated = await client.update({ ...read, status: "amended" });
  const replace: Operation = { op: "replace", path: "/valueQuantity/value", value: value + 1 };
  const patched = await client.patch("Observation", id, [replace]);
  const transaction = await client.transaction(transactionOf(marks, of));
  const found = await client.search("Observation", {
    patient: of,
    code: "8480-6",
    "value-quantity": `gt${value}`,
    _sort: "-date",
  });
  await client.search("Patient", { family: word });
  await client.search("Observation", { "code:text": `${word}-pressure`, date: marks.day });
  const pages = await client.pages("Observation", { patient: of, _count: String(PAGES_OF) });
  const history = await client.history("Observation", id);
  const everything = await client.everything(of);
  const summary = await client.summary(of);
  await client.remove("Observation", id);
  const afterDeletion = await client.search("Observation", { _id: id });
  return {
    ...{ created, read, updated, patched, found, pages, transaction, history },
    ...{ everything, summary, afterDeletion },
  };
}

/** Readings that the script has stored when it counts pages: one by itself, the rest in a transaction. */
export const STORED: number = READINGS + 1;
export const PAGE: number = PAGES_OF;

function patientOf({ word, day }: Marks): Json {
  return {
    resourceType: "Patient",
    name: [{ family: word, given: [`${word}-given`] }],
    identifier: [{ system: `http://${word}.example.org`, value: `${word}-number` }],
    birthDate: day,
    gender: "female",
  };
}

function readingOf({ word, day }: Marks, patient: string, value: number): Json {
  return {
    resourceType: "Observation",
    status: "final",
    category: [{ coding: [{ system: VITAL, code: "vital-signs" }] }],
    code: { coding: [{ system: "http://loinc.org", code: "8480-6" }], text: `${word}-pressure` },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: `${day}T10:11:12Z`,
    valueQuantity: { value, unit: "mm[Hg]", system: UCUM, code: "mm[Hg]" },
    note: [{ text: `${word}-note` }],
  };
}

/** A visit, what was measured during it, and by whom: they name each other before any of them has a name. */
function transactionOf(marks: Marks, patient: string): Json {
  const { word, value } = marks;
  const visit = {
    resourceType: "Encounter",
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
    subject: { reference: `Patient/${patient}` },
    reasonCode: [{ text: `${word}-reason` }],
  };
  const problem = {
    resourceType: "Condition",
    code: { text: `${word}-problem` },
    subject: { reference: `Patient/${patient}` },
    clinicalStatus: { coding: [{ system: CLINICAL, code: "active" }] },
  };
  const readings = Array.from({ length: READINGS }, (_, at) => ({
    ...readingOf(marks, patient, value + 2 + at),
    encounter: { reference: VISIT },
  }));
  const post = (resource: Json, fullUrl?: string): object => ({
    ...(fullUrl !== undefined && { fullUrl }),
    resource,
    request: { method: "POST", url: resource.resourceType },
  });
  const entry = [post(visit, VISIT), post(problem), ...readings.map((each) => post(each))];
  return { resourceType: "Bundle", type: "transaction", entry };
}

const UCUM = "http://unitsofmeasure.org";
const VITAL = "http://terminology.hl7.org/CodeSystem/observation-category";
const CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VISIT = "urn:uuid:1b0ce2a4-6c5d-4d2f-9f61-8f5f2b7a4c11";
