import { fail, ok, type Result } from "@salus/base";
import type { Answer, Match } from "@salus/client";
import type { Found, SearchReport, Stored, WorldError } from "../world.ts";
import { placeText } from "./name-book.ts";
import { isOver, learn, missingOf, nameOf, type Reading, storedOf } from "./reading.ts";

export interface FoundOptions {
  readonly answer: Answer;
  readonly candidatesMax: number;
  /** At most so many are given; the others are counted, if their number was asked for. */
  readonly count: number;
  readonly total: boolean;
  /** How many parameters the cloud answers, of how many. */
  readonly evaluated: number;
  readonly asked: number;
  /** Of how many vaults it was asked. */
  readonly vaults: number;
}

/** Matches of one search over every vault: each name once, whichever vaults have it. */
export class VaultFound implements Found {
  readonly #reading: Reading;
  readonly #options: FoundOptions;
  /** Names that were given, and where they stand. */
  readonly #given = new Map<string, string>();
  readonly #hidden: string[] = [];

  constructor(reading: Reading, options: FoundOptions) {
    this.#reading = reading;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Result<Stored, WorldError>> {
    const { answer, candidatesMax, count, total } = this.#options;
    if (count === 0 && !total) return;
    for await (const match of answer) {
      if (!this.#isFirst(match)) continue;
      if (this.#given.size <= count) yield ok(storedOf(match));
      if (this.#given.size >= count && !total) return;
    }
    const report = answer.report();
    if (report.cut) {
      yield fail({ kind: "too-many-candidates", candidates: candidatesMax });
      return;
    }
    const failures = report.failures.filter(({ error }) => !isOver(error));
    if (failures.length < report.failures.length) this.#reading.vaults.forget();
    const [first] = failures;
    // Some vaults that do not answer are told of; where none does there is no answer.
    if (first !== undefined && failures.length === this.#options.vaults) {
      yield fail({ kind: "cloud", error: first.error });
    }
  }

  /** Whether a name is to be given, now and here: the newest that is known of it, and once. */
  #isFirst(match: Match): boolean {
    const name = nameOf(match.resource);
    const place = placeText({ vault: match.vault, source: match.origin.source });
    const given = this.#given.get(name);
    const isNewest = learn(this.#reading, match);
    if (isNewest && given === undefined) {
      this.#given.set(name, place);
      return true;
    }
    if (given !== place) this.#hidden.push(name);
    return false;
  }

  report(): SearchReport {
    const { answer, asked } = this.#options;
    const report = answer.report();
    // A vault of an older index policy answers fewer parameters than this program knows to ask.
    const evaluated = report.evaluated ?? this.#options.evaluated;
    const { requests, candidates } = report.cost;
    const hidden = [...new Set(this.#hidden)].map(
      (name) => `${name}: somebody else has written another one of this name, which is not shown.`,
    );
    const missing = [...missingOf(report, this.#reading.patients), ...hidden];
    return { requests, candidates, matches: this.#given.size, evaluated, asked, missing };
  }
}
