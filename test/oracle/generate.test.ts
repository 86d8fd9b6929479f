/**
 * Goal: the questions put to the encrypted search are varied, decidable and always the same.
 * Method: make a set from the shared data and look at what it covers.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { expected, type Question } from "./compare.ts";
import { type Dataset, hasSynthea, readSynthea } from "./dataset.ts";
import { generate, isOpen, LEAST, REQUIRED } from "./generate.ts";
import { isObject, texts } from "./json.ts";

const NOW = Date.UTC(2025, 0, 1);

describe.skipIf(!hasSynthea())("questions from the shared Synthea set", () => {
  let data: Dataset;
  let questions: readonly Question[];

  beforeAll(() => {
    data = readSynthea();
    questions = generate(data, 1, 200, NOW);
  });

  it("reads 150 patients and 83 organisations", () => {
    expect(data.patients.length).toBe(150);
    expect(data.organisations.length).toBe(83);
    expect(data.entries.length).toBe(40_408);
  });

  it("exercises every form often enough, and mostly finds something", () => {
    expect(questions.length).toBeGreaterThanOrEqual(200);
    for (const kind of REQUIRED) {
      const count = questions.filter(({ kinds }) => kinds.includes(kind)).length;
      expect(count, kind).toBeGreaterThanOrEqual(LEAST);
    }
    const rules = { now: NOW, reading: "literal" } as const;
    const empty = questions.filter((one) => expected(one, data.entries, rules).length === 0);
    expect(empty.length).toBeLessThanOrEqual(questions.length / 10);
  });

  it("is the same for the same seed and another for another", () => {
    const few = data.entries.filter(({ patient }) => data.patients.indexOf(patient) < 8);
    const made = (seed: number): string =>
      JSON.stringify(generate({ ...data, entries: few }, seed, 20, NOW).slice(0, 20));
    expect(made(1)).toBe(made(1));
    expect(made(2)).not.toBe(made(1));
  });

  it("leaves out what R4 leaves open", () => {
    const visit = data.entries.find(
      ({ type, resource }) =>
        type === "CarePlan" && isObject(resource.period) && "end" in resource.period,
    );
    const [start] = texts(visit?.resource ?? {}, "period.start");
    const question = { text: `CarePlan?date=le${start?.slice(0, 10)}`, kinds: [] };
    expect(isOpen(question, data.entries, NOW)).toBe(true);
    expect(isOpen({ text: "CarePlan?date=lt1980", kinds: [] }, data.entries, NOW)).toBe(false);
  });
});
