import { fail } from "@salus/base";
import { expose } from "comlink";
import type { Device } from "./device.ts";
import { kept } from "./kept.ts";
import type { Problem } from "./problem.ts";

// Where the worker starts: the page calls what is exposed here, and what is thrown becomes a problem.
// Until somebody begins to sign in it only says which homes there are: the rest is fetched then.

type Work = (...given: readonly unknown[]) => Promise<unknown>;

let whole: Promise<Device> | undefined;

/** All that the device does. A fetch that failed is tried again by the next call. */
function loaded(): Promise<Device> {
  whole ??= import("./device.ts").then(
    ({ device }) => device,
    (error: unknown) => {
      whole = undefined;
      throw error;
    },
  );
  return whole;
}

/** Call one function of the device by the names that lead to it. */
async function call(path: readonly string[], given: readonly unknown[]): Promise<unknown> {
  if (path.join(".") === "account.kept") return kept();
  let found: unknown = await loaded();
  for (const name of path) found = (found as Record<string, unknown>)[name];
  return (found as Work)(...given);
}

/** A fault is answered as one, so that no screen waits for ever. */
async function guarded(path: readonly string[], given: readonly unknown[]): Promise<unknown> {
  try {
    return await call(path, given);
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    // Errors carry no values: they may stand in the browser's console.
    if (!full) reportError(error);
    return fail({ kind: full ? "no-room" : "bug" } satisfies Problem);
  }
}

expose(guarded);

export type Guarded = typeof guarded;
