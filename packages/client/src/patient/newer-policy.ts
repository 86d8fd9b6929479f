import { ok, type Result } from "@salus/base";
import { POLICY_VERSION } from "@salus/health";
import type { ClientError } from "../failure.ts";
import type { Patient } from "./patient.ts";

/**
 * Let searches of a vault go by the newest version of the index policy, once every source has made its
 * entries again: what has entries of an older version only is missed by what the newer one asks.
 *
 * Gives:   whether the vault had an older version.
 * Leaks:   to the cloud: that it has moved.
 * Fails:   as `Patient.change`.
 * Source:  spec/chain.md §1; decision 0122.
 */
export function adoptPolicy(patient: Patient): Promise<Result<boolean, ClientError>> {
  return patient.change(async ({ chain, links }) => {
    const isOlder = chain.policyVersion < POLICY_VERSION;
    if (isOlder) links.add("chain/policy", { policyVersion: POLICY_VERSION });
    return ok(isOlder);
  });
}
