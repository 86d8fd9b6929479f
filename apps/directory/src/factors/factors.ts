import { fail, type Result } from "@salus/base";
import type { AccountRole, FactorId, FactorKind, SecondProof } from "@salus/protocol";
import type { Directory } from "../context.ts";
import type { FactorError, FactorUse, SecondFactor } from "./factor.ts";
import { passkey } from "./passkey.ts";
import { sms } from "./sms.ts";
import { totp } from "./totp.ts";

/** Every kind of second factor that this directory knows. */
const FACTORS: { readonly [K in FactorKind]: SecondFactor<K> } = { totp, sms, passkey };

/** Which of an account's kinds of factor a sign-in in a role may be finished with. */
export function usableFactors(
  directory: Directory,
  role: AccountRole,
  kinds: readonly FactorKind[],
): readonly FactorKind[] {
  const usable = kinds.filter((kind) => FACTORS[kind]?.allows(directory, role) ?? false);
  return [...new Set(usable)];
}

/**
 * Check a proof of any kind.
 *
 * Fails:   `sms-off`: this directory, or this role, takes no text messages. Otherwise as the factor's
 *          own check; `code-refused` for a kind that is not to be used here.
 */
export async function checkFactor(
  directory: Directory,
  use: FactorUse,
  proof: SecondProof,
): Promise<Result<FactorId, FactorError>> {
  const factor = FACTORS[proof.kind] as SecondFactor<SecondProof["kind"]> | undefined;
  if (factor?.allows(directory, use.role)) return factor.check(directory, use, proof);
  return fail({ kind: proof.kind === "sms" ? "sms-off" : "code-refused" });
}

/** Check a proof that is to step a session up. Fails: as `checkFactor`. */
export async function checkStepUp(
  directory: Directory,
  use: FactorUse,
  proof: SecondProof,
): Promise<Result<FactorId, FactorError>> {
  const stepsUp = FACTORS[proof.kind]?.stepsUp ?? false;
  return stepsUp ? checkFactor(directory, use, proof) : fail({ kind: "code-refused" });
}
