/**
 * Goal: searches answer what R4 says, sentence by sentence.
 * Method: resources made by hand, each for a reason, written and asked through the gateway, over a real cloud;
 * expected answers come from the text of R4, not from the code.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JOINS } from "./rules/composed.ts";
import { COMPOSED } from "./rules/composed-data.ts";
import { DATES } from "./rules/dates.ts";
import { QUANTITIES } from "./rules/quantities.ts";
import { REFERENCES } from "./rules/references.ts";
import { RESULTS } from "./rules/results.ts";
import type { RuleCase, RuleGroup } from "./rules/rule-case.ts";
import { STRINGS } from "./rules/strings.ts";
import { TIMES } from "./rules/times.ts";
import { TOKENS } from "./rules/tokens.ts";
import { type Asked, RunningGateway } from "./running-gateway.ts";

const GROUPS: readonly RuleGroup[] = [
  JOINS,
  DATES,
  TIMES,
  QUANTITIES,
  TOKENS,
  STRINGS,
  REFERENCES,
  RESULTS,
];

let gateway: RunningGateway;

beforeAll(async () => {
  gateway = await RunningGateway.start();
  // Those that others belong to come first.
  const others = GROUPS.filter((group) => group !== JOINS).flatMap(({ resources }) => resources);
  await gateway.load([...COMPOSED, ...others].map(({ resource }) => resource));
});
afterAll(() => gateway.stop());

it("has at least 400 cases, each of its own", () => {
  const cases = GROUPS.flatMap((group) => group.cases);
  expect(cases.length).toBeGreaterThanOrEqual(400);
  const asked = cases.map(({ query, lenient }) => `${query} ${lenient === true}`);
  expect(new Set(asked).size).toBe(asked.length);
});

describe.each(GROUPS)("$name", ({ ids, cases }) => {
  const answers = new Map<RuleCase, Asked>();

  beforeAll(async () => {
    const asked = await gateway.askAll(cases);
    for (const [at, each] of cases.entries()) answers.set(each, asked[at] as Asked);
  });

  it.each(cases)("$query", (each) => {
    const answer = answers.get(each) as Asked;
    expect(said(answer, ids, each.expected), each.rule).toBe(canonical(each.expected));
  });
});

/** An answer in the words of what was expected. */
function said({ status, body }: Asked, ids: readonly string[], expected: string): string {
  if (status !== 200) return `${status} ${body.issue?.[0]?.code}`;
  const named = (mode: string): string[] =>
    (body.entry ?? [])
      .filter(({ search }) => search?.mode === mode)
      .map(({ resource }) => resource.id)
      .filter((id) => ids.some((word) => id.startsWith(word)));
  const matches = named("match");
  const included = named("include");
  if (expected.startsWith(">")) return `> ${matches.join(" ")}`;
  const set = matches.sort().join(" ");
  return included.length === 0 ? set : `${set} + ${included.sort().join(" ")}`;
}

function canonical(expected: string): string {
  if (expected.startsWith(">") || /^4\d\d /.test(expected)) return expected;
  const [matches = "", included = ""] = expected.split(" + ");
  const set = matches.split(" ").sort().join(" ");
  return included === "" ? set : `${set} + ${included.split(" ").sort().join(" ")}`;
}
