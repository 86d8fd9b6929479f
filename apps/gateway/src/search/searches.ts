import { fail, type Result } from "@salus/base";
import { everythingOf } from "../operations/everything.ts";
import { type Outcome, refusal } from "../outcome.ts";
import type { World } from "../world.ts";
import { Answer } from "./answer.ts";
import { readAsked } from "./asked.ts";
import { Evaluation } from "./evaluation.ts";
import { KeptAnswers } from "./kept-answers.ts";
import type { SearchAnswer, SearchRequest } from "./request.ts";
import { sequenceOf } from "./sequence.ts";
import { Tally } from "./tally.ts";
import { outcomeOfTrouble } from "./trouble.ts";

export interface SearchesOptions {
  /** More records than this are opened for no request. */
  readonly candidatesMax?: number;
  /** Milliseconds for which an answer is kept while nobody asks for its next page. */
  readonly idleMs?: number;
  /** Resources in all answers that are kept, together. */
  readonly resourcesMax?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const CANDIDATES_MAX = 10_000;
const IDLE_MS = 15 * 60_000;
const RESOURCES_MAX = 50_000;
const ANSWERS_MAX = 500;

/** Some clients say again how many they want on a page; what was asked first stays. */
const PAGE = /^_page=([A-Za-z0-9_-]{24})-(\d{1,6})(?:&_count=\d{1,9})?$/;

/** The searches of one gateway, and the answers that it keeps for their further pages. */
export class Searches {
  readonly #candidatesMax: number;
  readonly #now: () => number;
  readonly #kept: KeptAnswers<Answer>;

  constructor(options: SearchesOptions = {}) {
    const { candidatesMax = CANDIDATES_MAX, now = Date.now } = options;
    const { idleMs = IDLE_MS, resourcesMax = RESOURCES_MAX } = options;
    this.#candidatesMax = candidatesMax;
    this.#now = now;
    this.#kept = new KeptAnswers({ answersMax: ANSWERS_MAX, resourcesMax, idleMs, now });
  }

  /**
   * Answer a search, or a further page of one: a link leads to where the search was, with `_page` alone.
   *
   * Takes:   `world`, as whoever asks may see it.
   * Leaks:   to the cloud: what each of the questions shows that the search is made of, and that they come
   *          together; docs/threat-model.md.
   * Fails:   an outcome with its status, ready to be sent: 400 for what cannot be read or is not supported,
   *          404 for a type or a compartment that is not there, 410 for a page that is no longer kept, 422
   *          for what would open more than the bound.
   */
  async search(world: World, request: SearchRequest): Promise<Result<SearchAnswer, Outcome>> {
    const page = PAGE.exec(request.query);
    if (page !== null) return this.#further(world, request, page[1] ?? "", Number(page[2]));
    const now = this.#now();
    const asked = readAsked(request, now);
    if (!asked.ok) return asked;
    const tally = new Tally(this.#candidatesMax);
    const sequence = await sequenceOf(new Evaluation(world, tally), asked.value, now);
    if (!sequence.ok) return fail(outcomeOfTrouble(sequence.error));
    const { asker, base } = request;
    const { applied, types, shape, dropped } = asked.value;
    const place = types.length === 1 ? (types[0] ?? "") : "";
    const parts = { asker, base, applied, place, shape, dropped, tally };
    return this.#first(world, new Answer({ ...parts, sequence: sequence.value }));
  }

  /** Answer `Patient/{id}/$everything`. Takes and fails: as `search`; its path is all of that. */
  async everything(world: World, request: SearchRequest): Promise<Result<SearchAnswer, Outcome>> {
    const answer = await everythingOf(world, request, new Tally(this.#candidatesMax));
    return answer.ok ? this.#first(world, answer.value) : answer;
  }

  /** Let go of every answer that is kept. */
  close(): void {
    this.#kept.clear();
  }

  #first(world: World, answer: Answer): Promise<Result<SearchAnswer, Outcome>> {
    return answer.page(world, 0, () => this.#kept.keep(answer));
  }

  async #further(
    world: World,
    { asker }: SearchRequest,
    id: string,
    number: number,
  ): Promise<Result<SearchAnswer, Outcome>> {
    const answer = this.#kept.take(id, asker);
    if (answer === undefined) {
      const says = "This page is no longer kept. Ask the search again.";
      return fail(refusal(410, "expired", says, { parameter: "_page" }));
    }
    return answer.page(world, number, () => id);
  }
}
