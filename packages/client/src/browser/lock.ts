import { fail, ok, type Result } from "@salus/base";

/** Another tab of this browser has the home open. */
export interface HomeElsewhere {
  readonly kind: "home-elsewhere";
}

/** A page that is loaded again asks while the browser still ends the worker that it had before. */
const PATIENCE_MS = 1_000;

/**
 * Take a home for this tab, so that no two write one home. The browser gives it up when the tab or the
 * worker ends, however it ends.
 *
 * Gives:   how to let go.
 * Fails:   `home-elsewhere`, after a second in which whoever has it did not let go.
 */
export function lockHome(id: string): Promise<Result<() => void, HomeElsewhere>> {
  return new Promise((resolve, reject) => {
    const held = (): Promise<void> => new Promise((release) => resolve(ok(() => release())));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    navigator.locks.request(`salus-home/${id}`, { signal }, held).catch((error: Error) => {
      if (signal.aborted) resolve(fail({ kind: "home-elsewhere" }));
      else reject(error);
    });
  });
}
