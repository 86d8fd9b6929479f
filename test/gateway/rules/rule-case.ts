/** A resource made by hand, and why it is there. */
export interface RuleResource {
  readonly why: string;
  readonly resource: { readonly resourceType: string; readonly id: string } & Readonly<
    Record<string, unknown>
  >;
}

/**
 * One question, and what R4 says of it.
 *
 * `expected` is a list of ids in no order; behind `>` in the order of the answer; behind `+` those that are
 * included; `400 not-supported` and the like for a refusal, by its status and the code of its issue.
 */
export interface RuleCase {
  readonly query: string;
  readonly expected: string;
  /** The sentence of R4 that decides. */
  readonly rule: string;
  /** With `Prefer: handling=lenient`. */
  readonly lenient?: true;
}

/** Cases about resources whose ids begin with one of these words; what else is found is not looked at. */
export interface RuleGroup {
  readonly name: string;
  readonly ids: readonly string[];
  readonly resources: readonly RuleResource[];
  readonly cases: readonly RuleCase[];
}

const PREFIXES = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"] as const;
export type Prefix = (typeof PREFIXES)[number];

/** FHIR R4 search, §3.1.1.4.5 "Prefixes". */
const RULES: Readonly<Record<Prefix, string>> = {
  eq: "the range of the search value fully contains the range of the target value",
  ne: "the range of the search value does not fully contain the range of the target value",
  gt: "the range above the search value intersects with the range of the target value",
  lt: "the range below the search value intersects with the range of the target value",
  ge: "the range above the search value intersects with the range of the target value, or the range of the search value fully contains it",
  le: "the range below the search value intersects with the range of the target value, or the range of the search value fully contains it",
  sa: "the range of the search value does not overlap with the range of the target value, and the range above contains it",
  eb: "the range of the search value does not overlap with the range of the target value, and the range below contains it",
  ap: "the range of the search value overlaps with the range of the target value; the recommended approximation is 10 % of the stated value, or of the gap between now and the date",
};

/** One value under each prefix: `query` has a `$` where prefix and value stand. */
export function byPrefix(
  query: string,
  value: string,
  expected: Readonly<Record<Prefix, string>>,
): readonly RuleCase[] {
  return PREFIXES.map((prefix) => ({
    query: query.replace("$", () => `${prefix}${value}`),
    expected: expected[prefix],
    rule: RULES[prefix],
  }));
}

/** Cases of one rule. */
export function ofRule(rule: string, cases: Readonly<Record<string, string>>): readonly RuleCase[] {
  return Object.entries(cases).map(([query, expected]) => ({ query, expected, rule }));
}

/** A patient, a subject, a code: what resources of every group need. */
export const P1 = { reference: "Patient/p1" };

export const loinc = (code: string, display?: string): object => ({
  coding: [{ system: "http://loinc.org", code, ...(display && { display }) }],
});
