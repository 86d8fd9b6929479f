import { fail, ok, type Result } from "@salus/base";

/** Another tab of this browser has the home open. */
export interface HomeElsewhere {
  readonly kind: "home-elsewhere";
}

/**
 * Take a home for this tab, so that no two write one home. The browser gives it up when the tab or the
 * worker ends, however it ends.
 *
 * Gives:   how to let go.
 */
export function lockHome(id: string): Promise<Result<() => void, HomeElsewhere>> {
  return new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) {
        resolve(fail({ kind: "home-elsewhere" }));
        return undefined;
      }
      return new Promise((release) => resolve(ok(() => release())));
    };
    navigator.locks.request(`salus-home/${id}`, { ifAvailable: true }, held).catch(reject);
  });
}
