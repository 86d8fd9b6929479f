/**
 * Goal: every search that US Core 7 makes mandatory is answered as over plain resources, and nearly all of it
 * is evaluated under encryption.
 * Method: US Core's own examples and Synthea's people, written through the gateway; questions made from what
 * they hold; answers by R4's published expressions in FHIRPath, which share no code with ours.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasSynthea } from "../oracle/dataset.ts";
import { type Asked, RunningGateway } from "./running-gateway.ts";
import { usCoreData } from "./us-core-data.ts";
import { type Posed, posedQuestions } from "./us-core-questions.ts";

/** Candidates that may be opened for each match, in the median. */
const RATIO_MAX = 1.5;

/** All are asked before they are judged. */
const ASKING_MS = 300_000;

interface Answered extends Posed {
  readonly answer: Asked;
}

describe.skipIf(!hasSynthea())("US Core on the shared data", () => {
  let gateway: RunningGateway;
  let answered: readonly Answered[];

  beforeAll(async () => {
    const data = usCoreData();
    gateway = await RunningGateway.start();
    await gateway.load(data);
    const posed = posedQuestions(data);
    const answers = await gateway.askAll(posed);
    answered = posed.map((each, at) => ({ ...each, answer: answers[at] as Asked }));
  }, ASKING_MS);
  afterAll(() => gateway.stop());

  it("asks every mandatory search, and nearly all of them find something", () => {
    const forms = new Set(answered.map(({ form }) => form));
    const found = new Set(answered.filter(({ ids }) => ids.length > 0).map(({ form }) => form));
    expect(forms.size).toBeGreaterThanOrEqual(50);
    expect([...forms].filter((form) => !found.has(form))).toEqual([]);
  });

  it("answers as the plain evaluation does", () => {
    const wrong = answered
      .map(({ query, ids, answer }) => ({ query, ids, given: idsOf(answer, "match") }))
      .filter(({ ids, given }) => JSON.stringify(ids) !== JSON.stringify(given));
    expect(wrong).toEqual([]);
  });

  it("includes the provenance that points to what matches", () => {
    for (const { query, included, answer } of answered) {
      if (included !== undefined) expect(idsOf(answer, "include"), query).toEqual(included);
    }
  });

  it("evaluates the predicates under encryption, and opens little beside what matches", () => {
    const costs = answered
      .filter(({ included, ids }) => included === undefined && ids.length > 0)
      .map(({ query, answer }) => ({ query, ...costOf(answer) }));
    const share =
      costs.reduce((sum, { evaluated }) => sum + evaluated, 0) /
      costs.reduce((sum, { asked }) => sum + asked, 0);
    expect(share).toBeGreaterThanOrEqual(0.98);
    const ratios = costs
      .map(({ candidates, matches }) => candidates / matches)
      .sort((a, b) => a - b);
    expect(ratios[ratios.length >> 1]).toBeLessThanOrEqual(RATIO_MAX);
  });
});

function idsOf({ body }: Asked, mode: string): readonly string[] {
  return (body.entry ?? [])
    .filter(({ search }) => search?.mode === mode)
    .map(({ resource }) => resource.id)
    .sort();
}

type Cost = Readonly<Record<"evaluated" | "asked" | "candidates" | "matches", number>>;

/** What the gateway reports of a search. */
function costOf({ headers }: Asked): Cost {
  const text = headers.get("salus-search") ?? "";
  return Object.fromEntries(
    text.split(", ").map((part) => {
      const [name = "", value = ""] = part.split("=");
      return [name, Number(value)];
    }),
  ) as Cost;
}
