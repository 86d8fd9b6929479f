import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { type Referenced, referencesOf, writeQueryText } from "@salus/health";
import type { Found, Stored, World, WorldError } from "../world.ts";
import { costOf, costOfAll } from "./cost.ts";
import { type Composed, type Criterion, written } from "./criterion.ts";
import type { Tally } from "./tally.ts";
import type { Trouble } from "./trouble.ts";

export type Plain = Extract<Criterion, { readonly kind: "plain" }>;
type Test = (resource: Resource) => boolean;

/** A search with its joins turned into what the encrypted world answers, as far as that is cheap. */
export interface Lowered {
  readonly plain: Plain[];
  /** A list of names that is too long for one question: it is asked in parts. */
  parts?: { readonly label: string; readonly values: readonly string[] };
  /** Lists of names that are compared after decryption. */
  readonly tests: Test[];
  /** Conditions for which it is cheaper to have the resources first. */
  readonly after: Composed[];
  /** Some condition holds for nothing. */
  never: boolean;
}

/** A question of which more is taken page by page: how many requests share its bound, and how much is fetched at once. */
export interface Ahead {
  readonly pages: number;
  readonly soon: number;
}

/** Alternatives of one parameter, and how long they may be together. */
const NAMES_MAX = 128;
const NAMES_LENGTH_MAX = 5_000;
/** Parameters of such lists in one question: its text has a greatest length. */
const LISTS_MAX = 2;

/** Whoever asks for all of a patient has said that she wants to open that much: the bound is wider. */
const WHOLE = 10;

/** Evaluates one request: chains and reverse chains become searches by name, the cheaper side first. */
export class Evaluation {
  readonly tally: Tally;
  readonly #world: World;

  constructor(world: World, tally: Tally) {
    this.#world = world;
    this.tally = tally;
  }

  /** All resources of a type that meet every condition, each once, in no order. */
  async gather(
    type: string,
    criteria: readonly Criterion[],
  ): Promise<Result<readonly Stored[], Trouble>> {
    const lowered = await this.lower(type, criteria);
    return lowered.ok ? this.finish(type, criteria, lowered.value) : lowered;
  }

  /** Ask what conditions were turned into, and judge the others. */
  async finish(
    type: string,
    criteria: readonly Criterion[],
    asked: Lowered,
  ): Promise<Result<readonly Stored[], Trouble>> {
    const first = new Set<Composed>();
    for (let lowered = asked; ; ) {
      const { after } = lowered;
      const ask = () => this.#collect(type, lowered);
      const found = await (after.length > 0 ? this.tally.withHalf(ask) : ask());
      if (found.ok) return this.#filter(type, after, found.value);
      const [next] = after;
      // The other side may still be small.
      if (found.error.kind !== "too-costly" || next === undefined) return found;
      first.add(next);
      const again = await this.lower(type, criteria, first);
      if (!again.ok) return again;
      lowered = again.value;
    }
  }

  /** Turn conditions into plain ones. Takes: `first`, those that must be, whatever they are likely to cost. */
  async lower(
    type: string,
    criteria: readonly Criterion[],
    first: ReadonlySet<Composed> = new Set(),
  ): Promise<Result<Lowered, Trouble>> {
    const lowered: Lowered = { plain: [], tests: [], after: [], never: false };
    const composed: Composed[] = [];
    for (const criterion of criteria) {
      if (criterion.kind === "plain") lowered.plain.push(criterion);
      else composed.push(criterion);
    }
    composed.sort((a, b) => costOf(type, a) - costOf(type, b));
    for (const criterion of composed) {
      const own = costOfAll(type, lowered.plain);
      if (!first.has(criterion) && own < costOf(type, criterion)) {
        lowered.after.push(criterion);
        continue;
      }
      const ask = () => this.#namesOf(type, criterion);
      const names = await (Number.isFinite(own) ? this.tally.withHalf(ask) : ask());
      if (names.ok) restrict(lowered, type, criterion, names.value);
      else if (names.error.kind !== "too-costly" || !Number.isFinite(own)) return names;
      else lowered.after.push(criterion);
      if (lowered.never) break;
    }
    return ok(lowered);
  }

