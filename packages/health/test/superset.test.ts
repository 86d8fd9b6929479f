import { assert } from "@salus/base";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  BALANCED,
  compileSearch,
  deriveIndex,
  type Policy,
  population,
  type Resource,
  SEALED_ONLY,
} from "../src/index.ts";
import { Random } from "../src/population/random.ts";
import { PlaintextIndex } from "./plaintext-index.ts";
import { questionAbout } from "./questions.ts";
import { BECAUSE, SHARED_DATA, sharedResources } from "./shared-data.ts";

// Goal: the index loses no match, and fetches little else. Method: questions about random resources,
// in every form that their values allow; whatever the exact filter accepts must be a candidate of
// the index, evaluated without keys; and the candidates are counted.

const NOW = Date.UTC(2026, 5, 1);
const POLICIES: readonly Policy[] = [BALANCED, SEALED_ONLY];
/** Of vaults that were made under the first version. */
const FIRST: Policy = { version: 1, kind: "balanced" };

class Collection {
  readonly #indexes: ReadonlyMap<Policy, PlaintextIndex>;
  readonly #byType = new Map<string, number[]>();
  readonly resources: readonly Resource[];

  constructor(resources: readonly Resource[], policies = POLICIES) {
    this.resources = resources;
    this.#indexes = new Map(
      policies.map((policy) => {
        const index = new PlaintextIndex();
        for (const [record, resource] of resources.entries()) {
          const derived = deriveIndex(resource, { path: ["o", "d"], policy });
          assert(derived.ok, `a resource has an index: ${JSON.stringify(derived)}`);
          index.add(record, derived.value.entries);
        }
        return [policy, index];
      }),
    );
    for (const [record, { resourceType }] of resources.entries()) {
      const records = this.#byType.get(resourceType) ?? [];
      records.push(record);
      this.#byType.set(resourceType, records);
    }
  }

  /** How many candidates a question has, and how many matches; none may be lost. */
  ask(text: string, policy: Policy): { readonly candidates: number; readonly matches: number } {
    const search = compileSearch(text, { policy, now: NOW });
    assert(search.ok, `${text} compiles: ${JSON.stringify(search)}`);
    const candidates = this.#indexes.get(policy)?.candidates(search.value.clauses) ?? new Set();
    let matches = 0;
    for (const record of this.#byType.get(search.value.type) ?? []) {
      if (!search.value.matches(this.resources[record])) continue;
      matches += 1;
      if (!candidates.has(record)) expect.fail(`${text} loses ${this.resources[record]?.id}`);
    }
    return { candidates: candidates.size, matches };
  }

  /** Types have equal chances, so that rare ones are asked about too. */
  any(random: Random): Resource {
    const records = random.pick([...this.#byType.values()]);
    return this.resources[random.pick(records)] as Resource;
  }
}

/** Readers of a vault may ask by an older version than its sources write. */
it("every entry of the first version is one of the newest", () => {
  const { organisations, patients } = population({ seed: 5, patients: 3, hospitals: 2 });
  const resources = [
    ...organisations.map(({ resource }) => resource),
    ...[...patients].flatMap(({ records }) => [...records].map(({ resource }) => resource)),
    {
      resourceType: "ClinicalImpression",
      id: "c",
      effectivePeriod: { start: "2020" },
      date: "2021",
    },
    { resourceType: "Provenance", id: "p", occurredPeriod: { start: "2020", end: "2022" } },
  ];
  for (const resource of resources) {
    const [first, newest] = [FIRST, BALANCED].map((policy) => {
      const derived = deriveIndex(resource, { path: ["o"], policy });
      assert(derived.ok, "a resource has an index");
      return new Set(derived.value.entries.map((entry) => JSON.stringify(entry)));
    });
    expect([...(first ?? [])].filter((entry) => newest?.has(entry) !== true)).toEqual([]);
  }
});

function losesNothing(collection: Collection, runs: number, policies = POLICIES): void {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...policies), (seed, policy) => {
      const random = new Random(seed);
      const { text } = questionAbout(collection.any(random), random);
      collection.ask(text, policy);
    }),
    { numRuns: runs },
  );
}

describe("over the synthetic population", () => {
  it("loses no match of 600 questions", () => {
    const { organisations, patients } = population({ seed: 11, patients: 8, hospitals: 3 });
    const resources = [
      ...organisations.map(({ resource }) => resource),
      ...[...patients].flatMap(({ patient, records }) => [
        patient,
        ...[...records].map(({ resource }) => resource),
      ]),
    ];
    losesNothing(new Collection(resources, [...POLICIES, FIRST]), 600, [...POLICIES, FIRST]);
  });
});

describe.skipIf(!SHARED_DATA)(`over the shared data${BECAUSE}`, () => {
  let collection: Collection;
  beforeAll(() => {
    // Every US Core example, and of each Synthea type as many as a question can be put to quickly.
    const taken = new Map<string, number>();
    const sample = sharedResources().filter(({ resourceType }) => {
      const count = (taken.get(resourceType) ?? 0) + 1;
      taken.set(resourceType, count);
      return resourceType !== "Observation" ? count % 8 === 0 || count < 200 : count % 10 === 0;
    });
    collection = new Collection(sample);
  }, 120_000);

  it("loses no match of 600 questions", () => {
    losesNothing(collection, 600);
  });

  it("fetches at most 1.2 candidates a match, in the median of 300 questions", () => {
    const random = new Random(20_260_601);
    const ratios: number[] = [];
    let candidates = 0;
    let matches = 0;
    while (ratios.length < 300) {
      const { text, positive } = questionAbout(collection.any(random), random);
      if (!positive) continue;
      const found = collection.ask(text, BALANCED);
      if (found.matches === 0) continue;
      ratios.push(found.candidates / found.matches);
      candidates += found.candidates;
      matches += found.matches;
    }
    ratios.sort((a, b) => a - b);
    expect(ratios[150]).toBeLessThanOrEqual(1.05);
    expect(ratios[270]).toBeLessThanOrEqual(3);
    expect(candidates / matches).toBeLessThanOrEqual(1.2);
  });
});
