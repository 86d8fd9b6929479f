import { fail, ok, type Result } from "@salus/base";
import type { Match } from "@salus/client";
import { BALANCED, compileSearch } from "@salus/health";
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
