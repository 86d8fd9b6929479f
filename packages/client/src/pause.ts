const soon: (task: () => void) => void =
  typeof setImmediate === "function" ? (task) => setImmediate(task) : (task) => setTimeout(task, 0);

/** Longest stretch of work that lets nothing else happen. */
const STRETCH_MS = 15;

/**
 * Lets the rest of the program go on in the middle of long work: answers arrive, the next request
 * leaves, a person may cancel.
 */
export class Pauses {
  #since = performance.now();

  /** Step aside when it has been long enough. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < STRETCH_MS) return;
    await new Promise<void>((resolve) => soon(resolve));
    this.#since = performance.now();
  }
}
