import { fail, ok, type Result } from "@salus/base";

/** That a person was asked who she is, and when: what final decisions need. Spec: accounts §5. */
export interface StepUp {
  readonly at: number;
}

const STEP_UP_LIFE_MS = 300_000;

/** Whether it was at most five minutes ago. Fails: `step-up`. */
export function checkStepUp(
  { at }: StepUp,
  now: number,
): Result<void, { readonly kind: "step-up" }> {
  const age = now - at;
  return age >= 0 && age <= STEP_UP_LIFE_MS ? ok(undefined) : fail({ kind: "step-up" });
}
