import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderedMerge } from "../src/reader/merge.ts";

// Goal: whatever way the candidates are spread over groups and pages, what comes out is the exact
// order, and nothing comes out that a later page could contradict.
// Method: random items, groups and page boundaries, against sorting everything at once.

interface Item {
  readonly value: number | undefined;
  readonly id: number;
}

/** Ten values share a rank, as many readings share a step of the index. */
const rankOf = (value: number): number => Math.floor(value / 10);

/** Missing values last in both directions, then by id. */
function comparison(descending: boolean): (a: Item, b: Item) => number {
  return (a, b) => {
    if (a.value === undefined || b.value === undefined) {
      if (a.value === b.value) return a.id - b.id;
      return a.value === undefined ? 1 : -1;
    }
    return (descending ? b.value - a.value : a.value - b.value) || a.id - b.id;
  };
}

const COLUMNS = 3;
const scenario = fc.record({
  descending: fc.boolean(),
  unrankedLast: fc.boolean(),
  pageSize: fc.integer({ min: 1, max: 7 }),
  items: fc.array(
    fc.record({
      value: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
      group: fc.nat({ max: COLUMNS }),
      rejected: fc.boolean(),
    }),
    { maxLength: 60 },
  ),
});

interface Entry {
  readonly item: Item;
  readonly rejected: boolean;
}

/** What the cloud holds: each column by rank, the last group in any order. */
function groupsOf({ items, descending, unrankedLast }: ScenarioOf): Entry[][] {
  const groups: Entry[][] = Array.from({ length: COLUMNS + 1 }, () => []);
  for (const [id, { value, group, rejected }] of items.entries()) {
    // An item without a value has no rank. One with a value may lack it too, as in sealed cells.
    const at = value === undefined || (group === COLUMNS && unrankedLast) ? COLUMNS : group;
    const shown = at === COLUMNS && unrankedLast ? undefined : value;
    groups[at]?.push({ item: { value: shown, id }, rejected });
  }
  const sign = descending ? -1 : 1;
  for (const column of groups.slice(0, COLUMNS)) {
    column.sort((a, b) => sign * (rankOf(a.item.value ?? 0) - rankOf(b.item.value ?? 0)));
  }
  return groups;
}

type ScenarioOf = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

describe("merging sorted groups", () => {
  it("gives the exact order, and never takes a word back", () => {
    fc.assert(
      fc.property(scenario, (chosen) => {
        const { descending, unrankedLast, pageSize } = chosen;
        const compare = comparison(descending);
        const groups = groupsOf(chosen);
        const accepted = groups.flat().filter(({ rejected }) => !rejected);
        const merge = new OrderedMerge<Item>({
          columns: COLUMNS,
          descending,
          compare,
          unrankedLast,
        });
        const out: Item[] = [];
        while (groups.some((group) => group.length > 0)) {
          for (const [at, group] of groups.entries()) {
            const page = group.splice(0, pageSize);
            if (page.length === 0) merge.complete(at);
            for (const { item, rejected } of page) {
              if (at === COLUMNS && !rejected) merge.pushUnranked(item);
              if (at === COLUMNS) continue;
              merge.push(at, rankOf(item.value ?? 0), rejected ? undefined : item);
            }
          }
          out.push(...merge.take());
        }
        merge.completeAll();
        out.push(...merge.take());
        expect(out).toEqual(accepted.map(({ item }) => item).sort(compare));
      }),
    );
  });

  it("emits before everything is there", () => {
    const compare = comparison(false);
    const merge = new OrderedMerge<Item>({
      columns: 2,
      descending: false,
      compare,
      unrankedLast: true,
    });
    merge.push(0, 1, { value: 11, id: 1 });
    merge.push(0, 5, { value: 50, id: 2 });
    expect(merge.take()).toEqual([]);
    merge.push(1, 3, { value: 30, id: 3 });
    expect(merge.take()).toEqual([{ value: 11, id: 1 }]);
    merge.complete(1);
    expect(merge.take()).toEqual([{ value: 30, id: 3 }]);
  });

  it("notices a column that goes back", () => {
    const merge = new OrderedMerge<Item>({
      columns: 1,
      descending: true,
      compare: comparison(true),
      unrankedLast: true,
    });
    expect(merge.push(0, 4, { value: 40, id: 1 })).toBe(true);
    expect(merge.push(0, 4, { value: 41, id: 2 })).toBe(true);
    expect(merge.push(0, 5, { value: 50, id: 3 })).toBe(false);
  });
});
