import type { Session } from "./session.ts";

/** What a command needs to be one. */
export interface Shell {
  readonly session: Session;
  /** Make an action of a command: runs it, says what fails, and ends with its exit code. */
  action<Args extends unknown[]>(
    run: (...args: Args) => Promise<number>,
  ): (...args: Args) => Promise<void>;
}
