import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { etagOf } from "../http/conditions.ts";
import type { Answering, Asked } from "../http/exchange.ts";
import { allowOnly, type Query } from "../http/query.ts";
import { type Outcome, outcomeOfWorldError, refusal } from "../outcome.ts";
import { COUNT_DEFAULT, COUNT_MAX } from "../search/index.ts";
import type { Version } from "../world.ts";
import type { Desk } from "./desk.ts";
import { unknown } from "./standing.ts";

/** Where the next page begins: behind this version. The gateway's own, for its own links. */
const BEHIND = "_behind";

interface Page {
  readonly count: number;
  readonly since: number | undefined;
  readonly behind: string | undefined;
}

/** `GET [type]/[id]/_history`: a page of its versions, newest first. Source: R4 http §3.1.0.12. */
export async function instanceHistory(
  desk: Desk,
  { query, preferences }: Asked,
  { type, id }: { readonly type: string; readonly id: string },
): Answering {
  const allowed = allowOnly(query, ["_count", "_since", BEHIND], preferences);
  if (!allowed.ok) return allowed;
  const page = readPage(query);
  if (!page.ok) return page;
  const history = await desk.world.history(type, id);
  if (!history.ok) return fail(outcomeOfWorldError(history.error));
  if (history.value.length === 0) return fail(unknown(type));
  const body = bundleOf(desk.base, { type, id, page: page.value }, history.value);
  return ok({ status: 200, body });
}

function readPage({ parameters }: Query): Result<Page, Outcome> {
  const last = (of: string): string | undefined =>
    parameters.findLast(({ name }) => name === of)?.value;
  const count = last("_count");
  const since = last("_since");
  if (count !== undefined && !/^\d{1,9}$/.test(count)) return fail(unreadable("_count", "number"));
  const at = since === undefined ? undefined : instantOf(since);
  if (Number.isNaN(at)) return fail(unreadable("_since", "instant"));
  return ok({
    count: Math.min(count === undefined ? COUNT_DEFAULT : Number(count), COUNT_MAX),
    since: at,
    behind: last(BEHIND),
  });
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds since 1970. R4 asks for an instant; a day is taken as its beginning in UTC. */
function instantOf(text: string): number {
  // A plus that nobody escaped has become a space.
  const whole = text.replace(" ", "+");
  return INSTANT.test(whole) ? Date.parse(whole) : Number.NaN;
}

const unreadable = (parameter: string, kind: string): Outcome =>
  refusal(400, "value", `The value of ${parameter} is no ${kind}.`, { parameter });

function bundleOf(
  base: string,
  { type, id, page }: { readonly type: string; readonly id: string; readonly page: Page },
  history: readonly Version[],
): Resource {
  const { count, since, behind } = page;
  const within = history.filter(({ at }) => since === undefined || at >= since);
  const from = behind === undefined ? 0 : 1 + within.findIndex((v) => v.versionId === behind);
  const shown = within.slice(from, from + count);
  const last = shown.at(-1);
  const more = last !== undefined && from + count < within.length;
  const here = `${base}/${type}/${id}/_history`;
  return {
    resourceType: "Bundle",
    type: "history",
    total: within.length,
    link: [
      { relation: "self", url: addressOf(here, page, behind) },
      ...(more ? [{ relation: "next", url: addressOf(here, page, last.versionId) }] : []),
    ],
    ...(shown.length > 0 && {
      entry: shown.map((version) => {
        const before = history[history.indexOf(version) + 1];
        const entry = entryOf(version, `${type}/${id}`, before);
        return { fullUrl: `${base}/${type}/${id}`, ...entry };
      }),
    }),
  };
}

function addressOf(here: string, { count, since }: Page, behind: string | undefined): string {
  const parts = [
    ...(since === undefined ? [] : [`_since=${new Date(since).toISOString()}`]),
    `_count=${count}`,
    ...(behind === undefined ? [] : [`${BEHIND}=${encodeURIComponent(behind)}`]),
  ];
  return `${here}?${parts.join("&")}`;
}

/** One version. What follows nothing, or a deletion, was created by it. */
function entryOf(
  { versionId, at, resource }: Version,
  name: string,
  before: Version | undefined,
): object {
  const created = before?.resource === undefined;
  const status = resource === undefined ? "204 No Content" : created ? "201 Created" : "200 OK";
  return {
    ...(resource && { resource }),
    request: { method: resource === undefined ? "DELETE" : "PUT", url: name },
    response: { status, etag: etagOf(versionId), lastModified: new Date(at).toISOString() },
  };
}
