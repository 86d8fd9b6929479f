import { type Detail, detailsOf, TITLES } from "./details.ts";
import { codesOf, type Json, objects, textOf } from "./text.ts";

/** A code as a record carries it. */
export interface DescribedCode {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

/** What was measured or found: a number with its unit, or words. */
export interface DescribedValue {
  /** What it is of, where a record has several: systolic, diastolic. Empty where it has one. */
  readonly label: string;
  readonly codes: readonly DescribedCode[];
  /** In words; empty where there is a number. */
  readonly text: string;
  readonly number: number | undefined;
  /** Of UCUM where it is known, otherwise as written. */
  readonly unit: string;
  /** `<`, `<=`, `>=`, `>`; empty where the number is meant as it stands. */
  readonly comparator: string;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** v3-ObservationInterpretation: `H`, `LL`, `A`; empty where nobody judged it. */
  readonly interpretation: string;
}

/** A FHIR resource as people read it. Nothing in it is longer than a screen can bear. */
export interface Description {
  readonly type: string;
  readonly id: string;
  /** Empty where the resource does not say what it is about. */
  readonly title: string;
  /** The date that a clinician would file it under, as FHIR writes it; empty where there is none. */
  readonly date: string;
  /** Of a period; empty while it lasts. */
  readonly end: string;
  /** A code of FHIR, in small letters: `active`, `final`, `entered-in-error`. */
  readonly status: string;
  readonly codes: readonly DescribedCode[];
  readonly values: readonly DescribedValue[];
  readonly details: readonly Detail[];
}

const TEXT_MAX = 400;
const CODES_MAX = 12;
const VALUES_MAX = 40;

const DATES = [
  "effectiveDateTime",
  "effectivePeriod",
  "effectiveInstant",
  "performedDateTime",
  "performedPeriod",
  "occurrenceDateTime",
  "occurrencePeriod",
  "onsetDateTime",
  "onsetPeriod",
  "started",
  "period",
  "startDate",
  "start",
  "authoredOn",
  "authored",
  "recordedDate",
  "sent",
  "date",
  "dateTime",
  "issued",
  "whenHandedOver",
  "created",
  "recorded",
  "birthDate",
];
const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T[0-9:.]+(?:Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * Read a resource as people do: what it is, when it was, what was found.
 *
 * Takes:   anything: what is not as FHIR has it counts as not there.
 * Gives:   texts of bounded length, of what somebody else wrote: to be shown as text, and as nothing else.
 */
export function describe(resource: unknown): Description {
  const json: Json = objects(resource)[0] ?? {};
  const type = bounded(textOf(json.resourceType));
  const [date, end] = datesOf(json);
  return {
    type,
    id: bounded(textOf(json.id)),
    title: bounded(titleOf(type, json)),
    date,
    end,
    status: bounded(statusOf(json)).toLowerCase(),
    codes: codesFor(json),
    values: valuesOf(json),
    details: detailsOf(type, json).map(({ name, text }) => ({ name, text: bounded(text, 2000) })),
  };
}

function titleOf(type: string, json: Json): string {
  const own = TITLES[type]?.(json) ?? "";
  if (own !== "") return own;
  return (
    codesOf(json.code) ||
    codesOf(json.type) ||
    textOf(json.title) ||
    textOf(json.description) ||
    textOf(json.name) ||
    codesOf(json.category)
  );
}

function statusOf(json: Json): string {
  const clinical = objects(json.clinicalStatus)[0];
  const coded = textOf(objects(clinical?.coding)[0]?.code) || textOf(clinical?.text);
  return coded || textOf(json.status) || textOf(json.lifecycleStatus);
}

function datesOf(json: Json): readonly [date: string, end: string] {
  for (const name of DATES) {
    const value = json[name];
    const period = objects(value)[0];
    const date = dateText(value) || dateText(period?.start) || dateText(period?.end);
    if (date === "") continue;
    return [date, dateText(period?.end) || dateText(json.abatementDateTime)];
  }
  return ["", ""];
}

function dateText(value: unknown): string {
  return typeof value === "string" && value.length <= 40 && DATE.test(value) ? value : "";
}

function codesFor(json: Json): readonly DescribedCode[] {
  for (const name of ["code", "vaccineCode", "medicationCodeableConcept", "type", "category"]) {
    const codes = codingsOf(json[name]);
    if (codes.length > 0) return codes;
  }
  return [];
}

function codingsOf(value: unknown): readonly DescribedCode[] {
  const codings = objects(value).flatMap((concept) => objects(concept.coding));
  return codings
    .map(({ system, code, display }) => ({
      system: bounded(textOf(system)),
      code: bounded(textOf(code)),
      display: bounded(textOf(display)),
    }))
    .filter(({ code }) => code !== "")
    .slice(0, CODES_MAX);
}

function valuesOf(json: Json): readonly DescribedValue[] {
  const own = describedValue(json, "");
  const parts = objects(json.component).slice(0, VALUES_MAX);
  const found = parts.map((part) => describedValue(part, bounded(codesOf(part.code))));
  return [own, ...found].filter((value) => value !== undefined);
}

function describedValue(json: Json, label: string): DescribedValue | undefined {
  const quantity = objects(json.valueQuantity)[0];
  const number = typeof quantity?.value === "number" ? quantity.value : undefined;
  const text = number === undefined ? wordsOf(json) : "";
  if (number === undefined && text === "") return undefined;
  const range = objects(json.referenceRange)[0];
  return {
    label,
    codes: codingsOf(json.code),
    text: bounded(text),
    number,
    unit: bounded(textOf(quantity?.code) || textOf(quantity?.unit)),
    comparator: /^[<>]=?$/.test(textOf(quantity?.comparator)) ? textOf(quantity?.comparator) : "",
    low: boundOf(range?.low, quantity),
    high: boundOf(range?.high, quantity),
    interpretation: bounded(
      textOf(objects(objects(json.interpretation)[0]?.coding)[0]?.code),
    ).toUpperCase(),
  };
}

const WORDS = ["valueString", "valueDateTime", "valueInteger", "valueBoolean", "valueTime"];

function wordsOf(json: Json): string {
  for (const name of WORDS) {
    const text = textOf(json[name]);
    if (text !== "") return text;
  }
  return codesOf(json.valueCodeableConcept) || codesOf(json.dataAbsentReason);
}

/** A bound of a reference range, if it is in the unit of what it is a range for. */
function boundOf(bound: unknown, quantity: Json | undefined): number | undefined {
  const { value, code, unit } = objects(bound)[0] ?? {};
  if (typeof value !== "number") return undefined;
  const [own, other] = [textOf(quantity?.code), textOf(code)];
  const differs =
    own !== "" && other !== "" ? own !== other : textOf(unit) !== textOf(quantity?.unit);
  return differs && textOf(unit) !== "" ? undefined : value;
}

function bounded(text: string, max: number = TEXT_MAX): string {
  if (text.length <= max) return text;
  // Not through the middle of a character.
  const cut = text.slice(0, max - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
