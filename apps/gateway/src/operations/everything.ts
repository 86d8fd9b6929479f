import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { compartmentParameters, isOfPeriod, readQueryText, SEARCHED_TYPES } from "@salus/health";
import { standing } from "../interactions/standing.ts";
import { type Outcome, outcomeOfSearchError, refusal } from "../outcome.ts";
import { Answer } from "../search/answer.ts";
import { compartmentTest } from "../search/compartment-test.ts";
import { Evaluation, nameOf } from "../search/evaluation.ts";
import { byName } from "../search/inclusion.ts";
import type { SearchRequest } from "../search/request.ts";
import { Sequence } from "../search/sequence.ts";
import { COUNT_MAX } from "../search/shape.ts";
import type { Tally } from "../search/tally.ts";
import { outcomeOfTrouble, type Trouble } from "../search/trouble.ts";
import type { Stored, World } from "../world.ts";
import { pointedFrom } from "./pointed-from.ts";

/** What of a patient's record is asked for. */
interface Wish {
  readonly count: number;
  readonly types: ReadonlySet<string> | undefined;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly start: number;
  readonly end: number;
}

const PATH = /^Patient\/([A-Za-z0-9.-]{1,64})\/\$everything$/;

/**
 * `Patient/{id}/$everything`: she herself, all that is in her compartment, and what that refers to and is of
 * nobody: practitioners, organisations, places, medications. Those are marked as included.
 *
 * Takes:   `_since`, `_type`, `_count`, `start` and `end`; the last two are about when care was given.
 * Fails:   an outcome: 404 or 410 where there is no such patient; 400 for a parameter that is none of these.
 * Source:  FHIR R4, Patient, operation everything.
 */
export async function everythingOf(
  world: World,
  request: SearchRequest,
  tally: Tally,
): Promise<Result<Answer, Outcome>> {
  const [, patient] = PATH.exec(request.path) ?? [];
  if (patient === undefined) {
    return fail(refusal(404, "not-supported", "Everything is asked of one patient."));
  }
  const asked = readWish(request);
  if (!asked.ok) return asked;
  const { wish, dropped } = asked.value;
  const herself = await standing(world, "Patient", patient);
  if (!herself.ok) return herself;
  const evaluation = new Evaluation(world, tally);
  const found = await recordOf(evaluation, patient, herself.value, wish);
  if (!found.ok) return fail(outcomeOfTrouble(found.error));
  const { own, others } = found.value;
  const sequence = new Sequence([...own, ...others]);
  const includes = new Set(others.map(({ resource }) => nameOf(resource)));
  const query = request.query === "" ? "" : `?${request.query}`;
  const { asker, base, path } = request;
  const shape = { count: wish.count, total: "known", sort: undefined } as const;
  return ok(
    new Answer({
      ...{ asker, base, sequence, includes, tally, dropped },
      applied: dropped.length > 0 ? path : `${path}${query}`,
      place: "Patient",
      shape: { ...shape, inclusions: [], projection: {} },
    }),
  );
}

async function recordOf(
  evaluation: Evaluation,
  patient: string,
  herself: Stored,
  { types, since, start, end }: Wish,
): Promise<
  Result<{ readonly own: readonly Stored[]; readonly others: readonly Stored[] }, Trouble>
> {
  const found = await evaluation.everything(patient);
  if (!found.ok) return found;
  const isHers = compartmentTest(patient);
  // What has no date is of no period, and still is everything where none was named.
  const period =
    Number.isFinite(start) || Number.isFinite(end) ? ([start, end] as const) : ([] as const);
  const all = new Map<string, Stored>([[nameOf(herself.resource), herself]]);
  for (const stored of found.value) {
    if (isHers(stored.resource) && isOfPeriod(stored.resource, period)) {
      all.set(nameOf(stored.resource), stored);
    }
  }
  const others = await referredTo(evaluation, [...all.values()], found.value);
  if (!others.ok) return others;
  const isWanted = ({ resource }: Stored): boolean =>
    (types === undefined || types.has(resource.resourceType)) && updatedAt(resource) >= since;
  const own = [...all.values()].filter(isWanted);
  return ok({ own, others: others.value.filter(isWanted) });
}

