import type { Found, SearchReport } from "../world.ts";

/** What a request has cost so far, and what its answer cannot cover. It grows while records are taken. */
export class Tally {
  readonly #open: Found[] = [];
  readonly #max: number;
  #allowed: number;
  #held = 0;
  /** Conditions that were judged here, after decryption, because they join resources. */
  #composed = 0;

  /** Takes:   `candidatesMax`, how many records may be opened for one request. */
  constructor(candidatesMax: number) {
    this.#max = candidatesMax;
    this.#allowed = candidatesMax;
  }

  /** How many records may still be opened. */
  get left(): number {
    return Math.max(0, this.#allowed - this.#held - this.report().candidates);
  }

  /** Do something with half of what is left, so that there is a second way when it does not suffice. */
  async withHalf<Value>(task: () => Promise<Value>): Promise<Value> {
    const held = Math.floor(this.left / 2);
    this.#held += held;
    try {
      return await task();
    } finally {
      this.#held -= held;
    }
  }

  get max(): number {
    return this.#max;
  }

  /** Another request goes on with this answer: it may open as many again. */
  refill(): void {
    this.#allowed = this.report().candidates + this.#max;
  }

  add(found: Found): void {
    this.#open.push(found);
  }

  onComposed(): void {
    this.#composed += 1;
  }

  report(): SearchReport {
    const sum = { requests: 0, candidates: 0, matches: 0, evaluated: 0, asked: this.#composed };
    const missing = new Set<string>();
    for (const found of this.#open) {
      const report = found.report();
      sum.requests += report.requests;
      sum.candidates += report.candidates;
      sum.matches += report.matches;
      sum.evaluated += report.evaluated;
      sum.asked += report.asked;
      for (const words of report.missing) missing.add(words);
    }
    return { ...sum, missing: [...missing] };
  }
}
