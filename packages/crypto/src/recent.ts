/**
 * What was made most recently for some of many keys, and no more of it than `capacity`.
 *
 * Ciphers and tables cost memory that an importer with tens of thousands of keys does not have.
 */
export class Recent<Of, Made> {
  readonly #capacity: number;
  readonly #made = new Map<Of, Made>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What was made for `of`, if it is still here; it then counts as used. */
  get(of: Of): Made | undefined {
    const made = this.#made.get(of);
    if (made === undefined) return undefined;
    // A Map keeps insertion order, so what was used last goes to its end.
    this.#made.delete(of);
    this.#made.set(of, made);
    return made;
  }

  /** Keep `made` for `of`, in place of what was not used for the longest time. */
  set(of: Of, made: Made): void {
    if (this.#made.size >= this.#capacity) {
      for (const oldest of this.#made.keys()) {
        this.#made.delete(oldest);
        break;
      }
    }
    this.#made.set(of, made);
  }
}
