/**
 * Goal: searches answer what R4 says, sentence by sentence.
 * Method: resources made by hand, each for a reason, written and asked through the gateway, over a real cloud;
 * expected answers come from the text of R4, not from the code.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JOINS } from "./rules/composed.ts";
import { DATES } from "./rules/dates.ts";
import { QUANTITIES } from "./rules/quantities.ts";
import { REFERENCES } from "./rules/references.ts";
import { RESULTS } from "./rules/results.ts";
import type { RuleCase, RuleGroup } from "./rules/rule-case.ts";
import { STRINGS } from "./rules/strings.ts";
import { TIMES } from "./rules/times.ts";
import { TOKENS } from "./rules/tokens.ts";
import { type Asked, RunningGateway } from "./running-gateway.ts";

/** Of one patient, so that a question is one question; and of three, where resources are joined. */
const ALONE: readonly RuleGroup[] = [
  DATES,
  TIMES,
  QUANTITIES,
  TOKENS,
  STRINGS,
  REFERENCES,
  RESULTS,
];
const WORLDS = [{ groups: ALONE }, { groups: [JOINS] }];
const HER = { resourceType: "Patient", id: "p1", name: [{ family: "Only" }] };

/** All are asked before they are judged, some at a time: that takes as long as the tests of a whole file. */
const ASKING_MS = 300_000;

const gateways: RunningGateway[] = [];
const answers = new Map<RuleCase, Asked>();

beforeAll(async () => {
  await Promise.all(
    WORLDS.map(async ({ groups }) => {
      const gateway = await RunningGateway.start();
      gateways.push(gateway);
      const resources = groups.flatMap((group) => group.resources.map(({ resource }) => resource));
      const stands = resources.some(
        ({ resourceType, id }) => resourceType === "Patient" && id === "p1",
      );
      await gateway.load(stands ? resources : [HER, ...resources]);
      const cases = groups.flatMap((group) => group.cases);
      const asked = await gateway.askAll(cases);
      for (const [at, each] of cases.entries()) answers.set(each, asked[at] as Asked);
    }),
  );
}, ASKING_MS);
afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())));

it("has at least 400 cases, each of its own", () => {
  const cases = [...ALONE, JOINS].flatMap((group) => group.cases);
  expect(cases.length).toBeGreaterThanOrEqual(400);
  const asked = cases.map(({ query, lenient }) => `${query} ${lenient === true}`);
  expect(new Set(asked).size).toBe(asked.length);
});

describe.each([...ALONE, JOINS])("$name", ({ ids, cases }) => {
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
