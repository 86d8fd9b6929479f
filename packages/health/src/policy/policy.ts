import { fail, ok, type Result } from "@salus/base";
import { type Category, isSensitive } from "./category.ts";

/** Counts the changes of spec/policy.md that move an entry. Stored with every record and batch. */
export const POLICY_VERSION = 2;

/** Versions that vaults may name: a vault keeps the one that it was made with. */
export type PolicyVersion = 1 | typeof POLICY_VERSION;

/** `balanced` keeps order for wide values of ordinary categories; `sealed-only` keeps none. */
export type PolicyKind = "balanced" | "sealed-only";

export interface Policy {
  readonly version: PolicyVersion;
  readonly kind: PolicyKind;
}

export const BALANCED: Policy = { version: POLICY_VERSION, kind: "balanced" };
export const SEALED_ONLY: Policy = { version: POLICY_VERSION, kind: "sealed-only" };

const POLICIES: readonly Policy[] = [
  BALANCED,
  SEALED_ONLY,
  { version: 1, kind: "balanced" },
  { version: 1, kind: "sealed-only" },
];

/**
 * The policy that a vault's genesis link names.
 *
 * Fails:   `unknown-policy` for another version or kind: this program is too old for that vault.
 */
export function policyOf(
  version: number,
  kind: string,
): Result<Policy, { readonly kind: "unknown-policy" }> {
  const known = POLICIES.find((policy) => policy.version === version && policy.kind === kind);
  return known === undefined ? fail({ kind: "unknown-policy" }) : ok(known);
}

/** Which index holds dates and quantities of a category. */
export function rangeKind(policy: Policy, category: Category): "ordered" | "sealed" {
  return policy.kind === "balanced" && !isSensitive(category) ? "ordered" : "sealed";
}
