/** JSON from outside: whatever it holds, reading it gives something, and never throws. */
export type Json = unknown;

type Step = string | number;

/** What stands at a path; `undefined` where there is nothing. */
export function at(value: Json, ...path: readonly Step[]): Json {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<Step, unknown>>)[step];
  }
  return here;
}

/** The text at a path; empty where there is none. */
export function textAt(value: Json, ...path: readonly Step[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** The list at a path; empty where there is none. */
export function listAt(value: Json, ...path: readonly Step[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The time at a path, as FHIR's `instant` and ABDM's timestamps write it. */
export function timeAt(value: Json, ...path: readonly Step[]): number {
  return Date.parse(textAt(value, ...path));
}

/** A time to the millisecond, in UTC. */
export function timeText(time: number): string {
  return new Date(time).toISOString();
}

/** The same without the members that say nothing: FHIR has no empty text, list or object. */
export function filled(members: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const said = Object.entries(members).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(said);
}

function isEmpty(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === "";
}

/**
 * Where two values differ first; `undefined` when they are the same. The order of members means
 * nothing in JSON, and servers change it.
 */
export function differenceOf(a: Json, b: Json, path = ""): string | undefined {
  if (Object.is(a, b)) return undefined;
  const both = typeof a === "object" && typeof b === "object" && a !== null && b !== null;
  if (!both || Array.isArray(a) !== Array.isArray(b)) return path;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const below = Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    const difference = differenceOf(at(a, key), at(b, key), below);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
