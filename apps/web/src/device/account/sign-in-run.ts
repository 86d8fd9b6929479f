import { fail, ok, type Result } from "@salus/base";
import type { KeyStore } from "@salus/client";
import { type Account, type SecondFactorQuestion, type SignIn, signIn } from "@salus/client";
import type { SecondProof } from "@salus/protocol";
import type { Services } from "../open.ts";
import type { Failure } from "../problem.ts";
import type { Entered } from "./entered.ts";

type Step = Result<Entered, Failure>;

/**
 * A sign-in that may stop to ask for a second factor: the page is told what is asked, and goes on when
 * it has it.
 */
export class SignInRun {
  #question: SecondFactorQuestion | undefined;
  #answer: ((proof: SecondProof | undefined) => void) | undefined;
  #next: ((step: Step) => void) | undefined;

  /**
   * Begin.
   *
   * Takes:   `done`, called with the account that came of it.
   * Gives:   the first thing that is asked, or what came of it.
   */
  start(
    { directory }: Services,
    store: KeyStore,
    wanted: Omit<SignIn, "second">,
    done: (account: Result<Account, Failure>) => Promise<Step>,
  ): Promise<Step> {
    const step = this.#step();
    const second = (question: SecondFactorQuestion): Promise<SecondProof | undefined> => {
      this.#question = question;
      const { factors, again } = question;
      const answered = new Promise<SecondProof | undefined>((resolve) => {
        this.#answer = resolve;
      });
      this.#next?.(ok({ step: "second-factor", factors, again }));
      return answered;
    };
    signIn({ directory, store }, { ...wanted, second })
      .then(done)
      .then(
        (result) => this.#next?.(result),
        () => this.#next?.(fail({ kind: "bug" })),
      );
    return step;
  }

  /** Go on with a second factor. Fails: `not-begun`. */
  async second(proof: SecondProof): Promise<Step> {
    if (this.#answer === undefined) return fail({ kind: "not-begun" });
    const answer = this.#answer;
    this.#answer = undefined;
    const step = this.#step();
    answer(proof);
    return step;
  }

  /** What the directory asks; nothing before it does. */
  get question(): SecondFactorQuestion | undefined {
    return this.#answer && this.#question;
  }

  /** Give up: what was begun comes to nothing. */
  stop(): void {
    this.#answer?.(undefined);
    this.#answer = undefined;
  }

  #step(): Promise<Step> {
    return new Promise((resolve) => {
      this.#next = resolve;
    });
  }
}
