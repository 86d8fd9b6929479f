import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { LOINC, UCUM } from "@salus/health";
import type { Failure } from "../problem.ts";

// What a patient measures herself, as FHIR writes it.

export type MeasureName =
  | "pressure"
  | "glucose"
  | "weight"
  | "temperature"
  | "pulse"
  | "oxygen"
  | "height";

/** One number of a measurement: its code, and what is believed of it. */
interface Part {
  readonly code: string;
  readonly display: string;
}

interface Unit {
  /** UCUM. */
  readonly unit: string;
  readonly text: string;
  /** What a person can have; what lies outside was mistyped. */
  readonly least: number;
  readonly most: number;
  /** The code of the whole in this unit, where LOINC tells units apart. */
  readonly code?: Part;
}

interface Measure {
  readonly category: "vital-signs" | "laboratory";
  readonly code: Part;
  /** Of a panel. */
  readonly parts?: readonly Part[];
  readonly units: readonly Unit[];
}

const unit = (code: string, text: string, least: number, most: number): Unit => ({
  unit: code,
  text,
  least,
  most,
});

/** Codes of R4's vital-signs profiles, and of glucose in capillary blood by the unit. */
export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  pressure: {
    category: "vital-signs",
    code: { code: "85354-9", display: "Blood pressure" },
    parts: [
      { code: "8480-6", display: "Systolic blood pressure" },
      { code: "8462-4", display: "Diastolic blood pressure" },
    ],
    units: [unit("mm[Hg]", "mmHg", 20, 300)],
  },
  glucose: {
    category: "laboratory",
    code: { code: "41653-7", display: "Glucose in capillary blood" },
    units: [
      unit("mg/dL", "mg/dL", 10, 1_500),
      {
        ...unit("mmol/L", "mmol/L", 0.5, 83),
        code: { code: "14743-9", display: "Glucose in capillary blood" },
      },
    ],
  },
  weight: {
    category: "vital-signs",
    code: { code: "29463-7", display: "Body weight" },
    units: [unit("kg", "kg", 0.3, 600), unit("[lb_av]", "lb", 0.7, 1_300)],
  },
  temperature: {
    category: "vital-signs",
    code: { code: "8310-5", display: "Body temperature" },
    units: [unit("Cel", "°C", 25, 45), unit("[degF]", "°F", 77, 113)],
  },
  pulse: {
    category: "vital-signs",
    code: { code: "8867-4", display: "Heart rate" },
    units: [unit("/min", "/min", 15, 300)],
  },
  oxygen: {
    category: "vital-signs",
    code: { code: "59408-5", display: "Oxygen saturation by pulse oximetry" },
    units: [unit("%", "%", 30, 100)],
  },
  height: {
    category: "vital-signs",
    code: { code: "8302-2", display: "Body height" },
    units: [unit("cm", "cm", 20, 280), unit("[in_i]", "in", 8, 110)],
  },
};

/** What somebody has typed. */
export interface Measurement {
  readonly name: MeasureName;
  readonly values: readonly number[];
  /** UCUM. */
  readonly unit: string;
  /** A FHIR dateTime with its zone. */
  readonly time: string;
  readonly note: string;
}

const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem";
const NOTE_MAX = 1_000;
const AHEAD_MS = 600_000;

/**
 * A measurement as an Observation that says who measured it.
 *
 * Takes:   `self`, the reference that stands for her; `now`, by which nothing is measured later.
 * Fails:   `bad-input`, with the field: `value`, `second`, which is the other of two, `order` of both, `unit`, `time`.
 */
export function observationOf(
  { name, values, unit: wanted, time, note }: Measurement,
  { id, self, now }: { readonly id: string; readonly self: string; readonly now: number },
): Result<Resource, Failure> {
  const bad = (what: string): Result<never, Failure> => fail({ kind: "bad-input", what });
  const measure = MEASURES[name];
  const chosen = measure?.units.find((one) => one.unit === wanted);
  if (measure === undefined || chosen === undefined) return bad("unit");
  const { parts } = measure;
  const plausible = (value: number): boolean => value >= chosen.least && value <= chosen.most;
  if (values.length !== (parts?.length ?? 1)) return bad("value");
  const wrong = values.findIndex((value) => !plausible(value));
  if (wrong >= 0) return bad(wrong === 0 ? "value" : "second");
  const at = Date.parse(time);
  if (Number.isNaN(at) || at > now + AHEAD_MS) return bad("time");
  const [systolic = 0, diastolic = 0] = values;
  if (name === "pressure" && diastolic >= systolic) return bad("order");
  const quantity = (value: number | undefined): object => ({
    value,
    unit: chosen.text,
    system: UCUM,
    code: chosen.unit,
  });
  return ok({
    resourceType: "Observation",
    id,
    meta: { tag: [{ system: `${TERMINOLOGY}/v3-ObservationValue`, code: "PATRPT" }] },
    status: "final",
    category: [
      { coding: [{ system: `${TERMINOLOGY}/observation-category`, code: measure.category }] },
    ],
    code: codeOf(chosen.code ?? measure.code),
    subject: { reference: self },
    performer: [{ reference: self }],
    effectiveDateTime: time,
    ...(parts === undefined
      ? { valueQuantity: quantity(values[0]) }
      : {
          component: parts.map((part, at) => ({
            code: codeOf(part),
            valueQuantity: quantity(values[at]),
          })),
        }),
    ...(note.trim() !== "" && { note: [{ text: note.trim().slice(0, NOTE_MAX) }] }),
  });
}

function codeOf({ code, display }: Part): object {
  return { coding: [{ system: LOINC, code, display }], text: display };
}