/** More steps from a record to what it refers to than there are in R4. */
const STEPS_MAX = 4;

/** What a record refers to, and what that refers to, as far as it is nobody's own. */
async function referredTo(
  evaluation: Evaluation,
  record: readonly Stored[],
  vault: readonly Stored[],
): Promise<Result<readonly Stored[], Trouble>> {
  const standing = new Map(vault.map((stored) => [nameOf(stored.resource), stored]));
  const known = new Map<string, Stored>();
  const missed = new Set<string>();
  let fresh: readonly Stored[] = record;
  for (let step = 0; step < STEPS_MAX && fresh.length > 0; step += 1) {
    const next: Stored[] = [];
    const wanted = new Map<string, Set<string>>();
    for (const { type, id } of fresh.flatMap(({ resource }) => pointedFrom(resource))) {
      const name = `${type}/${id}`;
      if (known.has(name) || missed.has(name) || compartmentParameters(type).length > 0) continue;
      missed.add(name);
      const beside = standing.get(name);
      if (beside !== undefined) next.push(beside);
      else wanted.set(type, (wanted.get(type) ?? new Set()).add(id));
    }
    const fetched = await byName(evaluation, wanted);
    if (!fetched.ok) return fetched;
    next.push(...fetched.value);
    for (const stored of next) known.set(nameOf(stored.resource), stored);
    fresh = next;
  }
  return ok([...known.values()]);
}

const COUNT = /^[1-9]\d{0,8}$/;

function readWish({
  query,
  form = "",
  lenient,
}: SearchRequest): Result<{ readonly wish: Wish; readonly dropped: readonly string[] }, Outcome> {
  const text = [query, form].filter((part) => part !== "").join("&");
  const read = readQueryText(`Patient?${text}`);
  if (!read.ok) return fail(outcomeOfSearchError(read.error));
  let wish: Wish = {
    count: COUNT_MAX,
    types: undefined,
    since: Number.NEGATIVE_INFINITY,
    start: Number.NEGATIVE_INFINITY,
    end: Number.POSITIVE_INFINITY,
  };
  const dropped: string[] = [];
  for (const { label, value } of read.value.parameters) {
    const part = readPart(label, value);
    if (part === "bad") {
      return fail(outcomeOfSearchError({ kind: "bad-value", parameter: label }));
    }
    if (part !== undefined) wish = { ...wish, ...part };
    else if (lenient) dropped.push(label);
    else return fail(outcomeOfSearchError({ kind: "unknown-parameter", parameter: label }));
  }
  return ok({ wish, dropped });
}

function readPart(label: string, value: string): Partial<Wish> | "bad" | undefined {
  switch (label) {
    case "_count":
      return COUNT.test(value) ? { count: Math.min(Number(value), COUNT_MAX) } : "bad";
    case "_type": {
      const types = value.split(",");
      return types.every((type) => SEARCHED_TYPES.includes(type))
        ? { types: new Set(types) }
        : "bad";
    }
    case "_since":
    case "start":
    case "end": {
      const time = readTime(value);
      if (time === undefined) return "bad";
      if (label === "_since") return { since: time.low };
      return label === "start" ? { start: time.low } : { end: time.high };
    }
    case "_format":
    case "_pretty":
      return {};
    default:
      return undefined;
  }
}

const TIME = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(T.+)?)?)?$/;

/** The first and the last instant of a date or time. */
function readTime(text: string): { readonly low: number; readonly high: number } | undefined {
  const [, year, month, day, time] = TIME.exec(text.replace(" ", "+")) ?? [];
  const low = Date.parse(text.replace(" ", "+"));
  if (year === undefined || Number.isNaN(low)) return undefined;
  if (time !== undefined) return { low, high: low };
  const next = new Date(low);
  if (day !== undefined) next.setUTCDate(next.getUTCDate() + 1);
  else if (month !== undefined) next.setUTCMonth(next.getUTCMonth() + 1);
  else next.setUTCFullYear(next.getUTCFullYear() + 1);
  return { low, high: next.getTime() - 1 };
}

function updatedAt({ meta }: Resource): number {
  const { lastUpdated } = (meta ?? {}) as { readonly lastUpdated?: string };
  return Date.parse(lastUpdated ?? "");
}
