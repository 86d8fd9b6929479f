/**
 * Lets interactions that look before they write do so one after the other.
 *
 * Two creates with the same `If-None-Exist` would otherwise both find nothing. Other gateways of the same vaults are not
 * held up by it: what a cloud cannot read, it cannot keep unique.
 */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
