import { fail, ok, type Result } from "@salus/base";
import { readAddress } from "../../http/address.ts";
import { readConditions } from "../../http/conditions.ts";
import { type Asked, type Body, type Method, NO_BODY } from "../../http/exchange.ts";
import { readJson } from "../../http/json.ts";
import type { Preferences } from "../../http/preferences.ts";
import { readQuery } from "../../http/query.ts";
import { type Outcome, refusal } from "../../outcome.ts";
import { isObject } from "../resource-body.ts";

/** One entry of a batch or transaction. */
export interface Entry {
  /** Its place in the bundle, from 0. */
  readonly index: number;
  readonly fullUrl: string | undefined;
  readonly asked: Asked;
}

export interface AskedBundle {
  readonly type: "batch" | "transaction";
  /** In the order of the bundle. What of an entry cannot be read is the outcome of that entry. */
  readonly entries: readonly Result<Entry, Outcome>[];
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
/** More than that is an import, which has a command of its own. */
const ENTRIES_MAX = 5_000;

type Reading = Pick<Asked, "body" | "preferences"> & { readonly base: string };

/** Read the Bundle of `POST [base]`. Fails: 400 for what is none; 413 for one that is too long. */
export function readBundle({ body, preferences, base }: Reading): Result<AskedBundle, Outcome> {
  const value = body.kind === "resource" ? body.value : undefined;
  if (!isObject(value) || value.resourceType !== "Bundle") {
    const expression = ["Bundle"];
    return fail(refusal(400, "structure", "A Bundle is needed here.", { expression }));
  }
  const { type, entry = [] } = value;
  if (type !== "batch" && type !== "transaction") {
    const says = "Only a batch or a transaction is done here. Other bundles are stored at /Bundle.";
    return fail(refusal(400, "value", says, { expression: ["Bundle.type"] }));
  }
  if (!Array.isArray(entry)) {
    const expression = ["Bundle.entry"];
    return fail(refusal(400, "structure", "Entries are an array.", { expression }));
  }
  if (entry.length > ENTRIES_MAX) {
    const says = `A bundle has at most ${ENTRIES_MAX} entries.`;
    return fail(refusal(413, "too-long", says, { expression: ["Bundle.entry"] }));
  }
  const entries = entry.map((written, index) => {
    const read = readEntry(written, index, { base, preferences });
    return read.ok ? read : fail(within(index, read.error));
  });
  return ok({ type, entries });
}

function readEntry(
  written: unknown,
  index: number,
  { base, preferences }: { readonly base: string; readonly preferences: Preferences },
): Result<Entry, Outcome> {
  const request = isObject(written) ? written.request : undefined;
  if (!isObject(written) || !isObject(request)) {
    return fail(missing(index, "", "The entry has no request."));
  }
  const { method, url } = request;
  if (typeof method !== "string" || !METHODS.has(method)) {
    return fail(missing(index, ".method", "The method is none of FHIR."));
  }
  if (typeof url !== "string") return fail(missing(index, ".url", "The request has no url."));
  const { fullUrl } = written;
  if (fullUrl !== undefined && typeof fullUrl !== "string") {
    const expression = [`Bundle.entry[${index}].fullUrl`];
    return fail(refusal(400, "value", "A fullUrl is a text.", { expression }));
  }
  const local = url.startsWith(`${base}/`) ? url.slice(base.length) : url;
  const mark = local.indexOf("?");
  const target = readAddress(mark < 0 ? local : local.slice(0, mark));
  if (!target.ok) return target;
  const query = readQuery(mark < 0 ? "" : local.slice(mark + 1));
  if (!query.ok) return query;
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifNoneExist } = request;
  const conditions = readConditions({ ifMatch, ifNoneMatch, ifModifiedSince, ifNoneExist });
  if (!conditions.ok) return conditions;
  const body = bodyOf(method, written.resource, index);
  if (!body.ok) return body;
  const asked: Asked = {
    method: (method === "HEAD" ? "GET" : method) as Method,
    ...{ target: target.value, query: query.value, body: body.value },
    ...{ conditions: conditions.value, preferences },
  };
  return ok({ index, fullUrl, asked });
}

/** A patch comes in a Binary, for a bundle holds resources only. Source: R4 http §3.1.0.11. */
function bodyOf(method: string, resource: unknown, index: number): Result<Body, Outcome> {
  if (resource === undefined || method === "GET" || method === "HEAD" || method === "DELETE") {
    return ok(NO_BODY);
  }
  if (method !== "PATCH") return ok({ kind: "resource", value: resource });
  const place = `Bundle.entry[${index}].resource`;
  const { resourceType, contentType, data } = isObject(resource) ? resource : {};
  const isPatch =
    typeof contentType === "string" && /^application\/json-patch\+json/.test(contentType);
  if (resourceType !== "Binary" || !isPatch || typeof data !== "string") {
    const says = "A patch is a Binary of application/json-patch+json with data in base64.";
    return fail(refusal(400, "value", says, { expression: [place] }));
  }
  const value = readJson(Buffer.from(data, "base64"), "Patch");
  return value.ok ? ok({ kind: "json-patch", value: value.value }) : value;
}

const missing = (index: number, below: string, says: string): Outcome =>
  refusal(400, "required", says, { expression: [`Bundle.entry[${index}].request${below}`] });

/** The element of an entry's request in which a header stands. */
const HEADERS: Readonly<Record<string, string>> = {
  "If-Match": "ifMatch",
  "If-None-Match": "ifNoneMatch",
  "If-None-Exist": "ifNoneExist",
};

/** The same outcome, said of an entry: its elements are named from the bundle down. */
export function within(index: number, outcome: Outcome): Outcome {
  const entry = `Bundle.entry[${index}]`;
  const issues = outcome.issues.map(({ expression, parameter, ...issue }) => {
    const places = expression?.map((place) =>
      place.startsWith("Bundle.entry[") ? place : place.replace(/^[A-Za-z]+/, `${entry}.resource`),
    );
    const header = parameter === undefined ? "" : (HEADERS[parameter] ?? "url");
    const request = header === "" ? `${entry}.request` : `${entry}.request.${header}`;
    return { ...issue, expression: places ?? [request] };
  });
  return { ...outcome, issues };
}
