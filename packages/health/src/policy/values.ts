import { referenceParts, referenceText } from "../canonical/keyword.ts";
import type { Parameter } from "./parameter.ts";
import { elementsAt, isObject } from "./path.ts";

type ValuesOf = (resource: unknown) => readonly unknown[];

/**
 * The values of a parameter in a resource of a type: what stands at its paths, unless the published
 * expression says more than a path can.
 */
export function valuesOf(type: string, parameter: Parameter): ValuesOf {
  const { name, paths, targets } = parameter;
  if (isDeceased(type, parameter)) {
    // Whether the person has died: by a time of death too, and `false` where nothing is said.
    return (resource) => [
      paths.some((path) => elementsAt(resource, path).some((value) => value !== false)),
    ];
  }
  if (type === "Bundle" && (name === "composition" || name === "message"))
    return firstEntry(targets);
  const values = atPaths(parameter);
  if (targets.length === 0) return values;
  return (resource) => values(resource).filter((value) => isOf(targets, value));
}

/** `Patient?deceased` has a value in every patient, whichever elements are there. */
export function isDeceased(type: string, { name }: Parameter): boolean {
  return type === "Patient" && name === "deceased";
}

function atPaths({ paths }: Parameter): ValuesOf {
  const [path] = paths;
  if (paths.length === 1 && path !== undefined) return (resource) => elementsAt(resource, path);
  return (resource) => paths.flatMap((each) => elementsAt(resource, each));
}

/** The first resource of a document or message, as what a reference to it would say. */
function firstEntry(targets: readonly string[]): ValuesOf {
  return (resource) => {
    const entry =
      isObject(resource) && Array.isArray(resource.entry) ? resource.entry[0] : undefined;
    const first = isObject(entry) ? entry.resource : undefined;
    if (!isObject(first) || !targets.includes(String(first.resourceType))) return [];
    return [{ reference: `${first.resourceType}/${String(first.id)}` }];
  };
}

/** Whether a reference may be to one of the types: one that does not say its type may be. */
function isOf(targets: readonly string[], value: unknown): boolean {
  const type = typeOfReference(value);
  return type === "" || targets.includes(type);
}

/** The type that a reference points to; empty where neither its text nor its element says it. */
export function typeOfReference(value: unknown): string {
  const text = referenceText(value);
  const parts = text === undefined ? undefined : referenceParts(text);
  if (parts !== undefined && parts.type !== "") return parts.type;
  return isObject(value) && typeof value.type === "string" ? value.type : "";
}
