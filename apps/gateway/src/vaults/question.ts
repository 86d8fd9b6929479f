import { ok, type Result } from "@salus/base";
import {
  BALANCED,
  type Clause,
  compileSearch,
  readQueryText,
  type SearchError,
  writeQueryText,
} from "@salus/health";

/** A search as it is asked of the vaults. */
export interface Question {
  /** Without what says how many of its matches are wanted: names that several vaults have are given once. */
  readonly text: string;
  readonly count: number;
  readonly total: boolean;
  readonly pageSize: number;
  /** Parameters that the cloud answers, and all that were asked. */
  readonly evaluated: number;
  readonly asked: number;
}

/** Parameters that shape an answer, and choose nothing. */
const SHAPING = new Set("_count _sort _total _summary _format _pretty _elements".split(" "));
const PAGE = { least: 25, most: 500 };

/** Read a search without composition. Fails: any `SearchError`. */
export function questionOf(query: string): Result<Question, SearchError> {
  const now = Date.now();
  const compiled = compileSearch(query, { policy: BALANCED, now });
  if (!compiled.ok) return compiled;
  const written = readQueryText(query);
  if (!written.ok) return written;
  const { type, parameters } = written.value;
  const { count = Number.POSITIVE_INFINITY, total, sort } = compiled.value;
  const rest = parameters.filter(({ label }) => !["_count", "_total", "_summary"].includes(label));
  const criteria = parameters.filter(({ label }) => !SHAPING.has(label));
  const all = clausesOf(type, now);
  const evaluated = criteria.filter((parameter) => {
    const alone = clausesOf(writeQueryText(type, [parameter]), now);
    return JSON.stringify(alone) !== JSON.stringify(all);
  });
  const wanted = sort.length > 0 ? Math.min(count + (count >> 2), PAGE.most) : PAGE.most;
  return ok({
    text: writeQueryText(type, rest),
    count,
    total,
    pageSize: Math.max(wanted, PAGE.least),
    evaluated: evaluated.length,
    asked: criteria.length,
  });
}

/** What the cloud is asked; of a search that it cannot answer, no more than the type. */
function clausesOf(query: string, now: number): readonly Clause[] {
  const compiled = compileSearch(query, { policy: BALANCED, now });
  return compiled.ok ? compiled.value.clauses : [];
}
