import { fail, ok, type Result } from "@salus/base";
import {
  BALANCED,
  compileSearch,
  readQueryText,
  type SearchError,
  splitEscaped,
  UCUM,
  unescaped,
  type WrittenParameter,
  writeQueryText,
} from "@salus/health";

/** A part of a question that a screen shows as a chip. Texts are as they stand in the search. */
export type Chip =
  /** Tokens of FHIR, `system|code`, joined by commas. */
  | { readonly kind: "code"; readonly tokens: string }
  /** What the name of a code begins with. */
  | { readonly kind: "words"; readonly text: string }
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
  /** Code and value of the same part: of a panel both must be of one component. */
  readonly pair?: string;
}

/** What can be asked for by chips. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  // Also what stands in panels: a blood pressure is found by its systolic part.
  Observation: {
    code: "combo-code",
    date: "date",
    category: "category",
    value: "combo-value-quantity",
    pair: "combo-code-value-quantity",
  },
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
  const shape = SHAPES[type];
  return ok({
    type,
    chips: paired(shape, parameters) ?? parameters.map((one) => chipOf(shape, one)),
  });
}

/** The chips where all pairs are of the same codes; otherwise each parameter is one by itself. */
function paired(
  shape: Shape | undefined,
  parameters: readonly WrittenParameter[],
): readonly Chip[] | undefined {
  const chips: Chip[] = [];
  let tokens: string | undefined;
  for (const parameter of parameters) {
    if (parameter.label === shape?.code) return undefined;
    if (shape?.pair === undefined || parameter.label !== shape.pair) {
      chips.push(chipOf(shape, parameter));
      continue;
    }
    const pairs = splitEscaped(parameter.value, ",").map((pair) => splitEscaped(pair, "$"));
    const codes = pairs.map(([code = ""]) => code).join(",");
    const amounts = new Set(pairs.map(([, amount = ""]) => amount));
    const [amount = ""] = amounts;
    const chip = amounts.size === 1 ? amountChip(amount) : undefined;
    if (chip === undefined || (tokens !== undefined && tokens !== codes)) return undefined;
    if (tokens === undefined) chips.push({ kind: "code", tokens: codes });
    tokens = codes;
    chips.push(chip);
  }
  return tokens === undefined ? undefined : chips;
}

function amountChip(value: string): Chip | undefined {
  const [, prefix, number, unit = ""] = AMOUNT.exec(value) ?? [];
  if (number === undefined) return undefined;
  return { kind: prefix === "ge" ? "least" : "most", number, unit };
}

function chipOf(shape: Shape | undefined, { label, value }: WrittenParameter): Chip {
  const other: Chip = { kind: "other", name: label, value };
  if (label === shape?.code) return { kind: "code", tokens: value };
  if (label === textOf(shape) && splitEscaped(value, ",").length === 1) {
    return { kind: "words", text: unescaped(value) };
  }
  if (label === shape?.category) return { kind: "category", tokens: value };
  if (label === shape?.date) {
    const [, prefix, day] = DAY.exec(value) ?? [];
    if (day !== undefined) return { kind: prefix === "ge" ? "from" : "to", day };
  }
  if (label === shape?.value) return amountChip(value) ?? other;
  return other;
}

/** The parameter that asks for codes by what they are called. */
function textOf(shape: Shape | undefined): string | undefined {
  return shape && `${shape.code}:text`;
}

/** Write chips as the search that they are. Fails: any `SearchError`, of what somebody has typed. */
export function writeQuestion({ type, chips }: Question, now: number): Result<string, SearchError> {
  const shape = SHAPES[type];
  const parameters: WrittenParameter[] = [];
  const pair = pairOf(shape, chips);
  for (const chip of chips) {
    if (pair !== undefined && chip.kind === "code") continue;
    const [label, value] = pair?.(chip) ?? parameterOf(shape, chip);
    if (label === undefined) return fail({ kind: "unknown-parameter", parameter: chip.kind });
    parameters.push({ label, name: label, modifier: "", value });
  }
  const text = writeQueryText(type, parameters);
  const compiled = compileSearch(text, { policy: BALANCED, now });
  return compiled.ok ? ok(text) : compiled;
}

/** How an amount is written with the one code that it is of; nothing where there is no such pair. */
function pairOf(
  shape: Shape | undefined,
  chips: readonly Chip[],
): ((chip: Chip) => readonly [string, string] | undefined) | undefined {
  const name = shape?.pair;
  const [code, ...others] = chips.filter(({ kind }) => kind === "code");
  const hasAmount = chips.some(({ kind }) => kind === "least" || kind === "most");
  if (name === undefined || code?.kind !== "code" || others.length > 0 || !hasAmount) {
    return undefined;
  }
  const tokens = splitEscaped(code.tokens, ",");
  return (chip) => {
    if (chip.kind !== "least" && chip.kind !== "most") return undefined;
    const [, amount] = parameterOf(shape, chip);
    return [name, tokens.map((token) => `${token}$${amount}`).join(",")];
  };
}

function parameterOf(
  shape: Shape | undefined,
  chip: Chip,
): readonly [label: string | undefined, value: string] {
  switch (chip.kind) {
    case "code":
      return [shape?.code, chip.tokens];
    case "words":
      return [textOf(shape), chip.text.replace(/[\\$,|]/g, "\\$&")];
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
