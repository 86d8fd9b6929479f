import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { badId, isId } from "../http/address.ts";
import type { Body } from "../http/exchange.ts";
import { type Outcome, refusal } from "../outcome.ts";

/**
 * Take a body for a resource of one type.
 *
 * Fails:   400 for no body, for what is no object, for another type, for an id that can be none; 415 for another kind of
 *          body.
 */
export function resourceOf(body: Body, type: string): Result<Resource, Outcome> {
  if (body.kind === "none") {
    return fail(refusal(400, "required", `A ${type} is missing.`, { expression: [type] }));
  }
  if (body.kind !== "resource") {
    return fail(refusal(415, "not-supported", "A resource is needed here."));
  }
  const { value } = body;
  if (!isObject(value)) {
    return fail(refusal(400, "structure", "A resource is an object.", { expression: [type] }));
  }
  const expression = ["resourceType"];
  if (value.resourceType === undefined) {
    return fail(refusal(400, "required", "The resource has no resourceType.", { expression }));
  }
  if (value.resourceType !== type) {
    const says = `The resourceType is not ${type}, which the address names.`;
    return fail(refusal(400, "value", says, { expression }));
  }
  if (value.id !== undefined && !isId(value.id)) return fail(badId(`${type}.id`));
  if (value.meta !== undefined && !isObject(value.meta)) {
    const says = "Meta is an object.";
    return fail(refusal(400, "structure", says, { expression: [`${type}.meta`] }));
  }
  return ok(value as unknown as Resource);
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The version of a resource that stands in a vault. */
export function versionOf({ resourceType, id = "", meta }: Resource): {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
  readonly at: number;
} {
  const { versionId, lastUpdated } = isObject(meta) ? meta : {};
  return {
    type: resourceType,
    id,
    versionId: String(versionId ?? ""),
    at: Date.parse(String(lastUpdated ?? "")),
  };
}