  /** Ask the encrypted world a plain search. Takes: `ahead`, of one that goes on for many pages. */
  async find(
    type: string,
    plain: readonly Plain[],
    shape: readonly (readonly [label: string, value: string])[] = [],
    ahead?: Ahead,
  ): Promise<Result<Found, Trouble>> {
    const { tally } = this;
    if (tally.left === 0) return fail(this.#tooCostly(type, plain));
    const labelled = plain.map(({ label, value }) => written(label, value));
    const text = writeQueryText(type, [...labelled, ...shape.map(([k, v]) => written(k, v))]);
    const { pages = 1, ...soon } = ahead ?? {};
    const found = await this.#world.find(text, { candidatesMax: tally.left * pages, ...soon });
    if (!found.ok) return fail(this.troubleOf(found.error, type, plain));
    tally.add(found.value);
    return found;
  }

  /** Everything in one patient's vault; nothing where she has none. */
  async everything(patient: string): Promise<Result<readonly Stored[], Trouble>> {
    const candidatesMax = this.tally.left * WHOLE;
    const found = await this.#world.everything(patient, { candidatesMax });
    if (!found.ok) return fail(this.troubleOf(found.error, "", []));
    if (found.value === undefined) return ok([]);
    this.tally.add(found.value);
    const all = await this.take(found.value, "", []);
    // What it refers to is a question of its own.
    this.tally.refill();
    return all;
  }

  troubleOf(error: WorldError, type: string, plain: readonly Plain[]): Trouble {
    if (error.kind !== "too-many-candidates") return { kind: "world", error };
    return this.#tooCostly(type, plain);
  }

  #tooCostly(type: string, plain: readonly Plain[]): Trouble {
    const [best] = [...plain].sort((a, b) => costOf(type, a) - costOf(type, b));
    return { kind: "too-costly", parameter: best?.label ?? "", most: this.tally.max };
  }

  async #collect(
    type: string,
    { plain, parts, tests, never }: Lowered,
  ): Promise<Result<readonly Stored[], Trouble>> {
    if (never) return ok([]);
    const questions =
      parts === undefined
        ? [plain]
        : cut(parts.values).map((value): Plain[] => [
            ...plain,
            { kind: "plain", label: parts.label, value },
          ]);
    const all = new Map<string, Stored>();
    for (const question of questions) {
      const found = await this.find(type, question);
      if (!found.ok) return found;
      const taken = await this.take(found.value, type, question);
      if (!taken.ok) return taken;
      for (const stored of taken.value) {
        if (tests.every((test) => test(stored.resource))) all.set(nameOf(stored.resource), stored);
      }
    }
    return ok([...all.values()]);
  }

  /** Take all that was found. */
  async take(
    found: Found,
    type: string,
    plain: readonly Plain[],
  ): Promise<Result<readonly Stored[], Trouble>> {
    const taken: Stored[] = [];
    for await (const match of found) {
      if (!match.ok) return fail(this.troubleOf(match.error, type, plain));
      taken.push(match.value);
    }
    return ok(taken);
  }

  /** The names `Type/id` that a composed condition lets a resource of `type` point to, or have. */
  async #namesOf(type: string, criterion: Composed): Promise<Result<ReadonlySet<string>, Trouble>> {
    this.tally.onComposed();
    const names = new Set<string>();
    if (criterion.kind === "chain") {
      const all = criterion.targets.map(({ type: to, inner }) => this.gather(to, [inner]));
      for (const met of await Promise.all(all)) {
        if (!met.ok) return blamed(met.error, criterion);
        for (const { resource } of met.value) names.add(nameOf(resource));
      }
      return ok(names);
    }
    const met = await this.gather(criterion.type, [criterion.inner]);
    if (!met.ok) return blamed(met.error, criterion);
    const pointed = referencesOf(criterion.type, criterion.reference);
    for (const { resource } of met.value) {
      for (const found of pointed(resource)) {
        if (found.type === "" || found.type === type) names.add(`${type}/${found.id}`);
      }
    }
    return ok(names);
  }

  /** Keep those resources that meet conditions which were left until they were known. */
  async #filter(
    type: string,
    after: readonly Composed[],
    found: readonly Stored[],
  ): Promise<Result<readonly Stored[], Trouble>> {
    let kept = found;
    for (const criterion of after) {
      if (kept.length === 0) break;
      this.tally.onComposed();
      const test =
        criterion.kind === "chain"
          ? await this.#chainTest(type, criterion, kept)
          : await this.#hasTest(type, criterion, kept);
      if (!test.ok) return blamed(test.error, criterion);
      kept = kept.filter(({ resource }) => test.value(resource));
    }
    return ok(kept);
  }

  async #chainTest(
    type: string,
    { reference, targets }: Extract<Composed, { kind: "chain" }>,
    found: readonly Stored[],
  ): Promise<Result<Test, Trouble>> {
    const pointed = referencesOf(type, reference);
    const all = found.flatMap(({ resource }) => pointed(resource));
    const met = new Set<string>();
    for (const { type: target, inner } of targets) {
      const ids = new Set(all.filter((each) => mayBe(each, target)).map(({ id }) => id));
      for (const value of cut([...ids])) {
        const some = await this.gather(target, [{ kind: "plain", label: "_id", value }, inner]);
        if (!some.ok) return some;
        for (const { resource } of some.value) met.add(nameOf(resource));
      }
    }
    return ok((resource) =>
      pointed(resource).some((each) =>
        targets.some((target) => mayBe(each, target.type) && met.has(`${target.type}/${each.id}`)),
      ),
    );
  }

  async #hasTest(
    type: string,
    { type: pointing, reference, inner }: Extract<Composed, { kind: "has" }>,
    found: readonly Stored[],
  ): Promise<Result<Test, Trouble>> {
    const pointed = referencesOf(pointing, reference);
    const met = new Set<string>();
    for (const value of cut(found.map(({ resource }) => nameOf(resource)))) {
      const by: Plain = { kind: "plain", label: reference, value };
      const some = await this.gather(pointing, [by, inner]);
      if (!some.ok) return some;
      for (const { resource } of some.value) {
        for (const each of pointed(resource)) if (mayBe(each, type)) met.add(each.id);
      }
    }
    return ok((resource) => resource.id !== undefined && met.has(resource.id));
  }
}

