import { toHex } from "@salus/base";
import type { ExitCode } from "./exit.ts";

/** A failure for people: what happened, what is safe, what to do. */
export interface Words {
  readonly what: string;
  readonly safe?: string;
  readonly next?: string;
  readonly exit: ExitCode;
}

/** Words for every kind of some failures; the compiler refuses a kind without. */
export type TableOf<F extends { readonly kind: string }> = {
  readonly [K in F["kind"]]: (failure: Extract<F, { readonly kind: K }>) => Words;
};

export const UNCHANGED = "nothing was changed.";
export const UNUSED = "nothing that it answered was used.";

/** The beginning of a handle or key. */
export function shortHex(bytes: Uint8Array): string {
  return `${toHex(bytes.subarray(0, 6))}…`;
}
