import { codesOf, humanName, type Json, objects, quantityOf, textOf } from "./text.ts";

/** What else a record says, by a name that a catalogue has words for. */
export interface Detail {
  readonly name: DetailName;
  readonly text: string;
}

export type DetailName =
  | "reason"
  | "dose"
  | "severity"
  | "criticality"
  | "verification"
  | "reaction"
  | "site"
  | "lot"
  | "class"
  | "conclusion"
  | "format"
  | "author"
  | "performer"
  | "place"
  | "category"
  | "method"
  | "born"
  | "sex"
  | "note"
  | "message"
  | "results";

type Read = (json: Json) => string;

/** What a record of a type is called, where that is not its code. */
export const TITLES: Readonly<Record<string, Read>> = {
  MedicationRequest: medication,
  MedicationStatement: medication,
  MedicationDispense: medication,
  MedicationAdministration: medication,
  Immunization: (json) => codesOf(json.vaccineCode),
  Encounter: (json) => codesOf(json.type) || textOf(objects(json.class)[0]?.display),
  DocumentReference: (json) => textOf(json.description) || codesOf(json.type),
  CarePlan: (json) => textOf(json.title) || codesOf(json.category),
  Goal: (json) => codesOf(json.description),
  Patient: (json) => humanName(json.name),
  RelatedPerson: (json) => humanName(json.name),
  Practitioner: (json) => humanName(json.name),
  ImagingStudy: (json) => textOf(json.description) || codesOf(json.procedureCode),
  Communication: (json) => codesOf(json.topic) || codesOf(json.category),
};

/** In the order in which they are shown. */
const DETAILS: readonly (readonly [DetailName, Read])[] = [
  ["message", (json) => joined(objects(json.payload).map((part) => textOf(part.contentString)))],
  [
    "dose",
    (json) => joined([...objects(json.dosageInstruction), ...objects(json.dosage)].map(dose)),
  ],
  ["conclusion", (json) => textOf(json.conclusion) || codesOf(json.conclusionCode)],
  ["reason", (json) => codesOf(json.reasonCode) || codesOf(json.reason)],
  ["severity", (json) => codesOf(json.severity)],
  ["criticality", (json) => textOf(json.criticality)],
  ["reaction", (json) => joined(objects(json.reaction).map((one) => codesOf(one.manifestation)))],
  ["verification", (json) => codesOf(json.verificationStatus)],
  ["site", (json) => codesOf(json.bodySite) || codesOf(json.site)],
  ["method", (json) => codesOf(json.method) || codesOf(json.route)],
  ["lot", (json) => textOf(json.lotNumber)],
  [
    "class",
    (json) => textOf(objects(json.class)[0]?.display) || textOf(objects(json.class)[0]?.code),
  ],
  ["place", (json) => joined(objects(json.location).map((one) => named(one.location)))],
  ["performer", performers],
  ["author", authors],
  ["category", (json) => codesOf(json.category)],
  ["results", (json) => String(objects(json.result).length || "")],
  [
    "format",
    (json) =>
      joined(objects(json.content).map((one) => textOf(objects(one.attachment)[0]?.contentType))),
  ],
  ["born", (json) => textOf(json.birthDate)],
  ["sex", (json) => textOf(json.gender)],
  ["note", (json) => joined(objects(json.note).map((note) => textOf(note.text)))],
];

const PARTS_MAX = 20;

/** Everything beside title, date, status and values that people want to read of a record. */
export function detailsOf(type: string, json: Json): readonly Detail[] {
  const details = DETAILS.map(([name, read]) => ({ name, text: read(json) }));
  const title = TITLES[type]?.(json) || codesOf(json.code) || codesOf(json.type);
  // What names the record already is not said of it once more.
  return details.filter(({ text }) => text !== "" && text !== title);
}

function medication(json: Json): string {
  return codesOf(json.medicationCodeableConcept) || named(json.medicationReference);
}

function dose(json: Json): string {
  const text = textOf(json.text) || textOf(json.patientInstruction);
  if (text !== "") return text;
  const amount = objects(objects(json.doseAndRate)[0]?.doseQuantity)[0] ?? objects(json.dose)[0];
  return amount === undefined ? "" : quantityOf(amount);
}

function performers(json: Json): string {
  const actors = objects(json.performer).map((one) => named(one.actor) || named(one));
  const parts = objects(json.participant).map((one) => named(one.individual));
  return joined([...actors, ...parts]);
}

function authors(json: Json): string {
  const all = [json.author, json.recorder, json.requester, json.asserter, json.sender];
  return joined(all.flatMap(objects).map(named));
}

/** What a reference calls whom it refers to; a bare `Type/id` tells nobody anything. */
function named(reference: unknown): string {
  return textOf(objects(reference)[0]?.display);
}

function joined(texts: readonly string[]): string {
  return [...new Set(texts.filter((text) => text !== ""))].slice(0, PARTS_MAX).join("; ");
}
