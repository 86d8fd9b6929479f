import { GrantHandle, VerifyKey } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { joinPages, type TrailItem } from "../src/trail/read-trail.ts";

// Goal: pages of one search are one item, and the same search asked again later is another.

const MINUTE = 60_000;
const grantee = VerifyKey.of(new Uint8Array(32).fill(1));
const grant = GrantHandle.of(new Uint8Array(16).fill(2));

function page(number: number, time: number, changes: Partial<TrailItem> = {}): TrailItem {
  const said = { action: "search", query: "Observation", name: "Bo", node: "bo" } as const;
  const facts = { number, time, grantee, grant, route: "query", candidates: 10 } as const;
  return { ...facts, requests: 1, said, findings: [], ...changes };
}

const counts = (items: readonly TrailItem[]) =>
  joinPages(items).map(({ requests, candidates }) => [requests, candidates]);

describe("pages of a search", () => {
  it("are one item, however long they take in all, and in whatever order they come", () => {
    const pages = [0, 1, 2, 3].map((at) => page(at, at * 50_000));
    expect(counts(pages.toReversed())).toEqual([[4, 40]]);
  });

  it("are two items where the same was asked again minutes later", () => {
    const again = [page(0, 0), page(1, 1000), page(2, 5 * MINUTE), page(3, 5 * MINUTE + 1000)];
    expect(counts(again)).toEqual([
      [2, 20],
      [2, 20],
    ]);
  });

  it("are not one with another search, another grant, or with what does not hold", () => {
    const other = { action: "search", query: "Condition", name: "Bo", node: "bo" } as const;
    const of = GrantHandle.of(new Uint8Array(16).fill(3));
    const items = [
      page(0, 0),
      page(1, 1, { said: other }),
      page(2, 2, { grant: of }),
      page(3, 3, { grant: of, findings: ["not-signed"] }),
      page(4, 4, { grant: of, said: undefined }),
    ];
    expect(joinPages(items)).toEqual(items);
  });
});
