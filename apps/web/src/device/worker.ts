import { fail } from "@salus/base";
import { expose } from "comlink";
import { device } from "./device.ts";
import type { Problem } from "./problem.ts";

// Where the worker starts: the page calls what is exposed here, and what is thrown becomes a problem.

expose(guarded(device));

/** The same functions; a fault in one is answered as one, so that no screen waits for ever. */
function guarded<T extends object>(part: T): T {
  const entries = Object.entries(part).map(([name, value]) => [
    name,
    typeof value === "function" ? guard(value as Work) : guarded(value as object),
  ]);
  return Object.fromEntries(entries) as T;
}

type Work = (...given: readonly unknown[]) => Promise<unknown>;

function guard(work: Work): Work {
  return async (...given) => {
    try {
      return await work(...given);
    } catch (error) {
      const full = error instanceof DOMException && error.name === "QuotaExceededError";
      // Errors carry no values: they may stand in the browser's console.
      if (!full) reportError(error);
      return fail({ kind: full ? "no-room" : "bug" } satisfies Problem);
    }
  };
}
