import { toHex } from "@salus/base";
import { type Match, type Registry, shownText } from "@salus/client";
import {
  type DescribedCode,
  type Description,
  type DetailName,
  LOINC,
  objects,
  textOf,
} from "@salus/health";
import { described } from "../described.ts";
import { chapterOf } from "./chapters.ts";
import type { FromView, Line } from "./views.ts";

const VALUES_SHOWN = 6;
/** What stands in a list already, or tells nobody anything there. */
const ASIDE: ReadonlySet<DetailName> = new Set([
  "verification",
  "category",
  "performer",
  "author",
  "format",
  "class",
  "place",
]);
const NAME_MAX = 128;

/** What somebody is called on a certificate, as it may stand beside other words. */
export const shownName = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : shownText(name, NAME_MAX);

/** A match as a list shows it. */
export function lineOf(match: Match, registry: Registry): Line {
  return describedLine(match, described(match.resource), registry);
}

export function describedLine(match: Match, of: Description, registry: Registry): Line {
  const { type, title, codes, date, end, status, values, details } = of;
  const categories = objects(match.resource.category)
    .flatMap((concept) => objects(concept.coding))
    .map(({ code }) => textOf(code));
  return {
    handle: toHex(match.record),
    type,
    chapter: chapterOf(type, categories),
    title,
    loinc: loincOf(title, codes),
    date,
    end,
    status,
    values: values.slice(0, VALUES_SHOWN),
    detail: details.find(({ name }) => !ASIDE.has(name)),
    from: fromOf(match, registry),
  };
}

/** The code of LOINC whose own name a title is, if it is. */
export function loincOf(title: string, codes: readonly DescribedCode[]): string {
  const named = codes.find(({ system, display }) => system === LOINC && display === title);
  return named?.code ?? "";
}

function fromOf({ origin }: Match, registry: Registry): FromView {
  const { source, name, path, assigned } = origin;
  const last = path.length > 1 ? path.at(-1) : undefined;
  const author = last === undefined ? undefined : registry.byNode(last)?.name;
  return {
    source: toHex(source),
    name: shownName(name),
    author: shownName(author),
    how: assigned === "patient" ? "own" : assigned,
  };
}

/** When a record was, in milliseconds; what has no date stands at the end. */
export function timeOf({ resource }: Match): number {
  return dateTime(described(resource).date);
}

export function dateTime(fhir: string): number {
  const time = Date.parse(fhir);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}
