import { isObject, type Json } from "./json.ts";

/** `Type/id` of a reference, relative or absolute; undefined when it is neither. */
function target(reference: string): { type: string; id: string } | undefined {
  const match = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(
    reference,
  );
  return match === null ? undefined : { type: match[1] as string, id: match[2] as string };
}

/** Whether a Reference points to `asked`: an id, `Type/id`, or a URL that ends in one. */
export function referenceMatches(value: Json, type: string, asked: string): boolean {
  const stored = isObject(value) ? value.reference : undefined;
  if (typeof stored !== "string") return false;
  const found = target(stored);
  const wanted = target(asked);
  if (found === undefined) return stored === asked;
  if (type !== "" && found.type !== type) return false;
  if (wanted === undefined) return found.id === asked;
  return found.type === wanted.type && found.id === wanted.id;
}
