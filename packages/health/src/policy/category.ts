/** What a record is about, as far as sharing and index keys are concerned. */
export type Category = OrdinaryCategory | SensitiveCategory;

export type OrdinaryCategory =
  | "vitals"
  | "laboratory"
  | "conditions"
  | "medications"
  | "allergies"
  | "immunizations"
  | "encounters"
  | "procedures"
  | "documents"
  | "imaging"
  | "care-plans"
  | "administrative";

export type SensitiveCategory = "mental-health" | "sexual-health" | "genetics" | "substance-use";

export const ORDINARY_CATEGORIES: readonly OrdinaryCategory[] = [
  "vitals",
  "laboratory",
  "conditions",
  "medications",
  "allergies",
  "immunizations",
  "encounters",
  "procedures",
  "documents",
  "imaging",
  "care-plans",
  "administrative",
];

export const SENSITIVE_CATEGORIES: readonly SensitiveCategory[] = [
  "mental-health",
  "sexual-health",
  "genetics",
  "substance-use",
];

export const CATEGORIES: readonly Category[] = [...ORDINARY_CATEGORIES, ...SENSITIVE_CATEGORIES];

export function isSensitive(category: Category): category is SensitiveCategory {
  return (SENSITIVE_CATEGORIES as readonly Category[]).includes(category);
}
