import { fail, ok, type Result } from "@salus/base";
import type { SearchError } from "./compiled.ts";

/** One parameter of a search as written: `name:modifier=value`. */
export interface WrittenParameter {
  /** With its modifier, as errors name it. */
  readonly label: string;
  readonly name: string;
  /** Empty where there is none. */
  readonly modifier: string;
  /** Decoded; escapes of FHIR (`\,` and the like) still stand. */
  readonly value: string;
}

export interface WrittenSearch {
  readonly type: string;
  readonly parameters: readonly WrittenParameter[];
}

const QUERY_LENGTH_MAX = 16_384;
const PATH = /^\/?(?:([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})\/)?([A-Za-z]+)$/;

/**
 * Take a search apart: `Type?name=value&…`, or `Patient/id/Type?…`, which asks for one patient.
 *
 * Fails:   `bad-encoding`, `unknown-type` for a path of another form, `too-complex` when too long.
 */
export function readQueryText(text: string): Result<WrittenSearch, SearchError> {
  if (text.length > QUERY_LENGTH_MAX) return fail({ kind: "too-complex", parameter: "" });
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  const found = PATH.exec(path);
  if (found === null) return fail({ kind: "unknown-type", type: path.slice(0, 64) });
  const [, compartment, id, type = ""] = found;
  const parameters: WrittenParameter[] = [];
  if (compartment !== undefined && id !== undefined) {
    if (compartment !== "Patient") return fail({ kind: "unknown-type", type: compartment });
    parameters.push({ label: "patient", name: "patient", modifier: "", value: id });
  }
  for (const part of mark < 0 ? [] : text.slice(mark + 1).split("&")) {
    if (part === "") continue;
    const parameter = readParameter(part);
    if (parameter === undefined) return fail({ kind: "bad-encoding" });
    parameters.push(parameter);
  }
  return ok({ type, parameters });
}

function readParameter(part: string): WrittenParameter | undefined {
  const equals = part.indexOf("=");
  const label = decode(equals < 0 ? part : part.slice(0, equals));
  const value = decode(equals < 0 ? "" : part.slice(equals + 1));
  if (label === undefined || value === undefined) return undefined;
  const colon = label.indexOf(":");
  const name = colon < 0 ? label : label.slice(0, colon);
  return { label, name, modifier: colon < 0 ? "" : label.slice(colon + 1), value };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined; // A percent sign without its digits, or bytes that are no UTF-8.
  }
}

/** Split at a mark that no backslash escapes; escapes stay. */
export function splitEscaped(text: string, mark: "," | "|" | "$"): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === mark) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** Take the escapes of FHIR away. */
export function unescaped(text: string): string {
  return text.replace(/\\([,|$\\])/g, "$1");
}

const READABLE = /%(?:2C|7C|24|3A|2F|40)/g;

/** The search as applied, as one text for one meaning. */
export function writeQueryText(type: string, parameters: readonly WrittenParameter[]): string {
  const query = parameters.map(({ label, value }) => `${encode(label)}=${encode(value)}`).join("&");
  return query === "" ? type : `${type}?${query}`;
}

function encode(text: string): string {
  // Lone surrogates, which no URL can hold, become the replacement character.
  const whole = text.replace(/\p{Surrogate}/gu, "\ufffd");
  return encodeURIComponent(whole).replace(READABLE, decodeURIComponent);
}
