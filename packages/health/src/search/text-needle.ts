import { fail, ok } from "@salus/base";
import { foldText } from "../canonical/fold.ts";
import {
  codingsOf,
  prefixKeyword,
  type ReferenceParts,
  referenceKeyword,
  referenceParts,
  referenceText,
  stringsOf,
} from "../canonical/keyword.ts";
import type { Parameter } from "../policy/parameter.ts";
import { isObject } from "../policy/path.ts";
import { askKeyword, type ReadNeedle } from "./needle.ts";
import { splitEscaped, unescaped } from "./query-text.ts";
import { isUri } from "./uri-needle.ts";

/** Read a string search: a beginning, whatever case and accents; `:exact`; `:contains`. */
export const readString: ReadNeedle = (text, parameter, { modifier }) => {
  const exact = unescaped(text);
  const wanted = foldText(exact);
  if (wanted === "") return fail("empty-value");
  const test = stringTest(modifier, exact, wanted);
  return ok({
    matches: (values) => values.some((value) => (stringsOf(value) ?? []).some(test)),
    questions: modifier === "contains" ? [] : askKeyword(parameter, prefixKeyword(wanted)),
  });
};

function stringTest(modifier: string, exact: string, wanted: string): (found: string) => boolean {
  if (modifier === "exact") return (found) => found === exact;
  if (modifier === "contains") return (found) => foldText(found).includes(wanted);
  return (found) => foldText(found).startsWith(wanted);
}

/** Read a reference: `id`, `Type/id`, an absolute address, a urn, a canonical. */
export const readReference: ReadNeedle = (text, parameter, { modifier }) => {
  const written = unescaped(text);
  const wanted = referenceParts(modifier === "" ? written : `${modifier}/${written}`);
  if (wanted === undefined) return fail("empty-value");
  // A modifier and a value that name two types contradict each other.
  if (modifier !== "" && wanted.type !== modifier) return fail("bad-value");
  return ok({
    matches: (values) =>
      values.some((value) => {
        const found = referenceText(value);
        if (found === undefined) return false;
        if (isUri(found, written)) return allows(parameter, typeOf(value, referenceParts(found)));
        // An address with a version, or a conditional reference, is itself and nothing else.
        return !written.includes("|") && pointsTo(value, found, wanted, parameter);
      }),
    questions: askKeyword(parameter, referenceKeyword(written)),
  });
};

function pointsTo(
  value: unknown,
  text: string,
  wanted: ReferenceParts,
  parameter: Parameter,
): boolean {
  const found = referenceParts(text);
  if (found === undefined || found.kind === "other" || found.id !== wanted.id) return false;
  const type = typeOf(value, found);
  if (!allows(parameter, type)) return false;
  return type === "" || wanted.type === "" || type === wanted.type;
}

/** A urn does not say its type; the element beside it may. */
function typeOf(value: unknown, found: ReferenceParts | undefined): string {
  if (found !== undefined && found.type !== "") return found.type;
  return isObject(value) && typeof value.type === "string" ? value.type : "";
}

function allows({ targets }: Parameter, type: string): boolean {
  return type === "" || targets.length === 0 || targets.includes(type);
}

/** Read `:identifier`: the logical identifier of what is pointed to. It is not indexed. */
export const readReferenceIdentifier: ReadNeedle = (text) => {
  const parts = splitEscaped(text, "|").map(unescaped);
  const code = parts.at(-1) ?? "";
  if (parts.length > 2 || code === "") return fail("bad-token");
  const system = parts.length === 2 ? parts[0] : undefined;
  return ok({
    matches: (values) =>
      values.some((value) =>
        (isObject(value) ? (codingsOf(value.identifier) ?? []) : []).some(
          (found) => found.code === code && (system === undefined || found.system === system),
        ),
      ),
    questions: [],
  });
};
