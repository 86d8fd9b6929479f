import type { DateRange } from "../canonical/date.ts";
import { foldText } from "../canonical/fold.ts";
import { type CanonicalUnit, canonicalUnit, canonicalValue } from "../canonical/unit.ts";
import { dateValue } from "../canonical/value.ts";
import { TIMES } from "../care.ts";
import { codesOf, type Json, objects, textOf } from "../describe/text.ts";

/** What a record says, as far as another may say the same. */
export interface Fact {
  /** Whether it lasts, as an allergy does, or happened at a time. */
  readonly kind: "lasting" | "event";
  readonly type: string;
  /** What it is about: `system|code`, or folded text where there is no code. */
  readonly names: readonly string[];
  /** Everything that must be equal for two to be one: status, side of the body, dose. */
  readonly stands: string;
  readonly time: DateRange | undefined;
  readonly amounts: readonly Amount[];
}

/** A number that was measured. */
export interface Amount {
  /** Which part of a panel, and `<` where the number is a bound. */
  readonly of: string;
  readonly value: number;
  readonly unit: string;
  /** In base units, with half of what its last digit is worth; none where the unit is not known. */
  readonly base:
    | { readonly dimension: string; readonly value: number; readonly half: number }
    | undefined;
}

/** Types of records that tell the same at every visit. */
const LASTING: ReadonlySet<string> = new Set(["AllergyIntolerance", "Condition"]);

/** Elements by which two records of one code differ, by type; statuses stand for all. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ["type", "criticality"],
  Condition: ["severity", "bodySite", "stage"],
  Immunization: ["lotNumber", "doseQuantity", "statusReason"],
  Procedure: ["bodySite", "outcome"],
  MedicationRequest: ["intent", "doNotPerform", "dosageInstruction"],
  MedicationStatement: ["dosage"],
  MedicationAdministration: ["dosage"],
  MedicationDispense: ["quantity", "dosageInstruction"],
  Observation: ["bodySite", "method"],
};
const STATUSES = ["status", "clinicalStatus", "verificationStatus"];

/** Where records say what they are about. */
const NAMES = ["code", "vaccineCode", "medicationCodeableConcept"];

/**
 * What a record says.
 *
 * Gives:   nothing for types whose records are never two for one thing (documents, visits, people), for
 *          what is no resource, for what names nothing, and for what was entered in error.
 */
export function factOf(resource: unknown): Fact | undefined {
  const json = objects(resource)[0] ?? {};
  const type = textOf(json.resourceType);
  const telling = TELLING[type];
  if (telling === undefined) return undefined;
  const names = namesOf(json);
  if (names.length === 0 || isError(json)) return undefined;
  const stands = [...STATUSES, ...telling].map((name) => standing(json[name]));
  const values = type === "Observation" ? [json, ...objects(json.component)] : [];
  const worded = values.map((part) => `${codesText(part)}=${standing(worthOf(part))}`).sort();
  return {
    kind: LASTING.has(type) ? "lasting" : "event",
    type,
    names,
    stands: JSON.stringify([stands, worded]),
    time: timeOf(json),
    amounts: values.flatMap(amountOf),
  };
}

/** The status of one that should not be there, wherever a type has it. */
function isError(json: Json): boolean {
  const codes = STATUSES.flatMap((name) => [
    textOf(json[name]),
    ...objects(objects(json[name])[0]?.coding).map(({ code }) => textOf(code)),
  ]);
  return codes.includes("entered-in-error");
}

function namesOf(json: Json): readonly string[] {
  for (const name of NAMES) {
    const concept = objects(json[name])[0];
    if (concept === undefined) continue;
    const codings = objects(concept.coding).map(codingText);
    const codes = codings.filter((text) => text !== "");
    if (codes.length > 0) return codes;
    const text = foldText(codesOf(concept));
    return text === "" ? [] : [`text|${text}`];
  }
  return [];
}

function codingText({ system, code }: Json): string {
  return textOf(code) === "" ? "" : `${textOf(system)}|${textOf(code)}`;
}

function codesText(part: Json): string {
  const concept = objects(part.code)[0];
  return objects(concept?.coding).map(codingText).sort()[0] ?? foldText(codesOf(concept));
}

/** What was found in words; a number is compared by itself. */
function worthOf(part: Json): unknown {
  const found = Object.entries(part).filter(([name]) => /^value[A-Z]/.test(name));
  return found.filter(([name]) => name !== "valueQuantity").map(([, value]) => value);
}

/** An element as a text that is equal for equal ones: concepts by their codes, all else as it stands. */
function standing(element: unknown): string {
  if (Array.isArray(element)) return element.map(standing).sort().join(",");
  const object = objects(element)[0];
  if (object === undefined) return foldText(textOf(element));
  const codings = objects(object.coding);
  if (codings.length > 0) return codings.map(codingText).sort().join(" ");
  const names = Object.keys(object).sort();
  return `{${names.map((name) => `${name}:${standing(object[name])}`).join(";")}}`;
}

function timeOf(json: Json): DateRange | undefined {
  for (const name of TIMES) {
    if (json[name] === undefined) continue;
    const range = dateValue(json[name]);
    if (range.ok && range.value !== undefined) return range.value;
  }
  return undefined;
}

function amountOf(part: Json): readonly Amount[] {
  const quantity = objects(part.valueQuantity)[0];
  const value = quantity?.value;
  if (quantity === undefined || typeof value !== "number") return [];
  const code = textOf(quantity.code);
  const unit = canonicalUnit(textOf(quantity.system), code);
  return [
    {
      of: `${codesText(part)} ${textOf(quantity.comparator)}`,
      value,
      unit: code || textOf(quantity.unit),
      base: unit && baseOf(unit, value),
    },
  ];
}

function baseOf(unit: CanonicalUnit, value: number): Amount["base"] {
  // JSON may have lost a zero behind the point.
  const digits = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 1;
  const half = Math.abs(unit.factor) * 0.5 * 10 ** -digits;
  return { dimension: unit.dimension, value: canonicalValue(unit, value), half };
}
