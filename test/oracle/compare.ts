import type { Entry } from "./dataset.ts";
import { compareBySort, sortKeys } from "./order.ts";
import { parse, type Search } from "./query.ts";
import type { Rules } from "./rules.ts";
import { answers } from "./search.ts";

/** A question to put to the oracle and to the product alike. */
export interface Question {
  readonly text: string;
  readonly patient?: string;
  /** Only what this organisation made. */
  readonly organisation?: string;
  readonly kinds: readonly string[];
}

/** All answers to a question, in the order it asks for, `_count` not yet applied. */
export function expected(question: Question, entries: readonly Entry[], rules: Rules): Entry[] {
  const search = parse(question.text);
  const found = entries.filter(
    (entry) =>
      entry.type === search.type &&
      (question.patient === undefined || entry.patient === question.patient) &&
      (question.organisation === undefined || entry.organisation === question.organisation) &&
      answers(entry.resource, search, rules),
  );
  if (search.sort.length === 0) return found;
  const keyed = found.map((entry) => ({ entry, keys: sortKeys(entry.resource, search) }));
  keyed.sort((a, b) => compareBySort(a.keys, b.keys, search));
  return keyed.map(({ entry }) => entry);
}

/**
 * What is wrong with an answer, or undefined. Ties of a sort have no order: the answer's keys must
 * run as the oracle's do, and every resource must be one of the oracle's, none twice, none missing.
 */
export function difference(
  question: Question,
  oracle: readonly Entry[],
  given: readonly string[],
): string | undefined {
  const search = parse(question.text);
  const wanted = new Map(oracle.map((entry) => [`${entry.type}/${entry.id}`, entry]));
  const size = Math.min(oracle.length, search.count ?? oracle.length);
  const extra = given.find((name) => !wanted.has(name));
  if (extra !== undefined) return `${extra} is no answer`;
  if (new Set(given).size !== given.length) return "an answer is given twice";
  if (given.length !== size) {
    const missing = [...wanted.keys()].find((name) => !given.includes(name));
    return `${given.length} answers instead of ${size}, without ${missing}`;
  }
  return misplaced(search, oracle, given, wanted);
}

function misplaced(
  search: Search,
  oracle: readonly Entry[],
  given: readonly string[],
  wanted: ReadonlyMap<string, Entry>,
): string | undefined {
  if (search.sort.length === 0) return undefined;
  for (const [at, name] of given.entries()) {
    const [here, there] = [wanted.get(name) as Entry, oracle[at] as Entry];
    const keys = sortKeys(here.resource, search);
    if (compareBySort(keys, sortKeys(there.resource, search), search) !== 0) {
      return `${name} is out of order at ${at}`;
    }
  }
  return undefined;
}
