import type { Session } from "./session.ts";

/** How often a line is written where nobody can overwrite it: a log, say. */
const LOGGED_EVERY_MS = 5_000;
const DRAWN_EVERY_MS = 100;

/**
 * How far long work has come, on standard error: one line that is overwritten in a terminal, and a
 * line every few seconds elsewhere.
 */
export class Progress {
  readonly #session: Session;
  readonly #what: string;
  readonly #started = Date.now();
  #shown = 0;
  #drawn = false;

  constructor(session: Session, what: string) {
    this.#session = session;
    this.#what = what;
  }

  /**
   * Say where the work stands.
   *
   * Takes:   `of`, when it is known how much there is.
   */
  at(done: number, of?: number, extra = ""): void {
    const now = Date.now();
    const every = this.#session.interactive ? DRAWN_EVERY_MS : LOGGED_EVERY_MS;
    const since = this.#shown === 0 ? now - this.#started : now - this.#shown;
    if (since < every) return;
    this.#shown = now;
    const rate = done / Math.max((now - this.#started) / 1000, 0.001);
    const count = of === undefined ? number(done) : `${number(done)} of ${number(of)}`;
    const line = `${this.#what}: ${count}${extra}, ${number(Math.round(rate))}/s`;
    if (!this.#session.interactive) this.#session.note(line);
    else {
      process.stderr.write(`\r\u001b[K${line}`);
      this.#drawn = true;
    }
  }

  /** Leave the line clean for what is said next. */
  end(): void {
    if (this.#drawn) process.stderr.write("\r\u001b[K");
    this.#drawn = false;
  }

  get seconds(): number {
    return (Date.now() - this.#started) / 1000;
  }
}

/** How many of what: 1 record, 41,038 records. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** An integer that people can read: 41,038. */
export function number(value: number): string {
  return value.toLocaleString("en-US");
}
