import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { BUILD, inherited, type Outcome, type salus } from "./program.ts";

const SCRIPT = join(import.meta.dirname, "standing-program.mjs");

/** What the process says of a command that has ended. */
interface Ended extends Pick<Outcome, "stdout" | "stderr"> {
  readonly number: number;
  readonly code: number;
}

/**
 * The program in a process that stays, for tests that type a hundred commands: a process that begins
 * costs half a second of a core, most of what it does for the first time it does slowly.
 *
 * It runs one command at a time. That a process of its own does the same, and ends, is shown by
 * `test/cli/flow.test.ts`.
 */
export class StandingProgram {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #last = 0;

  constructor() {
    this.#process = fork(SCRIPT, [join(BUILD, "program.mjs")], {
      ...{ env: inherited(), execArgv: [], serialization: "advanced" },
    });
    this.#process.on("message", ({ number, ...said }: Ended) => {
      this.#settle(number, { ...said, signal: null, milliseconds: 0 });
    });
    this.#process.on("exit", (code, signal) => {
      const stderr = "the process ended";
      for (const number of this.#waiting.keys()) {
        this.#settle(number, { code, signal, stdout: "", stderr, milliseconds: 0 });
      }
    });
  }

  /** Run a command. */
  readonly run: typeof salus = (args, { input = "", env = {} } = {}) => {
    this.#last += 1;
    const number = this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#process.send({ number, args, env, input });
    });
  };

  stop(): void {
    this.#process.kill();
  }

  #settle(number: number, outcome: Outcome): void {
    this.#waiting.get(number)?.(outcome);
    this.#waiting.delete(number);
  }
}
