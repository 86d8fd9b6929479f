import { concat } from "@salus/base";
import { TagToken } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { BlockCipher, evaluateTags, type TagColumn } from "../src/index.ts";

// Goal: a tag is found wherever in its list it stands, and only there.
// Method: lists around a computed tag, with neighbours that differ in one half.

const token = TagToken.of(Uint8Array.from({ length: 16 }, (_, at) => at));
const nonce = new Uint8Array(16).fill(9);
const tag = new BlockCipher(token).encrypt(nonce).subarray(0, 8);

describe("a tag", () => {
  it.each([
    ["alone", [tag]],
    ["first", [tag, least(255), least(254)]],
    ["last", [least(0), least(1), tag]],
    ["in the middle", [least(0), tag, least(255)]],
    ["among neighbours", [nudged(3, -1), nudged(7, -1), tag, nudged(7, 1), nudged(3, 1)]],
  ])("is found %s", (_, tags) => {
    expect(carriers([tags], [token])).toEqual([[1]]);
  });

  it.each([
    ["an empty list", []],
    ["a list of others", [least(0), least(255)]],
    ["a list of neighbours", [nudged(3, -1), nudged(7, -1), nudged(7, 1), nudged(3, 1)]],
  ])("is not found in %s", (_, tags) => {
    expect(carriers([tags], [token])).toEqual([[0]]);
  });

  it("is not taken from the list before or after", () => {
    expect(carriers([[tag], [least(1)], [tag]], [token])).toEqual([[1, 0, 1]]);
  });
});

describe("a column", () => {
  it("is searched for each token", () => {
    const other = TagToken.of(new Uint8Array(16).fill(1));
    const otherTag = new BlockCipher(other).encrypt(nonce).subarray(0, 8);
    const answers = carriers([[tag], [otherTag], [least(0)]], [token, other, token]);
    expect(answers).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(carriers([[tag]], [])).toEqual([]);
  });

  it("may be longer than the chunks it is taken in", () => {
    const lists = Array.from({ length: 10_000 }, (_, at) => (at % 1000 === 7 ? [tag] : [least(0)]));
    const [found] = carriers(lists, [token]);
    expect(found?.flatMap((flag, at) => (flag === 1 ? [at] : []))).toEqual(
      Array.from({ length: 10 }, (_, at) => 1000 * at + 7),
    );
  });

  it("is filled by its lists: anything else is a bug", () => {
    const column = { lists: new Uint8Array(30), offsets: Uint32Array.of(0, 24) };
    expect(() => evaluateTags(column, [token])).toThrow("fill their column");
  });
});

/** A tag whose first byte is given, below or above the real one. */
function least(first: number): Uint8Array {
  return Uint8Array.of(first, 0, 0, 0, 0, 0, 0, 0);
}

/** The real tag with one byte changed by one. */
function nudged(byte: number, by: number): Uint8Array {
  const changed = Uint8Array.from(tag);
  changed[byte] = (changed[byte] as number) + by;
  return changed;
}

function carriers(
  lists: readonly (readonly Uint8Array[])[],
  tokens: readonly TagToken[],
): number[][] {
  const written = lists.map((tags) => concat(nonce, ...tags));
  const offsets = new Uint32Array(written.length + 1);
  for (const [at, list] of written.entries()) {
    offsets[at + 1] = (offsets[at] as number) + list.length;
  }
  const column: TagColumn = { lists: concat(...written), offsets };
  return evaluateTags(column, tokens).map((flags) => Array.from(flags));
}
