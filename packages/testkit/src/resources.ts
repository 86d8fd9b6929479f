import type { Resource } from "@salus/client";
import { LOINC, SNOMED, UCUM } from "@salus/health";

const CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";

/** A measurement, as much of it as searches look at. */
export interface Reading {
  readonly id: string;
  readonly code: string;
  readonly value: number;
  readonly unit: string;
  /** A FHIR dateTime; left out, the observation has no date. */
  readonly at?: string;
  readonly category?: "vital-signs" | "laboratory";
  readonly subject?: string;
}

export function observation(reading: Reading): Resource {
  const { id, code, value, unit, at, category = "vital-signs", subject = "Patient/p" } = reading;
  return {
    resourceType: "Observation",
    id,
    status: "final",
    category: [{ coding: [{ system: CATEGORY, code: category }] }],
    code: { coding: [{ system: LOINC, code }] },
    subject: { reference: subject },
    ...(at !== undefined && { effectiveDateTime: at }),
    valueQuantity: { value, unit, system: UCUM, code: unit },
  };
}

/** Systolic blood pressure, in millimetres of mercury. */
export function pressure(id: string, value: number, at?: string): Resource {
  return observation({ id, code: "8480-6", value, unit: "mm[Hg]", ...(at && { at }) });
}

/** Glucose in blood, a laboratory value. */
export function glucose(id: string, value: number, at?: string): Resource {
  const common = { id, code: "2339-0", value, unit: "mg/dL", category: "laboratory" as const };
  return observation({ ...common, ...(at && { at }) });
}

export function condition(id: string, code: string, text: string, onset?: string): Resource {
  return {
    resourceType: "Condition",
    id,
    clinicalStatus: {
      coding: [
        { system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code: "active" },
      ],
    },
    code: { coding: [{ system: SNOMED, code, display: text }], text },
    subject: { reference: "Patient/p" },
    ...(onset !== undefined && { onsetDateTime: onset }),
  };
}

/** A condition that the index policy treats as sensitive. */
export function depression(id: string, onset?: string): Resource {
  return condition(id, "370143000", "Major depressive disorder", onset);
}
