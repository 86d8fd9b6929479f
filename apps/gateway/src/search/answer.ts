import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { encodeOutcome, type Issue, type Outcome } from "../outcome.ts";
import type { Stored, World } from "../world.ts";
import { Evaluation, nameOf } from "./evaluation.ts";
import { type Inclusion, included } from "./inclusion.ts";
import type { Kept } from "./kept-answers.ts";
import { type Projection, project } from "./projection.ts";
import type { SearchAnswer } from "./request.ts";
import type { Sequence } from "./sequence.ts";
import type { Shape } from "./shape.ts";
import type { Tally } from "./tally.ts";
import { outcomeOfTrouble, type Trouble } from "./trouble.ts";

export interface AnswerOptions {
  readonly asker: string;
  readonly base: string;
  /** The search as applied, behind the base. */
  readonly applied: string;
  /** What links to further pages stand at, behind the base: no more than the type that was asked for. */
  readonly place: string;
  readonly shape: Shape;
  readonly sequence: Sequence;
  readonly tally: Tally;
  readonly dropped: readonly string[];
  /** Matches that are in the answer because others refer to them. */
  readonly includes?: ReadonlySet<string>;
}

/** An answer to one search, of which pages are given. */
export class Answer implements Kept {
  readonly #options: AnswerOptions;
  #turn: Promise<unknown> = Promise.resolve();
  /** The name under which further pages are found; empty while there was no need for one. */
  id = "";

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  get asker(): string {
    return this.#options.asker;
  }

  size(): number {
    return this.#options.sequence.matches.length;
  }

  close(): void {
    this.#options.sequence.close();
  }

  /**
   * Give a page.
   *
   * Takes:   `keep`, which finds a name for the answer when there is a further page.
   * Fails:   an outcome.
   */
  page(world: World, number: number, keep: () => string): Promise<Result<SearchAnswer, Outcome>> {
    // Pages are taken from one stream: one after the other.
    const given = this.#turn.then(() => this.#page(world, number, keep));
    this.#turn = given.catch(() => undefined);
    return given;
  }

  async #page(
    world: World,
    number: number,
    keep: () => string,
  ): Promise<Result<SearchAnswer, Outcome>> {
    const { shape, sequence, tally } = this.#options;
    const { count } = shape;
    const from = number * count;
    if (number > 0) tally.refill();
    const reached = await sequence.reach(from + count + 1);
    if (!reached.ok) return fail(outcomeOfTrouble(reached.error));
    const matches = count === 0 ? [] : sequence.matches.slice(from, from + count);
    const more = count > 0 && sequence.matches.length > from + count;
    const evaluation = new Evaluation(world, tally);
    const extra = await included(evaluation, shape.inclusions, matches);
    if (!extra.ok) return fail(outcomeOfTrouble(blamed(extra.error, shape.inclusions)));
    if (more && this.id === "") this.id = keep();
    const known = sequence.complete && shape.total !== "none";
    const bundle = {
      resourceType: "Bundle",
      type: "searchset",
      meta: { lastUpdated: new Date().toISOString() },
      ...(known && { total: this.#total() }),
      link: this.#links(number, more),
      ...this.#entries(matches, extra.value),
    };
    return ok({ bundle, headers: this.#headers() });
  }

  #total(): number {
    const { sequence, includes } = this.#options;
    return sequence.matches.length - (includes?.size ?? 0);
  }

  #links(number: number, more: boolean): readonly { relation: string; url: string }[] {
    const { base, applied, place } = this.#options;
    const page = (at: number): string =>
      `${base}/${place}?_page=${this.id}-${at}`.replace("/?", "?");
    const link = [{ relation: "self", url: number === 0 ? `${base}/${applied}` : page(number) }];
    if (this.id === "") return link;
    link.push({ relation: "first", url: page(0) });
    if (number > 0) link.push({ relation: "previous", url: page(number - 1) });
    if (more) link.push({ relation: "next", url: page(number + 1) });
    return link;
  }

  #entries(matches: readonly Stored[], extra: readonly Stored[]): { readonly entry?: object[] } {
    const { base, shape, includes } = this.#options;
    const aside = asideOf(shape.projection);
    const entryOf = ({ resource }: Stored, mode: "match" | "include"): object => ({
      fullUrl: `${base}/${nameOf(resource)}`,
      resource: project(resource, mode === "match" ? shape.projection : aside),
      search: { mode },
    });
    const entry = matches.map((stored) =>
      entryOf(stored, includes?.has(nameOf(stored.resource)) === true ? "include" : "match"),
    );
    for (const stored of extra) entry.push(entryOf(stored, "include"));
    const issues = this.#issues();
    if (issues.length > 0) {
      entry.push({ resource: encodeOutcome(issues) as Resource, search: { mode: "outcome" } });
    }
    return entry.length === 0 ? {} : { entry };
  }

  #issues(): readonly Issue[] {
    const { dropped, tally } = this.#options;
    const left = dropped.map((parameter): Issue => {
      const diagnostics = `The parameter ${parameter} is not supported and was left out of the search.`;
      return { severity: "warning", code: "not-supported", diagnostics, parameter };
    });
    const missing = tally.report().missing.map((words): Issue => {
      return { severity: "warning", code: "incomplete", diagnostics: words };
    });
    return [...left, ...missing];
  }

  /** Numbers alone: nothing of what was asked or found. */
  #headers(): Readonly<Record<string, string>> {
    const { evaluated, asked, candidates, matches, requests } = this.#options.tally.report();
    const parts = { evaluated, asked, candidates, matches, requests };
    const text = Object.entries(parts).map(([name, value]) => `${name}=${value}`);
    return { "salus-search": text.join(", ") };
  }
}

/** Of what is included only such elements are left out as are named with its type. */
function asideOf({ summary, elements }: Projection): Projection {
  const typed = elements?.filter((element) => /^[A-Z]/.test(element)) ?? [];
  if (typed.length > 0) return { elements: typed };
  return summary === undefined ? {} : { summary };
}

function blamed(trouble: Trouble, inclusions: readonly Inclusion[]): Trouble {
  if (trouble.kind !== "too-costly") return trouble;
  const reverse = inclusions.some((each) => each.reverse);
  return { ...trouble, parameter: reverse ? "_revinclude" : "_include" };
}
