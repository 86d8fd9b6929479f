import { fail, ok, type Result, utf8 } from "@salus/base";
import type { Resource } from "@salus/client";
import { LOINC, UCUM } from "@salus/health";
import type { WebError } from "../problem.ts";

/** What a practitioner fills in. */
export type Draft =
  | { readonly kind: "note"; readonly title: string; readonly text: string }
  | {
      readonly kind: "measurement";
      /** LOINC. */
      readonly code: string;
      /** What the code is called, in words that stand in the record. */
      readonly display: string;
      readonly value: string;
      /** UCUM. */
      readonly unit: string;
      /** Milliseconds. */
      readonly time: number;
    }
  | {
      readonly kind: "prescription";
      readonly medicine: string;
      readonly dose: string;
      readonly days: string;
      readonly reason: string;
    };

/** Who writes, as the record names her. */
export interface Writer {
  readonly node: string;
  readonly name: string;
}

const OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category";
const DAYS_MAX = 3650;

/** What no body has: outside of it a value was mistyped, or has another unit. By code and unit. */
const POSSIBLE: Readonly<Record<string, readonly [low: number, high: number]>> = {
  "8480-6 mm[Hg]": [30, 300],
  "8462-4 mm[Hg]": [10, 200],
  "8867-4 /min": [10, 350],
  "8310-5 Cel": [20, 46],
  "8310-5 [degF]": [68, 115],
  "2708-6 %": [10, 100],
  "9279-1 /min": [1, 120],
  "29463-7 kg": [0.2, 650],
  "29463-7 [lb_av]": [0.4, 1430],
  "8302-2 cm": [20, 275],
  "2339-0 mg/dL": [5, 2000],
  "2339-0 mmol/L": [0.3, 110],
};

/**
 * Make a FHIR resource of a draft, without an id.
 *
 * Fails:   `bad-input`, naming what is wrong: `value`, `range`, `text`, `title`, `date`, `days`.
 */
export function resourceOf(draft: Draft, who: Writer, now: number): Result<Resource, WebError> {
  switch (draft.kind) {
    case "note":
      return noteOf(draft, who, now);
    case "measurement":
      return measurementOf(draft, who, now);
    case "prescription":
      return prescriptionOf(draft, who, now);
  }
}

function wrong(what: string): Result<never, WebError> {
  return fail({ kind: "bad-input", what });
}

function noteOf(
  { title, text }: Extract<Draft, { kind: "note" }>,
  who: Writer,
  now: number,
): Result<Resource, WebError> {
  if (title.trim() === "") return wrong("title");
  if (text.trim() === "") return wrong("text");
  return ok({
    resourceType: "DocumentReference",
    status: "current",
    type: { coding: [{ system: LOINC, code: "11506-3", display: "Progress note" }] },
    description: title.trim(),
    date: new Date(now).toISOString(),
    author: [practitioner(who)],
    content: [
      {
        attachment: {
          contentType: "text/plain; charset=utf-8",
          data: base64(text),
          title: title.trim(),
        },
      },
    ],
  });
}

function measurementOf(
  { code, display, value: typed, unit, time }: Extract<Draft, { kind: "measurement" }>,
  who: Writer,
  now: number,
): Result<Resource, WebError> {
  const value = /^\d+(?:[.,]\d+)?$/.test(typed.trim())
    ? Number(typed.trim().replace(",", "."))
    : NaN;
  if (Number.isNaN(value)) return wrong("value");
  const possible = POSSIBLE[`${code} ${unit}`];
  if (possible === undefined || value < possible[0] || value > possible[1]) return wrong("range");
  if (!(time > 0 && time <= now)) return wrong("date");
  const category = code === "2339-0" ? "laboratory" : "vital-signs";
  return ok({
    resourceType: "Observation",
    status: "final",
    category: [{ coding: [{ system: OBSERVATION_CATEGORY, code: category }] }],
    code: { coding: [{ system: LOINC, code, display }], text: display },
    effectiveDateTime: new Date(time).toISOString(),
    issued: new Date(now).toISOString(),
    performer: [practitioner(who)],
    valueQuantity: { value, unit, system: UCUM, code: unit },
  });
}

function prescriptionOf(
  { medicine, dose, days: typed, reason }: Extract<Draft, { kind: "prescription" }>,
  who: Writer,
  now: number,
): Result<Resource, WebError> {
  if (medicine.trim() === "" || dose.trim() === "") return wrong("text");
  const days = Number(typed);
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) return wrong("days");
  return ok({
    resourceType: "MedicationRequest",
    status: "active",
    intent: "order",
    medicationCodeableConcept: { text: medicine.trim() },
    authoredOn: new Date(now).toISOString(),
    requester: practitioner(who),
    ...(reason.trim() !== "" && { reasonCode: [{ text: reason.trim() }] }),
    dosageInstruction: [{ text: dose.trim() }],
    dispenseRequest: {
      expectedSupplyDuration: { value: days, unit: "days", system: UCUM, code: "d" },
    },
  });
}

function practitioner({ node, name }: Writer): object {
  return { reference: `Practitioner/${node}`, display: name };
}

function base64(text: string): string {
  let binary = "";
  for (const byte of utf8(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
