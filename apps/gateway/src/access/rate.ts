/** How often one address may ask for tokens, at once and in the long run. */
const BURST = 30;
const PER_SECOND = 0.5;
/** More addresses than this are counted together. */
const ADDRESSES_MAX = 10_000;

/** Counts what comes from each address: a bucket that fills again with time. */
export class Rate {
  readonly #buckets = new Map<string, { left: number; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Take one turn. Gives: 0, or how many seconds to wait for the next. */
  take(address: string): number {
    const now = this.#now();
    const full = this.#buckets.size >= ADDRESSES_MAX;
    if (full) this.#forget(now);
    const crowded = this.#buckets.size >= ADDRESSES_MAX && !this.#buckets.has(address);
    const name = crowded ? "" : address;
    const bucket = this.#buckets.get(name) ?? { left: BURST, at: now };
    const left = Math.min(BURST, bucket.left + ((now - bucket.at) / 1000) * PER_SECOND);
    const taken = left >= 1;
    this.#buckets.set(name, { left: taken ? left - 1 : left, at: now });
    return taken ? 0 : Math.ceil((1 - left) / PER_SECOND);
  }

  #forget(now: number): void {
    const fullAfter = (BURST / PER_SECOND) * 1000;
    for (const [name, { at }] of this.#buckets) {
      if (now - at > fullAfter) this.#buckets.delete(name);
    }
  }
}
