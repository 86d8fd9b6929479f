import type { Probe } from "@salus/protocol";
import fc from "fast-check";
import type { Facts } from "./patient.ts";
import type { Story } from "./story.ts";
import type { TestSource } from "./test-source.ts";

// What random questions ask of a story of three sources, and what a plain search over its facts answers.

export const RECORDS = 70;
const WORDS = ["red", "green", "blue", "black"] as const;

export interface Written extends Facts {
  readonly source: TestSource;
  readonly handle: string;
}

/** Facts with gaps: not every record has every attribute, and some have two days. */
export function factsOf(source: number, at: number): Facts {
  const mixed = (at * 7919 + source * 104_729) % 997;
  return {
    id: `record-${at}`,
    ...(mixed % 5 === 0 ? {} : { days: mixed % 7 === 0 ? [mixed + 1, mixed + 9] : [mixed + 1] }),
    ...(mixed % 3 === 0 ? {} : { score: (mixed % 250) + 1 }),
    ...(mixed % 4 === 0 ? {} : { dose: mixed * 13 + 1 }),
    ...(mixed % 6 === 0 ? {} : { words: WORDS.filter((_, bit) => ((mixed >> bit) & 1) === 1) }),
  };
}

/** One condition as the oracle understands it; `slack` is what an ordered probe may find besides. */
type Condition =
  | { readonly kind: "days"; readonly from: number; readonly to: number }
  | { readonly kind: "score" | "dose"; readonly from: number; readonly to: number }
  | { readonly kind: "word"; readonly word: string };

export function holds(condition: Condition, facts: Facts, slack: number): boolean {
  switch (condition.kind) {
    case "days": {
      const { from, to } = condition;
      return facts.days?.some((day) => day >= from - slack && day <= to + slack) ?? false;
    }
    case "word":
      return facts.words?.includes(condition.word) ?? false;
    default: {
      const value = facts[condition.kind];
      return value !== undefined && value >= condition.from && value <= condition.to;
    }
  }
}

/** How a story asks for a condition. */
export function probesFor(story: Story, condition: Condition): readonly Probe[] {
  switch (condition.kind) {
    case "days":
      return [story.dayProbe(undefined, condition.from, condition.to)];
    case "word":
      return story.wordProbes(condition.word);
    default:
      return story.sealedProbes(condition.kind, condition.from, condition.to);
  }
}

const range = (max: number): fc.Arbitrary<{ from: number; to: number }> =>
  fc
    .tuple(fc.integer({ min: 2, max }), fc.integer({ min: 2, max }))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

const condition: fc.Arbitrary<Condition> = fc.oneof(
  range(998).map((bounds) => ({ kind: "days" as const, ...bounds })),
  range(250).map((bounds) => ({ kind: "score" as const, ...bounds })),
  range(13_000).map((bounds) => ({ kind: "dose" as const, ...bounds })),
  fc.constantFrom(...WORDS).map((word) => ({ kind: "word" as const, word })),
);

export const question = fc.record({
  clauses: fc.array(fc.array(condition, { minLength: 1, maxLength: 2 }), { maxLength: 3 }),
  sources: fc.subarray([0, 1, 2]),
  limit: fc.constantFrom(3, 17, 1000),
  sorted: fc.boolean(),
  descending: fc.boolean(),
});
