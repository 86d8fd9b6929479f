/**
 * What was used lately, up to a total weight: the least lately used goes first.
 *
 * It is a cache: whatever is in it can be made again.
 */
export class Recent<T> {
  readonly #weightMax: number;
  readonly #kept = new Map<string, { readonly value: T; readonly weight: number }>();
  #weight = 0;

  constructor(weightMax: number) {
    this.#weightMax = weightMax;
  }

  get(name: string): T | undefined {
    const found = this.#kept.get(name);
    if (found === undefined) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, found);
    return found.value;
  }

  /** Keep a value in place of what had this name. One that weighs too much by itself is not kept. */
  set(name: string, value: T, weight: number): void {
    this.delete(name);
    if (weight > this.#weightMax) return;
    this.#kept.set(name, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.#weightMax) break;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    const found = this.#kept.get(name);
    if (found === undefined) return;
    this.#kept.delete(name);
    this.#weight -= found.weight;
  }

  get weight(): number {
    return this.#weight;
  }
}
