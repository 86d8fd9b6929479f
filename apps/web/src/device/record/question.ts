import { fail, ok, type Result } from "@salus/base";
import {
  BALANCED,
  compileSearch,
  readQueryText,
  type SearchError,
  type WrittenParameter,
  writeQueryText,
} from "@salus/health";

/** A part of a question that a screen shows as a chip. Texts are as they stand in the search. */
export type Chip =
  /** Tokens of FHIR, `system|code`, joined by commas. */
  | { readonly kind: "code"; readonly tokens: string }
  | { readonly kind: "category"; readonly tokens: string }
  | { readonly kind: "from"; readonly day: string }
  | { readonly kind: "to"; readonly day: string }
  | { readonly kind: "least"; readonly number: string; readonly unit: string }
  | { readonly kind: "most"; readonly number: string; readonly unit: string }
  /** Whatever else a search may say: it stays, word by word. */
  | { readonly kind: "other"; readonly name: string; readonly value: string };

/** A search as chips: exactly what its text says, and nothing else. */
export interface Question {
  readonly type: string;
  readonly chips: readonly Chip[];
}

/** Which parameters of a type the chips are. */
interface Shape {
  readonly code: string;
  readonly date?: string;
  readonly category?: string;
  readonly value?: string;
}

/** What can be asked for by chips. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  Observation: { code: "code", date: "date", category: "category", value: "value-quantity" },
  Condition: { code: "code", date: "onset-date", category: "category" },
  MedicationRequest: { code: "code", date: "authoredon" },
  AllergyIntolerance: { code: "code", date: "date", category: "category" },
  Immunization: { code: "vaccine-code", date: "date" },
  Procedure: { code: "code", date: "date", category: "category" },
  DiagnosticReport: { code: "code", date: "date", category: "category" },
  DocumentReference: { code: "type", date: "date", category: "category" },
  Encounter: { code: "type", date: "date" },
  CarePlan: { code: "category", date: "date" },
};

const UCUM = "http://unitsofmeasure.org";
const DAY = /^(ge|le)(\d{4}-\d{2}-\d{2})$/;
const AMOUNT = /^(ge|le)(-?\d+(?:\.\d+)?)(?:\|http:\/\/unitsofmeasure\.org\|([^|,\\$]+))?$/;

/**
 * Read a search as chips.
 *
 * Fails:   any `SearchError`: what no search can mean is no question.
 */
export function readQuestion(text: string, now: number): Result<Question, SearchError> {
  const compiled = compileSearch(text.trim(), { policy: BALANCED, now });
  if (!compiled.ok) return compiled;
  const written = readQueryText(text.trim());
  if (!written.ok) return written;
  const { type, parameters } = written.value;
  return ok({ type, chips: parameters.map((parameter) => chipOf(SHAPES[type], parameter)) });
}

function chipOf(shape: Shape | undefined, { label, value }: WrittenParameter): Chip {
  const other: Chip = { kind: "other", name: label, value };
  if (label === shape?.code) return { kind: "code", tokens: value };
  if (label === shape?.category) return { kind: "category", tokens: value };
  if (label === shape?.date) {
    const [, prefix, day] = DAY.exec(value) ?? [];
    if (day !== undefined) return { kind: prefix === "ge" ? "from" : "to", day };
  }
  if (label === shape?.value) {
    const [, prefix, number, unit = ""] = AMOUNT.exec(value) ?? [];
    if (number !== undefined) return { kind: prefix === "ge" ? "least" : "most", number, unit };
  }
  return other;
}

/** Write chips as the search that they are. Fails: any `SearchError`, of what somebody has typed. */
export function writeQuestion({ type, chips }: Question, now: number): Result<string, SearchError> {
  const shape = SHAPES[type];
  const parameters: WrittenParameter[] = [];
  for (const chip of chips) {
    const [label, value] = parameterOf(shape, chip);
    if (label === undefined) return fail({ kind: "unknown-parameter", parameter: chip.kind });
    parameters.push({ label, name: label, modifier: "", value });
  }
  const text = writeQueryText(type, parameters);
  const compiled = compileSearch(text, { policy: BALANCED, now });
  return compiled.ok ? ok(text) : compiled;
}

function parameterOf(
  shape: Shape | undefined,
  chip: Chip,
): readonly [label: string | undefined, value: string] {
  switch (chip.kind) {
    case "code":
      return [shape?.code, chip.tokens];
    case "category":
      return [shape?.category, chip.tokens];
    case "from":
      return [shape?.date, `ge${chip.day}`];
    case "to":
      return [shape?.date, `le${chip.day}`];
    case "least":
    case "most": {
      const prefix = chip.kind === "least" ? "ge" : "le";
      const unit = chip.unit === "" ? "" : `|${UCUM}|${chip.unit}`;
      return [shape?.value, `${prefix}${chip.number}${unit}`];
    }
    case "other":
      return [chip.name, chip.value];
  }
}
