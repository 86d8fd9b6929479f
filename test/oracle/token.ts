import { at, isObject, type Json, texts } from "./json.ts";
import type { Rules } from "./rules.ts";
import { stringMatches } from "./string.ts";

/** One token of an element. `system` is undefined where the element has none. */
interface Token {
  readonly system: string | undefined;
  readonly code: string;
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

/** The tokens of a code, boolean, Coding, CodeableConcept, Identifier or ContactPoint. */
function tokensOf(value: Json): Token[] {
  if (typeof value === "string" || typeof value === "boolean") {
    return [{ system: undefined, code: String(value) }];
  }
  if (!isObject(value)) return [];
  if (Array.isArray(value.coding)) return (value.coding as Json[]).flatMap(tokensOf);
  const system = textOf(value.system);
  const code = textOf(value.code);
  if (code !== undefined) return [{ system, code }];
  const contact = system !== undefined && !system.includes(":");
  const own = textOf(value.value);
  return own === undefined ? [] : [{ system: contact ? undefined : system, code: own }];
}

/** A search text split at unescaped bars. */
export const bars = (text: string): string[] =>
  text.split(/(?<!\\)\|/).map((part) => part.replace(/\\([\\|$,])/g, "$1"));

const sameCode = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Whether an element has the token asked for: `code`, `system|code`, `|code` (no system), `system|`.
 * Codes are compared without case, systems with it: R4 asks for the former "when in doubt".
 */
export function tokenMatches(value: Json, asked: string, rules: Rules): boolean {
  const [first = "", second] = bars(asked);
  return tokensOf(value).some(({ system, code }) => {
    if (second === undefined) return sameCode(code, first);
    if (first === "") {
      const bare = system === undefined && (isObject(value) || rules.reading === "literal");
      return bare && sameCode(code, second);
    }
    return system === first && (second === "" || sameCode(code, second));
  });
}

/** `:text`: the words beside the code, searched like a string. */
export function tokenTextMatches(value: Json, asked: string): boolean {
  const words = [
    ...texts(value, "text"),
    ...texts(value, "display"),
    ...texts(value, "coding.display"),
    ...texts(value, "type.text"),
  ];
  return words.some((word) => stringMatches("", word, asked));
}

/** `:of-type` on identifiers: `system|code|value` of the identifier's type, and its value. */
export function ofTypeMatches(value: Json, asked: string, rules: Rules): boolean {
  const [system = "", code = "", own = ""] = bars(asked);
  if (!isObject(value) || typeof value.value !== "string") return false;
  if (!sameCode(value.value, own)) return false;
  return at(value, "type.coding").some((coding) =>
    tokenMatches(coding, `${system}|${code}`, rules),
  );
}
