import { isObject } from "../policy/path.ts";
import { countCodePoints, cut, firstCodePoints, foldText, foldToken } from "./fold.ts";

/** A code and the system it is of; either may be empty. */
export interface Coding {
  readonly system: string;
  readonly code: string;
}

/** Lengths, in code points, at which the beginnings of strings are indexed. */
const PREFIX_LENGTHS: readonly number[] = [8, 4, 2];
const SYSTEM_CODE_POINTS = 127;
/** Length of the indexed beginnings of displays. */
export const TEXT_PREFIX_LENGTH = 4;

const CONTACT_SYSTEMS: ReadonlySet<string> = new Set(
  "phone fax email pager url sms other".split(" "),
);

/**
 * The codings of a token element: code, boolean, Coding, CodeableConcept, Identifier, ContactPoint.
 *
 * Gives:   undefined for a value that is none of them.
 */
export function codingsOf(value: unknown): readonly Coding[] | undefined {
  if (typeof value === "string") return [{ system: "", code: value }];
  if (typeof value === "boolean") return [{ system: "", code: String(value) }];
  if (!isObject(value)) return undefined;
  const { coding } = value;
  if (Array.isArray(coding)) {
    return coding.flatMap((item) => (isObject(item) ? codingOf(item, item.code) : []));
  }
  return codingOf(value, value.code ?? value.value);
}

function codingOf(value: Readonly<Record<string, unknown>>, code: unknown): readonly Coding[] {
  const { system } = value;
  // What a contact point calls its system is of another kind: no token search means it.
  const known = typeof system === "string" && !CONTACT_SYSTEMS.has(system) ? system : "";
  if (typeof code === "string") return [{ system: known, code }];
  return known === "" ? [] : [{ system: known, code: "" }];
}

/** Displays and texts of a token element, as written. */
export function textsOf(value: unknown): readonly string[] {
  if (!isObject(value)) return [];
  const texts: string[] = [];
  const add = (text: unknown): void => {
    if (typeof text === "string" && text !== "") texts.push(text);
  };
  add(value.text);
  add(value.display);
  const { coding, type } = value;
  if (Array.isArray(coding)) for (const item of coding) if (isObject(item)) add(item.display);
  // Of an Identifier, the text of its type.
  if (isObject(type)) add(type.text);
  return texts;
}

const NAME_PARTS = ["text", "family", "given", "prefix", "suffix"] as const;
const ADDRESS_PARTS = [
  "text",
  "line",
  "city",
  "district",
  "state",
  "postalCode",
  "country",
] as const;
const STRING_PARTS: readonly string[] = [...new Set([...NAME_PARTS, ...ADDRESS_PARTS])];

/**
 * The strings of a string element: itself, or every part of a HumanName or an Address.
 *
 * Gives:   undefined for a value that is none of them.
 */
export function stringsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  if (!isObject(value)) return undefined;
  return STRING_PARTS.flatMap((part) => {
    const found = value[part];
    if (typeof found === "string") return [found];
    return Array.isArray(found) ? found.filter((item) => typeof item === "string") : [];
  });
}

/** Keyword of a code, with or without its system. Source: spec/policy.md §5. */
export function codeKeyword(code: string): string {
  return cut(foldToken(code));
}

/** Keyword of any code of a system: one code point less, so that with the bar it fits 512 bytes. */
export function systemKeyword(system: string): string {
  return `${firstCodePoints(foldToken(system), SYSTEM_CODE_POINTS)}|`;
}

/** Keywords of the beginnings of a string. */
export function prefixKeywords(text: string): readonly string[] {
  const folded = foldText(text);
  const length = countCodePoints(firstCodePoints(folded, 8));
  return PREFIX_LENGTHS.filter((prefix) => prefix <= length).map((prefix) =>
    firstCodePoints(folded, prefix),
  );
}

/** The keyword that everything beginning with a text has; undefined where it is too short. */
export function prefixKeyword(text: string): string | undefined {
  return prefixKeywords(text)[0];
}

/** Keyword of the beginning of a display; empty for a text that folds to nothing. */
export function textKeyword(text: string): string {
  return firstCodePoints(foldText(text), TEXT_PREFIX_LENGTH);
}

/** Keyword of a uri or a canonical: without its version. */
export function uriKeyword(text: string): string {
  const bar = text.indexOf("|");
  return cut(bar < 0 ? text : text.slice(0, bar));
}

/** A reference, taken apart. */
export interface ReferenceParts {
  /** `resource`: `Type/id`, relative or absolute; `urn`: an id alone; `other`: any other address. */
  readonly kind: "resource" | "urn" | "other";
  /** Empty where the text does not say it. */
  readonly type: string;
  readonly id: string;
}

const URN = /^urn:(?:uuid|oid):/i;
const REST = /^(?:.*\/)?([A-Z][A-Za-z]{1,40})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]*)?$/;

/**
 * What a reference points to, so that `Patient/1`, its absolute address and its version are one.
 *
 * Gives:   undefined for a reference to a contained resource, which no search can name.
 * Source:  spec/policy.md §5.
 */
export function referenceParts(text: string): ReferenceParts | undefined {
  if (text === "" || text.startsWith("#")) return undefined;
  if (URN.test(text)) {
    return { kind: "urn", type: "", id: text.slice(text.indexOf(":", 4) + 1).toLowerCase() };
  }
  const bar = text.indexOf("|");
  const address = bar < 0 ? text : text.slice(0, bar);
  const rest = REST.exec(address);
  if (rest === null) return { kind: "other", type: "", id: address };
  return { kind: "resource", type: rest[1] as string, id: rest[2] as string };
}

/** The text of a Reference, or of a canonical; undefined where it names nothing. */
export function referenceText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isObject(value)) return undefined;
  return typeof value.reference === "string" ? value.reference : undefined;
}

/** Keyword of a reference. */
export function referenceKeyword(text: string): string | undefined {
  const parts = referenceParts(text);
  return parts === undefined ? undefined : cut(parts.id);
}
