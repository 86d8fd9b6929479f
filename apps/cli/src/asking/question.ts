import { fail, ok, type Result } from "@salus/base";
import type { Match } from "@salus/client";
import { BALANCED, compileSearch, type SearchError } from "@salus/health";
import type { Failure } from "../words.ts";

/** A search as it was typed, understood as far as the program itself needs. */
export interface Question {
  readonly type: string;
  /** What is asked of each vault: everything, when the matches are only to be counted. */
  readonly text: string;
  /** At most so many matches are shown. */
  readonly most: number | undefined;
  /** Whether the number of all matches is wanted, beyond those that are shown. */
  readonly counts: boolean;
  /** The order of matches from several vaults; none when it was not asked for. */
  readonly compare: ((a: Match, b: Match) => number) | undefined;
}

/** Understand a search before anybody is asked. Fails: `bad-search`. */
export function questionOf(text: string): Result<Question, Failure> {
  const compiled = compileSearch(text, { policy: BALANCED, now: Date.now() });
  if (!compiled.ok) return fail({ kind: "bad-search", error: compiled.error });
  const { type, sort, count, total, compare } = compiled.value;
  return ok({
    type,
    text: total ? uncounted(text) : text,
    most: count,
    counts: total,
    compare: sort.length === 0 ? undefined : (a, b) => compare(a.resource, b.resource),
  });
}

/** The same search without a limit. */
function uncounted(text: string): string {
  const [path = "", query = ""] = text.split(/\?(.*)/s);
  const kept = query.split("&").filter((part) => !/^(?:_count|_total|_summary)=/.test(part));
  return kept.length === 0 || kept[0] === "" ? path : `${path}?${kept.join("&")}`;
}

/** What is wrong with a search, in words; its values are not repeated. */
export function searchErrorText(error: SearchError): string {
  switch (error.kind) {
    case "unknown-type":
      return `${error.type || "nothing"} is no type of resource that a record has`;
    case "unknown-parameter":
      return `there is no search parameter ${error.parameter} for this type`;
    case "unsupported-parameter":
      return `${error.parameter} is not supported: leaving it out would change the answer`;
    case "unsupported-chain":
      return `${error.parameter}: chained searches are not supported`;
    case "unsupported-modifier":
      return `${error.parameter} does not take the modifier :${error.modifier}`;
    case "bad-date":
      return `${error.parameter}: that is no date; 2015-01-31 or ge2015 is meant`;
    case "bad-number":
      return `${error.parameter}: that is no number`;
    case "bad-unit":
      return `${error.parameter}: that unit is not known; UCUM's mm[Hg] or kg is meant`;
    case "bad-token":
      return `${error.parameter}: system|code, or code, is meant`;
    case "bad-composite":
      return `${error.parameter}: two values with $ between them are meant`;
    case "bad-value":
      return `${error.parameter} does not take that value`;
    case "empty-value":
      return `${error.parameter} has no value`;
    case "bad-encoding":
      return "it holds a % that encodes nothing";
    case "too-complex":
      return "it has too many parameters or alternatives";
  }
}
