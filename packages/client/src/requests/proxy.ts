import { equalBytes, fail, ok, type Result } from "@salus/base";
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

/** Why somebody is no proxy. */
export type ProxyProblem = Extract<
  DecisionError,
  { readonly kind: "proxy-self" | "proxy-too-long" }
>;

/**
 * Whether somebody may be a proxy, before anybody is asked to confirm it.
 *
 * Fails:   `proxy-self`: it is one of the patient's own devices, or was: one that she removed would read
 *          again. `proxy-too-long`: it must end within 366 days.
 */
export function checkProxy(
  { chain }: Pick<Patient, "chain">,
  { to, expires }: Pick<ProxyOrder, "to" | "expires">,
  now: number = Date.now(),
): Result<void, ProxyProblem> {
  const own = [...chain.devices.values()].some(({ sign }) => equalBytes(sign, to.sign));
  if (own) return fail({ kind: "proxy-self" });
  return expires > now + PROXY_LIFE_MS ? fail({ kind: "proxy-too-long" }) : ok(undefined);
}

/**
 * Let another person read everything there is now. She signs nothing: that stays with the patient.
 *
 * Fails:   `step-up`; as `checkProxy` and `Patient.grant`.
 * Source:  spec/requests.md §3.
 */
export async function grantProxy(
  patient: Patient,
  order: ProxyOrder,
  stepUp: StepUp,
  now: number = Date.now(),
): Promise<Result<GrantHandle, DecisionError>> {
  const fresh = checkStepUp(stepUp, now);
  if (!fresh.ok) return fresh;
  const checked = checkProxy(patient, order, now);
  if (!checked.ok) return checked;
  const { to, purpose, expires } = order;
  return patient.grant({ grantee: to, sources: "all", categories: "all", purpose, expires });
}
