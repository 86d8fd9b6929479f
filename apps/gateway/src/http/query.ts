import { fail, ok, type Result } from "@salus/base";
import { type Outcome, refusal } from "../outcome.ts";

/** One parameter of an address. */
export interface Parameter {
  /** With its modifier. */
  readonly name: string;
  readonly value: string;
  /** As it came, still encoded. */
  readonly written: string;
}

/** The query of an address: what is about the form of the answer, and the rest. */
export interface Query {
  readonly format: string | undefined;
  readonly pretty: boolean;
  /** Everything but `_format` and `_pretty`, in order. */
  readonly parameters: readonly Parameter[];
  /** The same as one text, as it came. */
  readonly text: string;
}

/** Longer than what any search needs; what is longer can be sent as a form. */
const QUERY_LENGTH_MAX = 16_384;

/**
 * Take a query apart.
 *
 * Takes:   what stands behind the question mark.
 * Fails:   400 for what is not percent-encoded UTF-8; 414 for what is too long.
 */
export function readQuery(text: string): Result<Query, Outcome> {
  if (text.length > QUERY_LENGTH_MAX) {
    return fail(refusal(414, "too-long", "The query is too long. Send it as a form to _search."));
  }
  const parameters: Parameter[] = [];
  for (const written of text.split("&")) {
    if (written === "") continue;
    const equals = written.indexOf("=");
    const name = decode(equals < 0 ? written : written.slice(0, equals));
    const value = decode(equals < 0 ? "" : written.slice(equals + 1));
    if (name === undefined || value === undefined) {
      return fail(refusal(400, "invalid", "The query is not percent-encoded UTF-8."));
    }
    parameters.push({ name, value, written });
  }
  const last = (of: string): string | undefined =>
    parameters.findLast(({ name }) => name === of)?.value;
  const kept = parameters.filter(({ name }) => name !== "_format" && name !== "_pretty");
  return ok({
    format: last("_format"),
    pretty: last("_pretty") === "true",
    parameters: kept,
    text: kept.map(({ written }) => written).join("&"),
  });
}

/**
 * Refuse a parameter that an interaction does not have, so that nobody believes it was heeded.
 *
 * Fails:   400, unless `lenient`.
 */
export function allowOnly(
  { parameters }: Query,
  allowed: readonly string[],
  { lenient }: { readonly lenient: boolean },
): Result<undefined, Outcome> {
  const odd = parameters.find(({ name }) => !allowed.includes(name));
  if (odd === undefined || lenient) return ok(undefined);
  const parameter = odd.name.slice(0, 64);
  const says = "It is not known here. With Prefer: handling=lenient it is left out.";
  return fail(refusal(400, "not-supported", `The parameter ${parameter}: ${says}`, { parameter }));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
