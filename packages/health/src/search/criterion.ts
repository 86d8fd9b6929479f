import { fail, ok, type Result } from "@salus/base";
import { ID_PARAMETER } from "../derive/attribute.ts";
import type { Parameter } from "../policy/parameter.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import { resourceTypeOf } from "../policy/types.ts";
import { valuesOf } from "../policy/values.ts";
import type { SearchError } from "./compiled.ts";
import { readComposite } from "./composite-needle.ts";
import { readDate } from "./date-needle.ts";
import { askMissing, isMissing } from "./missing.ts";
import { readNear } from "./near-needle.ts";
import type { Needle, NeedleFault, Questions, RangeNeedle, ReadNeedle } from "./needle.ts";
import { readQuantity } from "./quantity-needle.ts";
import { splitEscaped, unescaped, type WrittenParameter } from "./query-text.ts";
import { readReference, readReferenceIdentifier, readString } from "./text-needle.ts";
import { readOfType, readToken, readTokenText } from "./token-needle.ts";
import { readUri, readUriAbove, readUriBelow } from "./uri-needle.ts";

/** One parameter of a search: the filter, and what the index is asked of each alternative. */
export interface Criterion {
  readonly name: string;
  /** As written, with its modifier. */
  readonly label: string;
  readonly parameter?: Parameter;
  readonly matches: (resource: unknown) => boolean;
  /** Empty where the index cannot answer. */
  readonly alternatives: readonly Alternative[];
}

export interface Alternative {
  readonly questions: Questions;
  readonly range?: RangeNeedle;
  readonly codeText?: string;
  /** Of a composite of code and quantity: the quantities that stand under the code. */
  readonly coded?: readonly string[];
}

const ALTERNATIVES_MAX = 128;

/**
 * Read one parameter of a search.
 *
 * Fails:   what `SearchError` says of names, modifiers and values.
 */
export function readCriterion(
  table: ResourceType,
  written: WrittenParameter,
  now: number,
): Result<Criterion, SearchError> {
  const { label, name, modifier, value } = written;
  if (value === "") return fail({ kind: "empty-value", parameter: label });
  const texts = splitEscaped(value, ",");
  if (texts.length > ALTERNATIVES_MAX) return fail({ kind: "too-complex", parameter: label });
  if (name === ID_PARAMETER) return readIds(written, texts);
  const parameter = table.parameters.get(name);
  if (parameter === undefined) return fail({ kind: "unknown-parameter", parameter: label });
  if (modifier === "missing") return readMissing(table, parameter, written);
  if (parameter.type === "composite" && modifier === "") {
    return readComposite(table, parameter, texts, now, label, readerOf);
  }
  const read = readerOf(parameter, modifier);
  if (read === undefined) return fail({ kind: "unsupported-modifier", parameter: label, modifier });
  const needles: Needle[] = [];
  for (const text of texts) {
    const needle =
      text === "" ? fail("empty-value" as const) : read(text, parameter, { modifier, now });
    if (!needle.ok) return fail(faultOf(needle.error, label));
    needles.push(needle.value);
  }
  const negated = modifier === "not";
  const values = valuesOf(table.type, parameter);
  return ok({
    name,
    label,
    parameter,
    matches: (resource) => {
      const found = values(resource);
      return needles.some((needle) => needle.matches(found)) !== negated;
    },
    alternatives: negated ? [] : needles,
  });
}

export function faultOf(kind: NeedleFault, parameter: string): SearchError {
  return { kind, parameter };
}

/** The reader of a kind of parameter under a modifier; undefined where it has no such modifier. */
export function readerOf(parameter: Parameter, modifier: string): ReadNeedle | undefined {
  switch (parameter.type) {
    case "date":
      return modifier === "" ? readDate : undefined;
    case "number":
    case "quantity":
      return modifier === "" ? readQuantity : undefined;
    case "token":
      if (modifier === "" || modifier === "not") return readToken;
      if (modifier === "text") return readTokenText;
      return modifier === "of-type" && isIdentifier(parameter) ? readOfType : undefined;
    case "string":
      return ["", "exact", "contains"].includes(modifier) ? readString : undefined;
    case "reference":
      if (modifier === "identifier") return readReferenceIdentifier;
      return modifier === "" || resourceTypeOf(modifier) !== undefined ? readReference : undefined;
    case "uri":
      if (modifier === "above") return readUriAbove;
      if (modifier === "below") return readUriBelow;
      return modifier === "" ? readUri : undefined;
    case "special":
      return modifier === "" ? readNear : undefined;
    case "composite":
      return undefined;
  }
}

const IDENTIFIER = /(?:^|\.)(?:\w*[iI]dentifier|requisition)$/;

/** Whether the values of a token parameter are Identifiers, which may say of which type they are. */
export function isIdentifier({ type, paths }: Parameter): boolean {
  return type === "token" && paths.every(({ text }) => IDENTIFIER.test(text));
}

function readIds(
  { label, name, modifier }: WrittenParameter,
  texts: readonly string[],
): Result<Criterion, SearchError> {
  const negated = modifier === "not";
  if (modifier !== "" && !negated) {
    return fail({ kind: "unsupported-modifier", parameter: label, modifier });
  }
  const ids = texts.map(unescaped);
  if (ids.includes("")) return fail({ kind: "empty-value", parameter: label });
  const alternatives = negated ? [] : ids;
  return ok({
    name,
    label,
    matches: (resource) =>
      ids.includes((resource as { readonly id?: string }).id ?? "") !== negated,
    alternatives: alternatives.map((keyword) => ({
      questions: [[{ kind: "tag", attribute: ID_PARAMETER, keyword }]],
    })),
  });
}

function readMissing(
  table: ResourceType,
  parameter: Parameter,
  { label, name, value }: WrittenParameter,
): Result<Criterion, SearchError> {
  if (value !== "true" && value !== "false") return fail({ kind: "bad-value", parameter: label });
  const wanted = value === "true";
  const missing = isMissing(table, parameter);
  const questions = askMissing(table, parameter, wanted);
  return ok({
    name,
    label,
    parameter,
    matches: (resource) => missing(resource) === wanted,
    alternatives: questions.length === 0 ? [] : [{ questions }],
  });
}
