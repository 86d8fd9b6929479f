interface Waiting {
  readonly weight: number;
  readonly admit: () => void;
}

/**
 * Lets in as many requests as memory allows, the rest one after the other in the order they came.
 *
 * A request weighs what it may hold at a time. Waiting costs little; a request that would wait too
 * long, or behind too many, is refused and may come again.
 */
export class Admission {
  readonly #capacity: number;
  readonly #queueMax: number;
  readonly #waitMs: number;
  readonly #queue: Waiting[] = [];
  #used = 0;

  constructor(options: {
    readonly capacity: number;
    readonly queueMax: number;
    readonly waitMs: number;
  }) {
    this.#capacity = options.capacity;
    this.#queueMax = options.queueMax;
    this.#waitMs = options.waitMs;
  }

  get used(): number {
    return this.#used;
  }

  /** Gives: what must be called when the request is over; nothing when it is refused. */
  async enter(weight: number): Promise<(() => void) | undefined> {
    const weighs = Math.min(weight, this.#capacity);
    if (this.#queue.length > 0 || this.#used + weighs > this.#capacity) {
      if (this.#queue.length >= this.#queueMax || !(await this.#wait(weighs))) return undefined;
    } else {
      this.#used += weighs;
    }
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#used -= weighs;
      this.#admitNext();
    };
  }

  /** Gives: whether it was let in, with its weight counted, before it had waited too long. */
  #wait(weight: number): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        weight,
        admit: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        resolve(false);
      }, this.#waitMs);
      this.#queue.push(waiting);
    });
  }

  #admitNext(): void {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      if (this.#used + next.weight > this.#capacity) return;
      this.#queue.shift();
      this.#used += next.weight;
      next.admit();
    }
  }
}

/** Counts the requests of each key that are being answered. */
export class Turns {
  readonly #most: number;
  readonly #count = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Gives: what must be called when the request is over; nothing when the key has too many. */
  take(key: string): (() => void) | undefined {
    const count = this.#count.get(key) ?? 0;
    if (count >= this.#most) return undefined;
    this.#count.set(key, count + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const now = (this.#count.get(key) ?? 1) - 1;
      if (now === 0) this.#count.delete(key);
      else this.#count.set(key, now);
    };
  }
}
