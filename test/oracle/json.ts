/** A JSON value, as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Every value at a dotted path, through lists: `component.code` gives each component's code. */
export function at(root: Json, path: string): Json[] {
  let found: Json[] = [root];
  for (const step of path === "" ? [] : path.split(".")) {
    found = found.flatMap((value) => {
      const next = isObject(value) ? value[step] : undefined;
      if (next === undefined || next === null) return [];
      return Array.isArray(next) ? (next as Json[]) : [next];
    });
  }
  return found;
}

/** The texts at a path; anything that is not a text is left out. */
export const texts = (root: Json, path: string): string[] =>
  at(root, path).filter((value): value is string => typeof value === "string");
