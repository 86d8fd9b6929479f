import type { Category } from "@salus/health";
import { careOf, endOf } from "../deciding/time-left.ts";
import type { Chosen } from "../device/requests/choice.ts";
import type { RequestView } from "../device/requests/request-view.ts";

/** When an access is to end: after some time, as asked, or on a day that she names. */
export type End = "day" | "week" | "month" | "asked" | "other";

/** What stands in the form that narrows a request. */
export interface Narrowed {
  readonly categories: readonly Category[];
  readonly sources: readonly string[];
  readonly care: "asked" | "between";
  readonly careFrom: string;
  readonly careTo: string;
  readonly end: End;
  readonly endDay: string;
}

const DAY_MS = 86_400_000;
const SPANS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS } as const;

/** Categories that are given only to whoever names them. The page holds no code of the record's. */
const SENSITIVE: readonly Category[] = [
  "mental-health",
  "sexual-health",
  "genetics",
  "substance-use",
];

export function isSensitive(category: Category): boolean {
  return SENSITIVE.includes(category);
}

/** What the form begins with: as it was asked, but for what is sensitive and nobody has named. */
export function asAsked({ allCategories, categories, sources }: RequestView): Narrowed {
  return {
    categories: categories.filter((one) => !allCategories || !isSensitive(one)),
    sources: sources.map(({ source }) => source),
    care: "asked",
    careFrom: "",
    careTo: "",
    end: "asked",
    endDay: "",
  };
}

/** The ends that may be chosen: none later than was asked. */
export function endsOf({ until }: RequestView, now: number): readonly End[] {
  const sooner = (["day", "week", "month"] as const).filter((end) => now + SPANS[end] < until);
  return [...sooner, "asked", "other"];
}

/**
 * What the form says, as it is put to the device; nothing while it says nothing whole.
 *
 * Takes:   `now`, when the form was opened: each look at it must say the same.
 */
export function chosenOf(form: Narrowed, request: RequestView, now: number): Chosen | undefined {
  const { categories, sources, care, end } = form;
  if (categories.length === 0 || sources.length === 0) return undefined;
  const until = untilOf(form, request, now);
  if (until === undefined) return undefined;
  const period = care === "asked" ? undefined : periodOf(form, request);
  if (care === "between" && period === undefined) return undefined;
  return {
    categories: request.categories.filter((one) => categories.includes(one)),
    sources: request.sources.map(({ source }) => source).filter((one) => sources.includes(one)),
    ...(end !== "asked" && { until }),
    ...(period !== undefined && { period }),
  };
}

function untilOf(
  { end, endDay }: Narrowed,
  { until }: RequestView,
  now: number,
): number | undefined {
  if (end === "asked") return until;
  if (end !== "other") return Math.min(now + SPANS[end], until);
  const chosen = endOf(endDay);
  return chosen === undefined || chosen <= now ? undefined : Math.min(chosen, until);
}

/** The days that she names, as far as they lie within what was asked. */
function periodOf({ careFrom, careTo }: Narrowed, { period }: RequestView): Chosen["period"] {
  const care = careOf(careFrom, careTo);
  if (care === undefined) return undefined;
  const from = Math.max(care.from, period?.from ?? care.from);
  const to = Math.min(care.to, period?.to ?? care.to);
  return to < from ? undefined : { from, to };
}
