import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Span, span, spanOf } from "./date.ts";
import { at, isObject, type Json, type JsonObject, texts } from "./json.ts";

/** One resource of one patient, and the organisation that made it ("" for the patient herself). */
export interface Entry {
  readonly patient: string;
  readonly organisation: string;
  readonly type: string;
  readonly id: string;
  readonly resource: JsonObject;
}

export interface Dataset {
  readonly entries: readonly Entry[];
  readonly patients: readonly string[];
  readonly organisations: readonly string[];
}

/** Where data for tests lie: SALUS_SHARED, or `shared` beside the checkout. */
export const SHARED: string =
  process.env.SALUS_SHARED ?? resolve(import.meta.dirname, "../../../shared");

export const SYNTHEA: string = join(SHARED, "data/fhir/synthea-ma-2019/bundles.ndjson.gz");

/** Whether the shared Synthea set is there; suites that need it say that they are skipped if not. */
export const hasSynthea = (): boolean => existsSync(SYNTHEA);

/** Resources that are public and shared between patients: they go to the provider registry. */
const REGISTRY: ReadonlySet<string> = new Set(["Organization", "Practitioner"]);

/** Read the 150 bundles, resolve their `urn:uuid:` references, and say who made each resource. */
export function readSynthea(): Dataset {
  const lines = gunzipSync(readFileSync(SYNTHEA)).toString("utf8").split("\n");
  const bundles = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Json);
  const entries = bundles.flatMap(readBundle);
  const unique = (values: readonly string[]): string[] => [...new Set(values)].sort();
  return {
    entries,
    patients: unique(entries.map(({ patient }) => patient)),
    organisations: unique(
      entries.map(({ organisation }) => organisation).filter((id) => id !== ""),
    ),
  };
}

/** The entries of one patient's transaction bundle. */
export function readBundle(bundle: Json): Entry[] {
  const names = new Map<string, string>();
  for (const entry of at(bundle, "entry")) {
    const [url] = texts(entry, "fullUrl");
    const [type] = texts(entry, "resource.resourceType");
    const [id] = texts(entry, "resource.id");
    if (url !== undefined) names.set(url, `${type}/${id}`);
  }
  const resources = at(bundle, "entry.resource").map((resource) => resolveIn(resource, names));
  const named = new Map<string, JsonObject>();
  for (const resource of resources as JsonObject[]) named.set(nameOf(resource), resource);
  const patient = [...named.keys()].find((name) => name.startsWith("Patient/"));
  if (patient === undefined) throw new Error("a bundle has a patient");
  return [...named.values()]
    .filter((resource) => !REGISTRY.has(resource.resourceType as string))
    .map((resource) => ({
      patient: patient.slice("Patient/".length),
      organisation: madeBy(resource, named),
      type: resource.resourceType as string,
      id: resource.id as string,
      resource,
    }));
}

const nameOf = (resource: JsonObject): string => `${resource.resourceType}/${resource.id}`;

function resolveIn(value: Json, names: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((part) => resolveIn(part, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === "reference" && typeof part === "string"
        ? (names.get(part) ?? part)
        : resolveIn(part as Json, names),
    ]),
  );
}

/**
 * The organisation that made a resource: its own service provider, or that of its encounter; else, by
 * inference, that of the patient's encounter nearest in time. What has no time (patients and goals in
 * this set) is the patient's own.
 */
function madeBy(resource: JsonObject, named: ReadonlyMap<string, JsonObject>): string {
  const [encounter] = texts(resource, "encounter.reference");
  const visit = encounter === undefined ? resource : (named.get(encounter) ?? resource);
  const [provider] = texts(visit, "serviceProvider.reference");
  return (provider ?? nearest(resource, named) ?? "").replace("Organization/", "");
}

function nearest(resource: JsonObject, named: ReadonlyMap<string, JsonObject>): string | undefined {
  const [text] = texts(resource, "recordedDate");
  const time = span(text ?? "")?.low;
  if (time === undefined) return undefined;
  const visits = [...named.values()].flatMap((visit) => {
    const period = visit.resourceType === "Encounter" ? spanOf(visit.period ?? null) : undefined;
    const [provider] = texts(visit, "serviceProvider.reference");
    return period === undefined || provider === undefined ? [] : [{ period, provider }];
  });
  const distance = ({ low, high }: Span): number => Math.max(low - time, time - high, 0);
  visits.sort((a, b) => distance(a.period) - distance(b.period) || a.period.low - b.period.low);
  return visits[0]?.provider;
}
