import { type Outcome, outcomeOfWorldError, refusal } from "../outcome.ts";
import type { WorldError } from "../world.ts";

/** Why a composed search has no answer. */
export type Trouble =
  /** `parameter` is the condition that would have to open more than the bound; empty for the whole search. */
  | { readonly kind: "too-costly"; readonly parameter: string; readonly most: number }
  | { readonly kind: "world"; readonly error: WorldError };

/** Say it in the words of FHIR, and what would help. */
export function outcomeOfTrouble(trouble: Trouble): Outcome {
  if (trouble.kind === "world") return outcomeOfWorldError(trouble.error);
  const { parameter, most } = trouble;
  const what = parameter === "" ? "This search" : `The parameter ${parameter}`;
  return refusal(
    422,
    "too-costly",
    `${what} would have to open more than ${most} records. Add what narrows it under encryption: ` +
      "a patient, an identifier, a code or a period.",
    parameter === "" ? {} : { parameter },
  );
}
