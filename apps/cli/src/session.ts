import type { ReadStream, WriteStream } from "node:tty";
import { tame, tameJson } from "./tame.ts";
import type { Failure } from "./words.ts";
import { wordsOf } from "./words.ts";

/**
 * How a command speaks: results on standard output, everything else on standard error. No word of
 * anybody, in a name, a note or a record, does more to a terminal than be read.
 */
export class Session {
  readonly interactive: boolean;
  readonly columns: number | undefined;

  constructor() {
    this.interactive = (process.stderr as WriteStream).isTTY === true;
    const out = process.stdout as WriteStream;
    // A terminal that does not know its width says 0.
    this.columns = out.isTTY === true && out.columns > 0 ? out.columns : undefined;
    // A reader that has seen enough (`| head`) is no failure.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }

  /** Whether somebody could answer a question. */
  get canAsk(): boolean {
    return (process.stdin as ReadStream).isTTY === true && this.interactive;
  }

  /** A line of the result. */
  out(line: string): void {
    process.stdout.write(`${tame(line)}\n`);
  }

  /** A line of the result for machines; several where it is indented. */
  json(value: unknown, indent?: number): void {
    this.out(tameJson(value, indent));
  }

  /** A line for whoever watches. */
  note(line: string): void {
    process.stderr.write(`${tame(line)}\n`);
  }

  /** What this program has drawn itself, in colours. */
  draw(picture: string): void {
    process.stderr.write(`\n${picture}\n`);
  }

  /** Say a failure, and give its exit code. */
  fail(failure: Failure): number {
    const { what, safe, next, exit } = wordsOf(failure);
    this.note(`salus: ${what} [${failure.kind}]`);
    if (safe !== undefined) this.note(`  Safe: ${safe}`);
    if (next !== undefined && next !== "") this.note(`  Next: ${next}`);
    return exit;
  }
}
