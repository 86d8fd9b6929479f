import { referenceParts, referenceText } from "../canonical/keyword.ts";
import { isObject } from "../policy/path.ts";
import { resourceTypeOf } from "../policy/types.ts";
import { typeOfReference, valuesOf } from "../policy/values.ts";

/** What a reference points to. `type` is empty where neither its text nor its element says it. */
export interface Referenced {
  readonly type: string;
  readonly id: string;
}

/**
 * What the values of a reference parameter point to, as far as they name resources: no contained
 * ones, no logical identifiers. Nothing where there is no such parameter, or for another resource.
 */
export function referencesOf(
  type: string,
  name: string,
): (resource: unknown) => readonly Referenced[] {
  const table = resourceTypeOf(type);
  const parameter = table?.parameters.get(name);
  if (table === undefined || parameter?.type !== "reference") return () => [];
  const values = valuesOf(type, parameter);
  return (resource) =>
    isObject(resource) && resource.resourceType === type
      ? values(resource).flatMap(referenced)
      : [];
}

function referenced(value: unknown): readonly Referenced[] {
  const text = referenceText(value);
  const parts = text === undefined ? undefined : referenceParts(text);
  if (parts === undefined || parts.kind === "other") return [];
  return [{ type: typeOfReference(value), id: parts.id }];
}
