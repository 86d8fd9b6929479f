import type { ReadStream, WriteStream } from "node:tty";
import { type Column, tableOf } from "./table.ts";
import { tame, tameJson } from "./tame.ts";
import type { Failure } from "./words.ts";
import { wordsOf } from "./words.ts";

/** Many of one kind, as people and as machines read them. */
export interface Listing<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly json: (row: Row) => object;
  /** What is said to people when there are none. */
  readonly none: string;
}

/**
 * How a command speaks: results on standard output, everything else on standard error. No word of
 * anybody, in a name, a note or a record, does more to a terminal than be read.
 *
 * A command says its result by `result` or `list`, once, in both forms: which one is written, `--json`
 * decides here.
 */
export class Session {
  readonly interactive: boolean;
  readonly columns: number | undefined;
  /** Whether machines read the result: standard output has lines of JSON then, and nothing else. */
  forMachines = false;

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

  /** What a command came to: a line for people, the same as a line of JSON for machines. */
  result(text: string, value: object): void {
    if (this.forMachines) this.json(value);
    else this.out(text);
  }

  /** A table for people, a line of JSON each for machines. */
  list<Row>({ rows, columns, json, none }: Listing<Row>): void {
    if (this.forMachines) for (const row of rows) this.json(json(row));
    else if (rows.length === 0) this.out(none);
    else for (const line of tableOf(columns, rows, this.columns)) this.out(line);
  }

  /** A line of the result for people; where machines read that, it stands beside it. */
  out(line: string): void {
    if (this.forMachines) this.note(line);
    else process.stdout.write(`${tame(line)}\n`);
  }

  /** A line of JSON, whoever reads it; several where it is indented. */
  json(value: unknown, indent?: number): void {
    process.stdout.write(`${tameJson(value, indent)}\n`);
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
