import type { Resource } from "@salus/client";
import { isObject } from "../resource-body.ts";

/** What becomes of a link; nothing where it stays. `isReference` tells a Reference from other uris. */
export type Relink = (text: string, isReference: boolean) => string | undefined;

/**
 * Elements of type uri, url, uuid and oid that may point into the bundle. Those of type canonical stay as they are, and so do
 * texts, `Identifier.value` above all: a resource keeps the name that it was known by.
 */
const URIS: ReadonlySet<string> = new Set([
  ...["url", "uri", "source", "implicitRules", "instantiatesUri", "sourceUri", "targetUri"],
  ...["valueUri", "valueUrl", "valueUuid", "valueOid", "defaultValueUri", "address", "endpoint"],
]);

/** In narrative: `<a href="…">` and `<img src="…">`. */
const IN_NARRATIVE = /\b(href|src)=(["'])([^"'<>]*)\2/g;

/**
 * Give links of a resource another text, in a copy.
 *
 * Source:  R4 http §3.1.0.11.2; R4 bundle §2.36.4.1.
 */
export function relinked(resource: Resource, relink: Relink): Resource {
  return walked(resource, "", relink) as Resource;
}

/** Every text of a Reference in a resource. */
export function referencesIn(resource: Resource): readonly string[] {
  const found: string[] = [];
  relinked(resource, (text, isReference) => {
    if (isReference) found.push(text);
    return undefined;
  });
  return found;
}

function walked(value: unknown, name: string, relink: Relink): unknown {
  if (typeof value === "string") return relinkedText(value, name, relink);
  if (Array.isArray(value)) return value.map((item) => walked(item, name, relink));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, inner]) => [member, walked(inner, member, relink)]),
  );
}

function relinkedText(text: string, name: string, relink: Relink): string {
  if (name === "reference") return relink(text, true) ?? text;
  if (URIS.has(name)) return relink(text, false) ?? text;
  if (name !== "div") return text;
  return text.replace(IN_NARRATIVE, (whole, attribute, quote, link) => {
    const other = relink(link, false);
    return other === undefined ? whole : `${attribute}=${quote}${other}${quote}`;
  });
}

/** The place of each resource of a bundle, by its fullUrl. */
export type Places = ReadonlyMap<string, string>;

const RELATIVE = /^[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/;

/**
 * How links of one entry are changed: those to a fullUrl of the bundle into the place that the resource has here.
 *
 * A relative reference means the resource of that name on the server that its own fullUrl names.
 *
 * Takes:   `conditional`, what conditional references stand for.
 */
export function relinkOf(
  places: Places,
  fullUrl: string | undefined,
  conditional: ReadonlyMap<string, string>,
): Relink {
  const root = /^(https?:\/\/.*\/)[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.exec(fullUrl ?? "")?.[1];
  return (text, isReference) => {
    if (!isReference) return isUrn(text) ? places.get(text) : undefined;
    const place = places.get(text) ?? conditional.get(text);
    if (place !== undefined || root === undefined || !RELATIVE.test(text)) return place;
    return places.get(`${root}${text}`);
  };
}

const isUrn = (text: string): boolean => /^urn:(?:uuid|oid):/.test(text);

/** Whether a reference is a search for what it points to: `Patient?identifier=…`. */
export const isConditional = (text: string): boolean => /^[A-Za-z]+\?/.test(text);
