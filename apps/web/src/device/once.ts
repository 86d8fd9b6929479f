import type { Result } from "@salus/base";

/** Something that is made when it is first asked for, and kept if that went well. */
export class Once<Value, Failure> {
  readonly #make: () => Promise<Result<Value, Failure>>;
  #made: Promise<Result<Value, Failure>> | undefined;

  constructor(make: () => Promise<Result<Value, Failure>>) {
    this.#make = make;
  }

  /** All who ask while it is being made wait for the same. */
  get(): Promise<Result<Value, Failure>> {
    if (this.#made !== undefined) return this.#made;
    const making = this.#make().then(
      (result) => {
        if (!result.ok && this.#made === making) this.#made = undefined;
        return result;
      },
      (error: unknown) => {
        if (this.#made === making) this.#made = undefined;
        throw error;
      },
    );
    this.#made = making;
    return making;
  }

  /** The next who asks has it made again. */
  forget(): void {
    this.#made = undefined;
  }
}
