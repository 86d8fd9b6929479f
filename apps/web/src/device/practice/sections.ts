import type { Category } from "@salus/health";

/** Parts of a chart. */
const SECTIONS = [
  "allergies",
  "problems",
  "medications",
  "labs",
  "vitals",
  "documents",
  "visits",
  "procedures",
  "vaccinations",
] as const;
export type SectionName = (typeof SECTIONS)[number];

/** Where a section's records are, and how they are asked for. */
export interface Section {
  /** A source that shares none of these hides the section. */
  readonly categories: readonly Category[];
  /** FHIR searches, the newest first. */
  readonly queries: readonly string[];
}

/** What one screen can show; more is asked for with a search. */
export const RECORDS_MAX = 400;

const newest = (type: string): string => `${type}?_sort=-date&_count=${RECORDS_MAX}`;

export const SECTION: Readonly<Record<SectionName, Section>> = {
  allergies: {
    categories: ["allergies"],
    // Not bounded and not in any order: none may be left out.
    queries: ["AllergyIntolerance"],
  },
  problems: {
    categories: ["conditions", "mental-health", "sexual-health", "substance-use", "genetics"],
    queries: ["Condition"],
  },
  medications: {
    categories: ["medications"],
    queries: ["MedicationRequest", "MedicationStatement"],
  },
  labs: {
    categories: ["laboratory"],
    queries: [`Observation?category=laboratory&_sort=-date&_count=${RECORDS_MAX}`],
  },
  vitals: {
    categories: ["vitals"],
    queries: [`Observation?category=vital-signs&_sort=-date&_count=${RECORDS_MAX}`],
  },
  documents: {
    categories: ["documents", "imaging", "laboratory"],
    queries: [newest("DocumentReference"), newest("DiagnosticReport")],
  },
  visits: { categories: ["encounters"], queries: [newest("Encounter")] },
  procedures: { categories: ["procedures"], queries: [newest("Procedure")] },
  vaccinations: { categories: ["immunizations"], queries: [newest("Immunization")] },
};
