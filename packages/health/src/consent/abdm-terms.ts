import type { Category } from "../policy/category.ts";

/** Health information types of ABDM. */
export type HiType =
  | "DiagnosticReport"
  | "DischargeSummary"
  | "HealthDocumentRecord"
  | "ImmunizationRecord"
  | "OPConsultation"
  | "Prescription"
  | "WellnessRecord";

/** The documents of ABDM in which what a category holds is found. */
const HI_TYPES: Readonly<Record<Category, readonly HiType[]>> = {
  vitals: ["OPConsultation", "WellnessRecord"],
  laboratory: ["DiagnosticReport"],
  conditions: ["DischargeSummary", "OPConsultation"],
  medications: ["Prescription"],
  allergies: ["OPConsultation"],
  immunizations: ["ImmunizationRecord"],
  encounters: ["DischargeSummary", "OPConsultation"],
  procedures: ["DischargeSummary", "OPConsultation"],
  documents: ["HealthDocumentRecord"],
  imaging: ["DiagnosticReport"],
  "care-plans": ["DischargeSummary", "OPConsultation"],
  administrative: ["HealthDocumentRecord"],
  "mental-health": ["OPConsultation"],
  "sexual-health": ["OPConsultation"],
  genetics: ["DiagnosticReport"],
  "substance-use": ["OPConsultation"],
};

const ALL: readonly HiType[] = [...new Set(Object.values(HI_TYPES).flat())].sort();

/** The types of some categories, sorted; all types for none, which means all. */
export function hiTypesOf(categories: readonly Category[]): readonly HiType[] {
  if (categories.length === 0) return ALL;
  return [...new Set(categories.flatMap((category) => HI_TYPES[category]))].sort();
}

const REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const PURPOSES = "https://nrces.in/ndhm/fhir/r4/CodeSystem/ndhm-purpose-of-use";

/** Purposes that ABDM has a code of its own for. */
const PURPOSE: readonly (readonly [reason: string, purpose: string, text: string])[] = [
  ["TREAT", "CAREMGT", "Care management"],
  ["BTG", "BTG", "Break the glass"],
  ["PUBHLTH", "PUBHLTH", "Public health"],
  ["HPAYMT", "HPAYMT", "Healthcare payment"],
  ["HRESCH", "DSRCH", "Disease specific healthcare research"],
  ["PATRQT", "PATRQT", "Self requested"],
];

/** A purpose as ABDM writes it. One that it has no code for keeps its own, of its own system. */
export interface AbdmPurpose {
  readonly text: string;
  readonly code: string;
  readonly refUri: string;
}

/** A v3-PurposeOfUse code in ABDM's words. */
export function abdmPurpose(reason: string): AbdmPurpose {
  const known = PURPOSE.find(([own]) => own === reason);
  if (known === undefined) return { text: reason, code: reason, refUri: REASONS };
  const [, code, text] = known;
  return { text, code, refUri: PURPOSES };
}

/** The reverse of `abdmPurpose`. */
export function reasonOf(code: string, refUri: string): string {
  const known = refUri === PURPOSES ? PURPOSE.find(([, purpose]) => purpose === code) : undefined;
  return known?.[0] ?? code;
}
