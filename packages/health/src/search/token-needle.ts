import { fail, ok } from "@salus/base";
import { countCodePoints, foldText, foldToken } from "../canonical/fold.ts";
import {
  codeKeyword,
  codingsOf,
  systemKeyword,
  TEXT_PREFIX_LENGTH,
  textKeyword,
  textsOf,
} from "../canonical/keyword.ts";
import { textParameter } from "../derive/attribute.ts";
import type { Parameter } from "../policy/parameter.ts";
import { elementsAt, isObject, parsePath } from "../policy/path.ts";
import { askKeyword, type Questions, type ReadNeedle } from "./needle.ts";
import { splitEscaped, unescaped } from "./query-text.ts";

/** `undefined` for what the search leaves open; an empty system means: none. */
interface Wish {
  readonly system: string | undefined;
  readonly code: string | undefined;
}

/** Systems that elements of type code are bound to in R4. */
const BINDING = /^(?:http:\/\/hl7\.org\/fhir\/|http:\/\/terminology\.hl7\.org\/|urn:ietf:bcp:)/;

/** Read `code`, `system|code`, `|code` and `system|`. */
export const readToken: ReadNeedle = (text, parameter) => {
  const parts = splitEscaped(text, "|").map(unescaped);
  if (parts.length > 2) return fail("bad-token");
  const [first = "", second] = parts;
  if (first === "" && (second ?? "") === "") return fail("empty-value");
  const wish: Wish = {
    system: second === undefined ? undefined : first,
    code: second === undefined ? first : second === "" ? undefined : second,
  };
  return ok({
    matches: (values) => values.some((value) => hasCoding(value, wish)),
    questions: askCoding(parameter, wish),
    ...(wish.code === undefined ? {} : { codeText: codeKeyword(wish.code) }),
  });
};

function hasCoding(value: unknown, wish: Wish): boolean {
  // A plain code or boolean has its system by its binding, which is not in the data.
  const isBound = !isObject(value);
  const code = wish.code === undefined ? undefined : foldToken(wish.code);
  return (codingsOf(value) ?? []).some(
    (coding) =>
      (code === undefined ? coding.code !== "" : foldToken(coding.code) === code) &&
      (wish.system === undefined ||
        coding.system === wish.system ||
        (isBound && code !== undefined && BINDING.test(wish.system))),
  );
}

/** The bare code stands for itself with any system; the filter looks at the system. */
function askCoding(parameter: Parameter, wish: Wish): Questions {
  if (wish.code !== undefined) return askKeyword(parameter, codeKeyword(wish.code));
  if (!parameter.system || wish.system === undefined) return [];
  return askKeyword(parameter, systemKeyword(wish.system));
}

/** Read `:text`: the beginning of a display or text. */
export const readTokenText: ReadNeedle = (text, parameter) => {
  const wanted = foldText(unescaped(text));
  if (wanted === "") return fail("empty-value");
  // A beginning shorter than the keywords are may go on in many ways.
  const long = countCodePoints(wanted) >= TEXT_PREFIX_LENGTH;
  const keyword = parameter.text && long ? textKeyword(wanted) : undefined;
  return ok({
    matches: (values) =>
      values.some((value) => textsOf(value).some((found) => foldText(found).startsWith(wanted))),
    questions:
      keyword === undefined
        ? []
        : [[{ kind: "tag", attribute: textParameter(parameter.name), keyword }]],
  });
};

const IDENTIFIER_TYPE = parsePath("type.coding");

/** Read `:of-type`: `system|code|value` of an identifier's type and the identifier. */
export const readOfType: ReadNeedle = (text, parameter) => {
  const parts = splitEscaped(text, "|").map(unescaped);
  const [system = "", code = "", wanted = ""] = parts;
  if (parts.length !== 3 || code === "" || wanted === "") return fail("bad-token");
  return ok({
    matches: (values) =>
      values.some(
        (value) =>
          isObject(value) &&
          typeof value.value === "string" &&
          foldToken(value.value) === foldToken(wanted) &&
          elementsAt(value, IDENTIFIER_TYPE).some((type) => hasCoding(type, { system, code })),
      ),
    questions: askKeyword(parameter, codeKeyword(wanted)),
  });
};