/** Put the names that a condition was found to mean into a search. */
function restrict(
  lowered: Lowered,
  type: string,
  criterion: Composed,
  names: ReadonlySet<string>,
): void {
  if (names.size === 0) {
    lowered.never = true;
    return;
  }
  const chained = criterion.kind === "chain";
  const label = chained ? criterion.reference : "_id";
  const values = chained ? [...names] : [...names].map((name) => name.slice(type.length + 1));
  const lists = lowered.plain.filter(({ value }) => value.length > NAMES_LENGTH_MAX / 2).length;
  const [whole = "", ...more] = cut(values);
  if (more.length === 0 && lists < LISTS_MAX) {
    lowered.plain.push({ kind: "plain", label, value: whole });
  } else if (
    lowered.parts === undefined &&
    lists < LISTS_MAX &&
    !Number.isFinite(costOfAll(type, lowered.plain))
  ) {
    lowered.parts = { label, values };
  } else if (chained) {
    const pointed = referencesOf(type, criterion.reference);
    const anyType = new Set([...names].map((name) => name.slice(name.indexOf("/") + 1)));
    lowered.tests.push((resource) =>
      pointed(resource).some(({ type: to, id }) =>
        to === "" ? anyType.has(id) : names.has(`${to}/${id}`),
      ),
    );
  } else {
    lowered.tests.push((resource) => names.has(nameOf(resource)));
  }
}

/** Names as the values of as many parameters as they need. */
export function cut(values: readonly string[]): readonly string[] {
  const lists: string[] = [];
  let list: string[] = [];
  let length = 0;
  for (const value of values) {
    if (list.length === NAMES_MAX || length + value.length > NAMES_LENGTH_MAX) {
      lists.push(list.join(","));
      list = [];
      length = 0;
    }
    list.push(value);
    length += value.length + 1;
  }
  if (list.length > 0) lists.push(list.join(","));
  return lists;
}

/** What was too costly was part of a condition: name that, as the caller wrote it. */
function blamed(trouble: Trouble, { label }: Composed): Result<never, Trouble> {
  return fail(trouble.kind === "too-costly" ? { ...trouble, parameter: label } : trouble);
}

const mayBe = ({ type }: Referenced, target: string): boolean => type === "" || type === target;

/** `Type/id`. */
export function nameOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}
