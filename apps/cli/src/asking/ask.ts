import type { Result } from "@salus/base";
import type { Answer, Match } from "@salus/client";
import type { Failure } from "../words.ts";
import type { Asker } from "./askers.ts";
import { inOrder, inTurn, type Start } from "./merge.ts";
import type { Question } from "./question.ts";

/** Failures that concern nobody's vault in particular: what is true of one is true of all. */
const GENERAL = new Set(["unreachable", "another-service", "malformed-answer", "bad-query"]);

/** A question on its way to every asker's vaults. */
export class Asking {
  readonly answers: Answer[] = [];
  /** Why some asker got no answer at all. */
  readonly failures: Failure[] = [];
  readonly #askers: readonly Asker[];
  readonly #question: Question | "everything";
  readonly #scope: readonly string[] | undefined;

  constructor(
    askers: readonly Asker[],
    question: Question | "everything",
    scope: readonly string[] | undefined,
  ) {
    this.#askers = askers;
    this.#question = question;
    this.#scope = scope;
  }

  /** The matches of all: in the order that was asked for, or else patient by patient. */
  matches(): AsyncIterable<Match> {
    const starts = this.#askers.map(
      (asker): Start =>
        () =>
          this.#ask(asker),
    );
    const compare = this.#question === "everything" ? undefined : this.#question.compare;
    return compare === undefined || starts.length === 1 ? inTurn(starts) : inOrder(starts, compare);
  }

  /** Why nobody could be answered, if that is so. */
  get failure(): Failure | undefined {
    const [first] = this.failures;
    const all = this.failures.length === this.#askers.length;
    return all ? first : this.failures.find(({ kind }) => GENERAL.has(kind));
  }

  async *#ask(asker: Asker): AsyncGenerator<Match> {
    const answer = await this.#answer(asker);
    if (answer.ok) {
      this.answers.push(answer.value);
      yield* answer.value;
    } else this.failures.push(answer.error);
    await asker.close();
  }

  async #answer({ open, vaults }: Asker): Promise<Result<Answer, Failure>> {
    const reader = await open();
    if (!reader.ok) return reader;
    const options = { ...(vaults && { vaults }), ...(this.#scope && { scope: this.#scope }) };
    const question = this.#question;
    if (question === "everything") return reader.value.export(options);
    return reader.value.search(question.text, options);
  }
}
