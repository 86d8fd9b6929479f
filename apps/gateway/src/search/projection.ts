import type { Resource } from "@salus/client";
import { type SummaryElements, summaryElementsOf } from "./summary-elements.ts";

export type SummaryKind = "true" | "text" | "data";

/** How much of each resource is given: everything, where neither is there. */
export interface Projection {
  readonly summary?: SummaryKind;
  /** Elements by their names; what is mandatory or modifies others comes with them. */
  readonly elements?: readonly string[];
}

const SUBSETTED = {
  system: "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
  code: "SUBSETTED",
};
/** What every resource keeps. */
const ALWAYS: ReadonlySet<string> = new Set(["resourceType", "id", "meta", "implicitRules"]);
const NONE: SummaryElements = { summary: new Set(), mandatory: [], modifiers: [] };

/**
 * Leave out of a resource what was not asked for, and tag it as incomplete, so that nobody stores it as the whole.
 *
 * Source:  FHIR R4 search, "Summary" and "Elements".
 */
export function project(resource: Resource, { summary, elements }: Projection): Resource {
  const { resourceType: type } = resource;
  const table = summaryElementsOf(type) ?? NONE;
  if (elements !== undefined) return tagged(chosen(resource, table, elements));
  if (summary === undefined) return resource;
  switch (summary) {
    case "data": {
      const { text: _narrative, ...rest } = resource;
      return tagged(rest as Resource);
    }
    case "text":
      return tagged(pick(resource, ["text", ...table.mandatory]));
    case "true":
      // A type without a table is one that is made of what it holds: nothing of it can be left out.
      return table === NONE ? resource : tagged(summarised(resource, table.summary));
  }
}

/** Whether a resource says of itself that it was not given whole. */
export function isPart({ meta }: Resource): boolean {
  const { tag } = (meta ?? {}) as { readonly tag?: unknown };
  const tags = Array.isArray(tag) ? tag : [];
  return tags.some((one) => one?.system === SUBSETTED.system && one.code === SUBSETTED.code);
}

/** Elements that `_elements` may name of a type: as plain names, or behind the name of the type. */
function chosen(
  resource: Resource,
  { summary, mandatory, modifiers }: SummaryElements,
  elements: readonly string[],
): Resource {
  const names = elements.flatMap((element) => {
    const [first = "", second] = element.split(".");
    if (second === undefined) return /^[A-Z]/.test(first) ? [] : [first];
    if (first === resource.resourceType) return [second];
    return /^[A-Z]/.test(first) ? [] : [first];
  });
  // Elements of another type alone say nothing of this one.
  if (names.length === 0 && elements.every((element) => /^[A-Z]/.test(element))) return resource;
  const asked = names.map((name) => (summary.has(`${name}*`) ? `${name}*` : name));
  return pick(resource, [...asked, ...mandatory, ...modifiers, "modifierExtension"]);
}

function pick(resource: Resource, names: readonly string[]): Resource {
  const kept = Object.entries(resource).filter(
    ([key]) => ALWAYS.has(key) || names.some((name) => isNamed(key, name)),
  );
  return Object.fromEntries(kept) as Resource;
}

function summarised(resource: Resource, summary: ReadonlySet<string>): Resource {
  const kept = Object.entries(resource).filter(
    ([key]) => ALWAYS.has(key) || key === "modifierExtension" || isIn(key, "", summary),
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [key, ALWAYS.has(key) ? value : within(value, key, summary)]),
  ) as Resource;
}

/** What the summary keeps of an element that has elements of its own in the table. */
function within(value: unknown, path: string, summary: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => within(item, path, summary));
  if (typeof value !== "object" || value === null) return value;
  const below = [...summary].some((name) => name.startsWith(`${path}.`));
  // A datatype: it is whole.
  if (!below) return value;
  const kept = Object.entries(value).filter(
    ([key]) => key === "id" || key === "modifierExtension" || isIn(key, `${path}.`, summary),
  );
  return Object.fromEntries(
    kept.map(([key, part]) => [key, within(part, `${path}.${key}`, summary)]),
  );
}

function isIn(key: string, before: string, summary: ReadonlySet<string>): boolean {
  const name = `${before}${key.replace(/^_/, "")}`;
  if (summary.has(name)) return true;
  // `value*` stands for valueQuantity, valueString and the like.
  for (let at = name.length; at > before.length; at -= 1) {
    if (summary.has(`${name.slice(0, at)}*`)) return isChoice(name, at);
  }
  return false;
}

/** Whether a member of a resource is an element: itself, its extensions (`_birthDate`), or a choice. */
function isNamed(key: string, name: string): boolean {
  const plain = key.replace(/^_/, "");
  if (plain === name) return true;
  const bare = name.replace(/\*$|\[x\]$/, "");
  return bare !== name && plain.startsWith(bare) && isChoice(plain, bare.length);
}

function isChoice(name: string, at: number): boolean {
  return /^[A-Z]/.test(name.slice(at));
}

function tagged(resource: Resource): Resource {
  const meta = (resource.meta ?? {}) as { readonly tag?: readonly unknown[] };
  const tags = Array.isArray(meta.tag) ? meta.tag : [];
  return { ...resource, meta: { ...meta, tag: [...tags, SUBSETTED] } };
}
