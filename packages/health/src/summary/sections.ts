import { type Json, objects, textOf } from "../describe/text.ts";

/** A section of an International Patient Summary. */
export interface SectionPlan {
  readonly name: SectionName;
  readonly title: string;
  /** LOINC. */
  readonly code: string;
  readonly display: string;
  /** Stays in the summary when there is nothing for it, and says so. */
  readonly required: boolean;
  readonly holds: (resource: Json) => boolean;
  /** Says, in an entry of a required section, that nothing is known. Source: IPS "absent or unknown". */
  readonly unknown?: { readonly type: string; readonly code: string; readonly display: string };
}

export type SectionName =
  | "allergies"
  | "medications"
  | "problems"
  | "immunizations"
  | "procedures"
  | "devices"
  | "results"
  | "vitals";

const typed =
  (...types: readonly string[]) =>
  (resource: Json): boolean =>
    types.includes(textOf(resource.resourceType));

/** Whether any code of a concept, or of a list of them, is one of these. */
export function isCoded(concepts: unknown, ...codes: readonly string[]): boolean {
  return objects(concepts).some((concept) =>
    objects(concept.coding).some((coding) => codes.includes(textOf(coding.code))),
  );
}

const isObservation = typed("Observation");
const isVital = (resource: Json): boolean =>
  isObservation(resource) && isCoded(resource.category, "vital-signs");
const OVER = ["inactive", "resolved", "remission"];

/**
 * What a summary has, in the order in which it has it.
 *
 * Source:  HL7 International Patient Summary, "Composition (IPS)": sections and their LOINC codes.
 */
export const SECTIONS: readonly SectionPlan[] = [
  {
    name: "allergies",
    title: "Allergies and intolerances",
    code: "48765-2",
    display: "Allergies and adverse reactions Document",
    required: true,
    holds: (resource) =>
      typed("AllergyIntolerance")(resource) && !isCoded(resource.clinicalStatus, ...OVER),
    unknown: {
      type: "AllergyIntolerance",
      code: "no-allergy-info",
      display: "No information about allergies",
    },
  },
  {
    name: "medications",
    title: "Medication summary",
    code: "10160-0",
    display: "History of Medication use Narrative",
    required: true,
    holds: (resource) =>
      typed("MedicationRequest", "MedicationStatement")(resource) &&
      ["active", "intended", "unknown", "on-hold"].includes(textOf(resource.status)),
    unknown: {
      type: "MedicationStatement",
      code: "no-medication-info",
      display: "No information about medications",
    },
  },
  {
    name: "problems",
    title: "Problem list",
    code: "11450-4",
    display: "Problem list - Reported",
    required: true,
    holds: (resource) => typed("Condition")(resource) && !isCoded(resource.clinicalStatus, ...OVER),
    unknown: {
      type: "Condition",
      code: "no-problem-info",
      display: "No information about problems",
    },
  },
  {
    name: "immunizations",
    title: "Immunizations",
    code: "11369-6",
    display: "History of Immunization note",
    required: false,
    holds: typed("Immunization"),
  },
  {
    name: "procedures",
    title: "History of procedures",
    code: "47519-4",
    display: "History of Procedures Document",
    required: false,
    holds: typed("Procedure"),
  },
  {
    name: "devices",
    title: "Medical devices",
    code: "46264-8",
    display: "History of medical device use",
    required: false,
    holds: typed("DeviceUseStatement", "Device"),
  },
  {
    name: "results",
    title: "Results",
    code: "30954-2",
    display: "Relevant diagnostic tests/laboratory data note",
    required: false,
    holds: (resource) =>
      typed("DiagnosticReport")(resource) ||
      (isObservation(resource) && isCoded(resource.category, "laboratory", "imaging", "procedure")),
  },
  {
    name: "vitals",
    title: "Vital signs",
    code: "8716-3",
    display: "Vital signs note",
    required: false,
    holds: isVital,
  },
];
