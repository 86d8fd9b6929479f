import type { Match } from "@salus/client";
import { codesOf, dateOf, humanName, type Json, objects, textOf, valueText } from "@salus/health";
import type { Column } from "./table.ts";

/** What a table of records shows, by their type. */
export type Row = Match & { readonly patient: string };

type Cell = (resource: Json) => string;

const date: readonly [string, Cell] = ["Date", dateOf];
const status: readonly [string, Cell] = ["Status", (resource) => textOf(resource.status)];
const clinical: readonly [string, Cell] = [
  "Status",
  (resource) => codesOf(resource.clinicalStatus),
];

const CELLS: Readonly<Record<string, readonly (readonly [string, Cell])[]>> = {
  Observation: [date, ["Observation", (r) => codesOf(r.code)], ["Value", valueText]],
  Condition: [date, ["Condition", (r) => codesOf(r.code)], clinical],
  MedicationRequest: [
    date,
    ["Medication", (r) => codesOf(r.medicationCodeableConcept) || textOf(r.medicationReference)],
    [
      "Dose",
      (r) =>
        objects(r.dosageInstruction)
          .map((dose) => textOf(dose.text))
          .join("; "),
    ],
    status,
  ],
  AllergyIntolerance: [
    date,
    ["Allergy", (r) => codesOf(r.code)],
    ["Criticality", (r) => textOf(r.criticality)],
    clinical,
  ],
  Immunization: [date, ["Vaccine", (r) => codesOf(r.vaccineCode)], status],
  Procedure: [date, ["Procedure", (r) => codesOf(r.code)], status],
  DiagnosticReport: [
    date,
    ["Report", (r) => codesOf(r.code)],
    ["Results", (r) => String(objects(r.result).length || "")],
    status,
  ],
  Encounter: [
    date,
    ["Visit", (r) => codesOf(r.type)],
    ["Class", (r) => textOf(objects(r.class)[0]?.code)],
    ["Reason", (r) => codesOf(r.reasonCode)],
  ],
  DocumentReference: [
    date,
    ["Document", (r) => textOf(r.description) || codesOf(r.type)],
    ["Format", (r) => textOf(objects(objects(r.content)[0]?.attachment)[0]?.contentType)],
    status,
  ],
  CarePlan: [date, ["Plan", (r) => textOf(r.title) || codesOf(r.category)], status],
  Goal: [
    date,
    ["Goal", (r) => codesOf(r.description)],
    ["Status", (r) => textOf(r.lifecycleStatus)],
  ],
  Patient: [
    ["Name", (r) => humanName(r.name)],
    ["Born", (r) => textOf(r.birthDate)],
    ["Sex", (r) => textOf(r.gender)],
  ],
};

/** The place of what a record is about, behind its date. */
const KEPT = 1;

const OTHERS: readonly (readonly [string, Cell])[] = [
  date,
  ["Type", (resource) => textOf(resource.resourceType)],
  ["What", (resource) => codesOf(resource.code) || codesOf(resource.type)],
  status,
];

/** The columns for records of a type: whose, what, and who wrote it; columns without a value are left out. */
export function columnsFor(type: string, severalPatients: boolean): readonly Column<Row>[] {
  const cells = CELLS[type] ?? OTHERS;
  const columns = cells.map(
    ([title, cell], at): Column<Row> => ({
      title,
      right: title === "Value" || title === "Results",
      kept: title === "Date" || title === "Value" || title === "What" || at === KEPT,
      value: (row) => cell(row.resource as Json),
    }),
  );
  const patient: Column<Row> = { title: "Patient", value: (row) => row.patient };
  return [
    ...(severalPatients ? [patient] : []),
    ...columns,
    { title: "From", value: (row) => fromOf(row) },
    { title: "Id", value: (row) => textOf(row.resource.id) },
  ];
}

/** The source of a record, and how sure that is. */
export function fromOf(row: Match): string {
  if (row.origin.assigned === "patient") return "the patient";
  const name = row.origin.name ?? row.origin.path[0] ?? "unknown";
  return row.origin.assigned === "inferred" ? `${name} (inferred)` : name;
}
