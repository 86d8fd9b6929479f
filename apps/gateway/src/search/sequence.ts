import { fail, ok, type Result } from "@salus/base";
import { BALANCED, compileSearch, writeQueryText } from "@salus/health";
import type { Stored, WorldError } from "../world.ts";
import type { Asked, Branch } from "./asked.ts";
import { compartmentTest } from "./compartment-test.ts";
import { written } from "./criterion.ts";
import { type Evaluation, nameOf, type Plain } from "./evaluation.ts";
import type { Trouble } from "./trouble.ts";

/** The matches of a search in their order, as far as they have been taken; the rest comes when it is wanted. */
export class Sequence {
  readonly matches: Stored[];
  readonly #given: Set<string>;
  #rest: Rest | undefined;

  /** Takes:   `rest`, how to ask for everything again, from the beginning; nothing where this is all. */
  constructor(matches: readonly Stored[], rest?: Rest) {
    this.matches = [...matches];
    this.#given = new Set(matches.map(({ resource }) => nameOf(resource)));
    this.#rest = rest;
  }

  /** Whether there is nothing behind `matches`. */
  get complete(): boolean {
    return this.#rest === undefined;
  }

  /** Have at least `count` matches, if there are so many. */
  async reach(count: number): Promise<Result<void, Trouble>> {
    while (this.#rest !== undefined && this.matches.length < count) {
      const next = await this.#rest.next();
      if (!next.ok) {
        this.close();
        return next;
      }
      if (next.value === undefined) this.#rest = undefined;
      else if (this.#isWanted(next.value, this.#rest.began)) {
        this.#given.add(nameOf(next.value.resource));
        this.matches.push(next.value);
      }
    }
    return ok(undefined);
  }

  close(): void {
    this.#rest?.close();
    this.#rest = undefined;
  }

  /** What was made after the first page was given belongs to the next search, not to a page of this one. */
  #isWanted({ resource }: Stored, began: number): boolean {
    const { versionId, lastUpdated } = (resource.meta ?? {}) as {
      readonly versionId?: string;
      readonly lastUpdated?: string;
    };
    const born = versionId === "1" && Date.parse(lastUpdated ?? "") > began;
    return !born && !this.#given.has(nameOf(resource));
  }
}

/** One answer goes on for so many pages that each open as many records as one request may; some are fetched ahead. */
const AHEAD = { pages: 20, soon: 100 };

/** The matches behind those that a first page needed, taken one after the other. */
class Rest {
  readonly began: number;
  readonly #evaluation: Evaluation;
  readonly #branch: { readonly type: string; readonly plain: readonly Plain[] };
  readonly #sort: Labelled;
  #iterator: AsyncIterator<Result<Stored, WorldError>> | undefined;

  constructor(
    evaluation: Evaluation,
    branch: { readonly type: string; readonly plain: readonly Plain[] },
    sort: Labelled,
    began: number,
  ) {
    this.#evaluation = evaluation;
    this.#branch = branch;
    this.#sort = sort;
    this.began = began;
  }

  async next(): Promise<Result<Stored | undefined, Trouble>> {
    const { type, plain } = this.#branch;
    if (this.#iterator === undefined) {
      const found = await this.#evaluation.find(type, plain, this.#sort, AHEAD);
      if (!found.ok) return found;
      this.#iterator = found.value[Symbol.asyncIterator]();
    }
    const step = await this.#iterator.next();
    if (step.done === true) return ok(undefined);
    const { value } = step;
    return value.ok ? value : fail(this.#evaluation.troubleOf(value.error, type, plain));
  }

  close(): void {
    void this.#iterator?.return?.();
  }
}

type Labelled = readonly (readonly [label: string, value: string])[];

/**
 * Begin to answer a search: the first page is asked for by itself, where the encrypted world can sort and
 * choose; what must be joined or counted is gathered whole, within the bound.
 */
export async function sequenceOf(
  evaluation: Evaluation,
  asked: Asked,
  now: number,
): Promise<Result<Sequence, Trouble>> {
  const { branches, shape, wholeOf } = asked;
  if (wholeOf !== undefined) return wholeCompartment(evaluation, asked, wholeOf, now);
  const sort: Labelled = shape.sort === undefined ? [] : [["_sort", shape.sort]];
  const [only] = branches;
  if (branches.length !== 1 || only === undefined) {
    const all = await gatherAll(evaluation, branches);
    return all.ok ? ok(new Sequence(sorted(all.value, asked, now))) : all;
  }
  const lowered = await evaluation.lower(only.type, only.criteria);
  if (!lowered.ok) return lowered;
  const { plain, parts, tests, after, never } = lowered.value;
  if (never) return ok(new Sequence([]));
  if (parts !== undefined || tests.length > 0 || after.length > 0) {
    const found = await evaluation.finish(only.type, only.criteria, lowered.value);
    return found.ok ? ok(new Sequence(sorted(found.value, asked, now))) : found;
  }
  const whole = shape.total === "counted";
  const count: Labelled = whole ? [] : [["_count", String(shape.count + 1)]];
  const found = await evaluation.find(only.type, plain, [...sort, ...count]);
  if (!found.ok) return found;
  const first = await evaluation.take(found.value, only.type, plain);
  if (!first.ok) return first;
  if (whole || first.value.length <= shape.count) return ok(new Sequence(first.value));
  const rest = new Rest(evaluation, { type: only.type, plain }, sort, now);
  return ok(new Sequence(first.value, rest));
}

async function gatherAll(
  evaluation: Evaluation,
  branches: readonly Branch[],
): Promise<Result<readonly Stored[], Trouble>> {
  const all = new Map<string, Stored>();
  const asked = branches.map(({ type, criteria }) => evaluation.gather(type, criteria));
  for (const found of await Promise.all(asked)) {
    if (!found.ok) return found;
    for (const stored of found.value) all.set(nameOf(stored.resource), stored);
  }
  return ok([...all.values()]);
}

async function wholeCompartment(
  evaluation: Evaluation,
  asked: Asked,
  patient: string,
  now: number,
): Promise<Result<Sequence, Trouble>> {
  const found = await evaluation.everything(patient);
  if (!found.ok) return found;
  const isIn = compartmentTest(patient);
  const tests = new Map<string, (resource: unknown) => boolean>();
  for (const { type, criteria } of asked.branches) {
    // What stands in the first place is the membership, which is judged here.
    const plain = criteria.slice(1).flatMap((each) => (each.kind === "plain" ? [each] : []));
    const parameters = plain.map(({ label, value }) => written(label, value));
    const compiled = compileSearch(writeQueryText(type, parameters), { policy: BALANCED, now });
    if (compiled.ok) tests.set(type, compiled.value.matches);
  }
  const matches = found.value.filter(
    ({ resource }) => isIn(resource) && tests.get(resource.resourceType)?.(resource) === true,
  );
  return ok(new Sequence(sorted(matches, asked, now)));
}

/** In the order that was asked for. Several types are sorted by what all resources have. */
function sorted(matches: readonly Stored[], { types, shape }: Asked, now: number): Stored[] {
  const [type = ""] = types;
  if (shape.sort === undefined) return [...matches];
  const text = writeQueryText(type, [written("_sort", shape.sort)]);
  const compiled = compileSearch(text, { policy: BALANCED, now });
  if (!compiled.ok) return [...matches];
  const { compare } = compiled.value;
  return [...matches].sort((a, b) => compare(a.resource, b.resource));
}
