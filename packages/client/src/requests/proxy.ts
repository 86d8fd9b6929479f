import { fail, type Result } from "@salus/base";
import type { GrantHandle } from "@salus/protocol";
import type { Card } from "../identity.ts";
import type { Patient } from "../patient/patient.ts";
import type { DecisionError } from "./failure.ts";
import { checkStepUp, type StepUp } from "./step-up.ts";

/** Somebody who may read everything for the patient: a parent, a carer. */
export interface ProxyOrder {
  readonly to: Card;
  /** Family, or a power of attorney. */
  readonly purpose: "FAMRQT" | "PWATRNY";
  readonly expires: number;
}

const PROXY_LIFE_MS = 366 * 86_400_000;

/**
 * Let another person read everything there is now. She signs nothing: that stays with the patient.
 *
 * Fails:   `step-up`; `proxy-too-long`: it must end within 366 days; as `Patient.grant`.
 * Source:  spec/requests.md §3.
 */
export async function grantProxy(
  patient: Patient,
  { to, purpose, expires }: ProxyOrder,
  stepUp: StepUp,
  now: number = Date.now(),
): Promise<Result<GrantHandle, DecisionError>> {
  const fresh = checkStepUp(stepUp, now);
  if (!fresh.ok) return fresh;
  if (expires > now + PROXY_LIFE_MS) return fail({ kind: "proxy-too-long" });
  return patient.grant({ grantee: to, sources: "all", categories: "all", purpose, expires });
}
