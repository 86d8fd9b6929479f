import type { Parameter } from "../policy/parameter.ts";
import type { Alternative, Criterion } from "./criterion.ts";
import { askDates } from "./date-needle.ts";
import type { QuantityNeedle, Questions, RangeNeedle } from "./needle.ts";
import { askCodedQuantity, askQuantity } from "./quantity-needle.ts";

/** More ranges than this in one clause are no longer better than one tag and one range. */
const PRODUCT_MAX = 64;

/**
 * Make fewer and narrower questions of several criteria: `date=ge…&date=le…` is one range, and
 * `code=…&value-quantity=…` one range of the quantities under that code. The filters stay as they
 * are, so this decides only how many candidates are fetched.
 */
export function joinCriteria(criteria: readonly Criterion[]): readonly Criterion[] {
  return joinCodes(joinBounds(criteria));
}

function joinBounds(criteria: readonly Criterion[]): readonly Criterion[] {
  const joined = [...criteria];
  for (let low = 0; low < joined.length; low += 1) {
    for (let high = 0; high < joined.length; high += 1) {
      const below = joined[low] as Criterion;
      const above = joined[high] as Criterion;
      const both = closed(below, above);
      if (both === undefined) continue;
      joined[low] = { ...below, alternatives: [both] };
      // The other has nothing left to ask of the index; its filter remains.
      joined[high] = { ...above, alternatives: [] };
    }
  }
  return joined;
}

/** One range of a lower and an upper bound; undefined where two criteria are no such pair. */
function closed(below: Criterion, above: Criterion): Alternative | undefined {
  const [low, ...lows] = below.alternatives;
  const [high, ...highs] = above.alternatives;
  const { parameter } = below;
  if (parameter === undefined || above.parameter !== parameter) return undefined;
  if (lows.length > 0 || highs.length > 0 || low?.range?.open !== "above") return undefined;
  if (high?.range?.open !== "below" || low.codeText !== high.codeText) return undefined;
  // Two values of one record may keep a bound each; then none need lie between them.
  if (low.coded === undefined && low.range.of === "quantity" && !isSingle(parameter)) {
    return undefined;
  }
  const range = between(low.range, high.range);
  if (range === undefined) return undefined;
  return { ...low, range, questions: askRange(parameter, range, low) };
}

function between(low: RangeNeedle, high: RangeNeedle): RangeNeedle | undefined {
  if (low.from > high.to) return undefined;
  const ends = { from: low.from, to: high.to, open: "neither", reachesOver: true } as const;
  if (low.of === "date" && high.of === "date") return { of: "date", bound: "either", ...ends };
  if (low.of !== "quantity" || high.of !== "quantity") return undefined;
  if (low.dimension !== high.dimension) return undefined;
  return { of: "quantity", dimension: low.dimension, ...ends };
}

function askRange(
  parameter: Parameter,
  range: RangeNeedle,
  { coded, codeText }: Alternative,
): Questions {
  if (range.of === "date") return askDates(parameter, range);
  if (coded === undefined || codeText === undefined) return askQuantity(parameter, range);
  return [askCodedQuantity(coded, codeText, range)];
}

/** Whether a resource has at most one value: it is an element of the resource itself. */
function isSingle(parameter: Parameter): boolean {
  return parameter.paths.length === 1 && parameter.paths[0]?.steps.length === 1;
}

/**
 * Put quantities under the codes that another criterion asks of the same element. Both are single
 * elements of the resource, so whoever has both has them together.
 */
function joinCodes(criteria: readonly Criterion[]): readonly Criterion[] {
  const taken = new Set<Criterion>();
  const joined = criteria.map((criterion) => {
    const { parameter } = criterion;
    if (parameter?.coded === undefined || !isSingle(parameter)) return criterion;
    const codes = criteria.find((other) => other.name === parameter.coded && namesCodes(other));
    const ranges = rangesOf(criterion);
    if (codes === undefined || ranges === undefined) return criterion;
    if (codes.alternatives.length * ranges.length > PRODUCT_MAX) return criterion;
    taken.add(codes);
    const clause = codes.alternatives.flatMap(({ codeText = "" }) =>
      ranges.flatMap((range) => askCodedQuantity([parameter.name], codeText, range)),
    );
    return { ...criterion, alternatives: [{ questions: [clause] }] };
  });
  return joined.map((criterion) =>
    taken.has(criterion) ? { ...criterion, alternatives: [] } : criterion,
  );
}

function namesCodes({ alternatives }: Criterion): boolean {
  return alternatives.length > 0 && alternatives.every(({ codeText }) => codeText !== undefined);
}

function rangesOf({ alternatives }: Criterion): readonly QuantityNeedle[] | undefined {
  const ranges = alternatives.flatMap(({ range }) =>
    range?.of === "quantity" && range.dimension === "" ? [range] : [],
  );
  return ranges.length > 0 && ranges.length === alternatives.length ? ranges : undefined;
}
