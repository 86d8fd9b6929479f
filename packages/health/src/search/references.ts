import { referenceParts, referenceText } from "../canonical/keyword.ts";
import type { Parameter, ParameterType } from "../policy/parameter.ts";
import { isObject } from "../policy/path.ts";
import { RESOURCE_TYPES, resourceTypeOf } from "../policy/types.ts";
import { valuesOf } from "./criterion.ts";

/** What whoever composes searches must know of a search parameter. */
export interface SearchParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** References: the types that count; empty where the policy does not say. */
  readonly targets: readonly string[];
}

/** What a reference points to. `type` is empty where neither its text nor its element says it. */
export interface Referenced {
  readonly type: string;
  readonly id: string;
}

/** Every resource type that can be searched. */
export const SEARCHED_TYPES: readonly string[] = RESOURCE_TYPES.map(({ type }) => type);

/** A parameter of a type; undefined for one that is not known. */
export function searchParameterOf(type: string, name: string): SearchParameter | undefined {
  return resourceTypeOf(type)?.parameters.get(name);
}

/** Every parameter of a type. */
export function searchParametersOf(type: string): readonly SearchParameter[] {
  return [...(resourceTypeOf(type)?.parameters.values() ?? [])];
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
  const values = valuesOf(table, parameter);
  return (resource) =>
    isObject(resource) && resource.resourceType === type
      ? values(resource).flatMap((value) => referenced(value, parameter))
      : [];
}

function referenced(value: unknown, { targets }: Parameter): readonly Referenced[] {
  const text = referenceText(value);
  const parts = text === undefined ? undefined : referenceParts(text);
  if (parts === undefined || parts.kind === "other") return [];
  const stated = isObject(value) && typeof value.type === "string" ? value.type : "";
  const type = parts.type === "" ? stated : parts.type;
  const counts = type === "" || targets.length === 0 || targets.includes(type);
  return counts ? [{ type, id: parts.id }] : [];
}
