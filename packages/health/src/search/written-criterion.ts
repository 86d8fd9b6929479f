import { fail, ok, type Result } from "@salus/base";
import { ID_PARAMETER } from "../derive/attribute.ts";
import type { Parameter } from "../policy/parameter.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import { valuesOf } from "../policy/values.ts";
import type { SearchError } from "./compiled.ts";
import { readComposite } from "./composite-needle.ts";
import type { Criterion } from "./criterion.ts";
import { askMissing, isMissing } from "./missing.ts";
import type { Needle, NeedleFault } from "./needle.ts";
import { readerOf } from "./needle-reader.ts";
import { splitEscaped, unescaped, type WrittenParameter } from "./query-text.ts";

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
    return readComposite(table, parameter, texts, now, label);
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

function faultOf(kind: NeedleFault, parameter: string): SearchError {
  return { kind, parameter };
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
