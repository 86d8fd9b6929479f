import { ok, type Result } from "@salus/base";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { dateTime } from "./lines.ts";
import { listOf, worstOf } from "./lists.ts";
import { roomOf } from "./room.ts";
import { rememberSeen } from "./seen.ts";
import type { FewView, HomeView, Line, ListView, ResultView, TrendsView } from "./views.ts";

const QUERIES = {
  allergies: ["AllergyIntolerance?_sort=-date"],
  problems: ["Condition?clinical-status=active,recurrence,relapse&_sort=-onset-date"],
  medications: [
    "MedicationRequest?status=active,on-hold&_sort=-authoredon",
    "MedicationStatement?status=active,intended&_sort=-effective",
  ],
  results: ["Observation?category=laboratory&_sort=-date"],
  vitals: ["Observation?category=vital-signs&_sort=-date"],
} as const;
type Name = keyof typeof QUERIES;

const FEW = 12;
/** So many measurements say what was measured last; how it went takes more of them, and comes after. */
const LATEST = 48;
const MEASURED = 120;
const RESULTS_SHOWN = 6;
const TREND_MAX = 12;

/**
 * What somebody wants to know first: what she must not be given, what she has, what she takes, and what
 * was measured last. Five questions at once, each for its newest answers.
 *
 * Fails:   any `ClientError`.
 */
export function home(): Promise<Result<HomeView, Problem>> {
  return withOpen((open) => rememberSeen(open, "home", () => readHome(open)));
}

async function readHome(open: Open): Promise<Result<HomeView, Failure>> {
  const after = open.exchanges.mark();
  const names = Object.keys(QUERIES) as Name[];
  const found = await Promise.all(
    names.map((name) => {
      const isMeasured = name === "results" || name === "vitals";
      return listOf(open, QUERIES[name], { count: isMeasured ? LATEST : FEW });
    }),
  );
  const lists: Partial<Record<Name, ListView>> = {};
  for (const [at, list] of found.entries()) {
    if (!list.ok) return list;
    lists[names[at] as Name] = list.value;
  }
  const { allergies, problems, medications, results, vitals } = lists as Record<Name, ListView>;
  const all = [allergies, problems, medications, results, vitals];
  const queries = all.flatMap(({ asked }) => asked.queries);
  const answered = await roomOf(open).answered(queries, [], after);
  return ok({
    ...answered,
    coverage: worstOf(all),
    allergies: fewOf(allergies),
    problems: fewOf(problems),
    medications: fewOf(medications),
    results: resultsOf(results.lines),
    vitals: resultsOf(vitals.lines),
  });
}

/**
 * How the latest results and vital signs went before: what the home shows at first, further back.
 *
 * Fails:   any `ClientError`.
 */
export function trends(): Promise<Result<TrendsView, Problem>> {
  return withOpen(async (open): Promise<Result<TrendsView, Failure>> => {
    const order = { count: MEASURED, goesOn: true };
    const results = await listOf(open, QUERIES.results, order);
    if (!results.ok) return results;
    const vitals = await listOf(open, QUERIES.vitals, order);
    if (!vitals.ok) return vitals;
    return ok({ results: resultsOf(results.value.lines), vitals: resultsOf(vitals.value.lines) });
  });
}

function fewOf({ lines, total }: ListView): FewView {
  // What somebody has taken back is not said of her; what was said several times stands here once.
  const newest = new Map<string, Line>();
  for (const line of lines) {
    const name = line.title === "" ? line.handle : line.title.toLowerCase();
    if (line.status !== "entered-in-error" && !newest.has(name)) newest.set(name, line);
  }
  return { lines: [...newest.values()], more: total === undefined };
}

/** The latest of each kind, with what it was before. Takes: `lines`, the newest first. */
function resultsOf(lines: readonly Line[]): readonly ResultView[] {
  const kinds = new Map<string, Line[]>();
  for (const line of lines) {
    const [value] = line.values;
    if (value === undefined || line.status === "entered-in-error") continue;
    const kind = `${line.title} ${value.unit}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), line]);
  }
  return [...kinds.values()].slice(0, RESULTS_SHOWN).flatMap((same) => {
    const [latest] = same;
    if (latest === undefined) return [];
    const trend = same.slice(0, TREND_MAX).flatMap(({ date, values }) => {
      const [time, number] = [dateTime(date), values[0]?.number];
      return number === undefined || !Number.isFinite(time) ? [] : [{ time, number }];
    });
    return [{ handle: latest.handle, title: latest.title, latest, trend: trend.toReversed() }];
  });
}
