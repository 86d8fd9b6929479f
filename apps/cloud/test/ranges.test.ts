import { Term } from "@salus/protocol";
import fc from "fast-check";
import { expect, it } from "vitest";
import { disjoint, type OrderedRange } from "../src/store/ordered-entry.ts";

// Goal: however often, and in however many parts, a column is asked for, each of its entries is read
// once, and none that was not asked for.
// Method: small ranges, and every term that there is.

const TERMS = 12;
const term = (value: number): Term => Term.of(new Uint8Array(16).fill(value, 15));
const value = (one: Term): number => one.at(-1) ?? 0;

it("ranges that go over each other find the same, and each entry once", () => {
  const range = fc
    .tuple(fc.nat(1), fc.nat(TERMS), fc.nat(TERMS))
    .map(([column, low, high]): OrderedRange => ({ column, low: term(low), high: term(high) }));
  const holders = (ranges: readonly OrderedRange[], column: number, at: number): number =>
    ranges.filter((one) => one.column === column && value(one.low) < at && at < value(one.high))
      .length;
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), (asked) => {
      const read = disjoint(asked);
      for (const column of [0, 1]) {
        for (let at = 0; at <= TERMS; at += 1) {
          expect(holders(read, column, at)).toBe(Math.min(1, holders(asked, column, at)));
        }
      }
    }),
  );
});
