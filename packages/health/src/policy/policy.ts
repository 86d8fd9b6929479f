import { fail, ok, type Result } from "@salus/base";
import { type Category, isSensitive } from "./category.ts";

/** Counts the changes of spec/policy.md that move an entry. Stored with every record and batch. */
export const POLICY_VERSION = 1;

/** `balanced` keeps order for wide values of ordinary categories; `sealed-only` keeps none. */
export type PolicyKind = "balanced" | "sealed-only";

export interface Policy {
  readonly version: typeof POLICY_VERSION;
  readonly kind: PolicyKind;
}

export const BALANCED: Policy = { version: POLICY_VERSION, kind: "balanced" };
export const SEALED_ONLY: Policy = { version: POLICY_VERSION, kind: "sealed-only" };

/**
 * The policy that a vault's genesis link names.
 *
 * Fails:   `unknown-policy` for another version or kind: this program is too old for that vault.
 */
export function policyOf(
  version: number,
  kind: string,
): Result<Policy, { readonly kind: "unknown-policy" }> {
  if (version !== POLICY_VERSION) return fail({ kind: "unknown-policy" });
  if (kind === "balanced") return ok(BALANCED);
  if (kind === "sealed-only") return ok(SEALED_ONLY);
  return fail({ kind: "unknown-policy" });
}

/** Which index holds dates and quantities of a category. */
export function rangeKind(policy: Policy, category: Category): "ordered" | "sealed" {
  return policy.kind === "balanced" && !isSensitive(category) ? "ordered" : "sealed";
}
