import { spanOf } from "./date.ts";
import { type Fraction, ofNumber, order as orderFractions } from "./fraction.ts";
import { at, isObject, type JsonObject, texts } from "./json.ts";
import type { Search } from "./query.ts";
import { parameterOf } from "./search.ts";
import { fold } from "./string.ts";

type Key = number | string | Fraction | undefined;

/**
 * The keys that a search sorts a resource by. A Period counts by its start; of several values the
 * least counts upwards and the greatest downwards; missing is undefined.
 */
export function sortKeys(resource: JsonObject, search: Search): Key[] {
  return search.sort.map(({ name, descending }) => {
    const keys = keysOf(resource, search.type, name).sort(compareKeys);
    return descending ? keys.at(-1) : keys[0];
  });
}

function keysOf(resource: JsonObject, type: string, name: string): Key[] {
  const parameter = parameterOf(type, name);
  if (parameter.kind === "deceased" || parameter.kind === "composite") {
    throw new Error(`the oracle does not sort by ${name}`);
  }
  const { kind, paths } = parameter;
  const values = paths.flatMap((path) => at(resource, path));
  if (kind === "date") return values.flatMap((value) => spanOf(value)?.low ?? []);
  if (kind === "quantity") {
    return values.flatMap((value) =>
      isObject(value) && typeof value.value === "number" ? ofNumber(value.value) : [],
    );
  }
  if (kind === "string") return paths.flatMap((path) => texts(resource, path)).map(fold);
  return values.flatMap((value) => (typeof value === "string" ? value : []));
}

function compareKeys(a: Key, b: Key): number {
  if (typeof a === "object" && typeof b === "object") return orderFractions(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  throw new Error("keys of one sort have one type");
}

/** Order two resources by their keys, what has none last whichever the direction. */
export function compareBySort(a: readonly Key[], b: readonly Key[], search: Search): number {
  for (const [at, { descending }] of search.sort.entries()) {
    const [one, two] = [a[at], b[at]];
    if (one === undefined && two === undefined) continue;
    if (one === undefined) return 1;
    if (two === undefined) return -1;
    const difference = compareKeys(one, two);
    if (difference !== 0) return descending ? -difference : difference;
  }
  return 0;
}
