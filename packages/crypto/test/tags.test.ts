import { concat, toHex } from "@salus/base";
import { evaluateTags } from "@salus/evaluate";
import { TagList } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encryptTags, Key, type Keyword, tagToken } from "../src/index.ts";
import { paddedSize } from "../src/tags.ts";

// Goal: a query for a keyword finds the records that carry it and no others, and a tag list shows
// nothing but its padded size.
// Method: random records against a plain look-up; then what may and may not show in a list. Bytes are
// checked against vectors in vectors.test.ts.

const cell = new Key("cell-index", new Uint8Array(32).fill(1));

describe("a query", () => {
  const word = fc.record({
    attribute: fc.constantFrom("Observation.code", "Observation.value", "Patient.name"),
    keyword: fc.constantFrom("a", "b", "c", "ab", "", "山田"),
  });

  it("finds exactly the lists that a plain look-up finds", () => {
    const records = fc.array(fc.array(word, { maxLength: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(records, fc.array(word, { minLength: 1, maxLength: 4 }), (all, asked) => {
        const lists = encrypt(...all);
        const column = columnOf(lists);
        const tokens = asked.map((keyword) => tagToken(cell, keyword));
        const found = evaluateTags(column, tokens).map((flags) => Array.from(flags));
        const plain = asked.map((wanted) =>
          all.map((keywords) => (keywords.some((keyword) => same(keyword, wanted)) ? 1 : 0)),
        );
        expect(found).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });

  it("finds nothing with the key of another cell", () => {
    const keywords = [{ attribute: "Observation.code", keyword: "8480-6" }];
    const other = new Key("cell-index", new Uint8Array(32).fill(7));
    const lists = encrypt(keywords);
    expect(carriers(lists, tagToken(cell, keywords[0] as Keyword))).toEqual([1]);
    expect(carriers(lists, tagToken(other, keywords[0] as Keyword))).toEqual([0]);
  });

  it("does not confuse where attribute ends and keyword begins", () => {
    const lists = encrypt([{ attribute: "a", keyword: "bc" }]);
    expect(carriers(lists, tagToken(cell, { attribute: "ab", keyword: "c" }))).toEqual([0]);
  });
});

describe("a list", () => {
  it("is sorted, and as long as its padded number of keywords", () => {
    const counts = fc.integer({ min: 0, max: 70 });
    fc.assert(
      fc.property(counts, (count) => {
        const keywords = Array.from({ length: count }, (_, at) => ({
          attribute: "a",
          keyword: `${at}`,
        }));
        const [list] = encrypt(keywords) as [TagList];
        const tags = toHex(list.subarray(16)).match(/.{16}/g) ?? [];
        expect(tags).toEqual(tags.toSorted());
        expect(tags.length).toBe(paddedSize(count));
      }),
      { numRuns: 20 },
    );
  });

  it("of the same keywords is another one each time", () => {
    const keywords = [{ attribute: "a", keyword: "b" }];
    const tags = encrypt(...Array<Keyword[]>(50).fill(keywords)).map(
      (list) => toHex(list).match(/.{16}/g) ?? [],
    );
    expect(new Set(tags.flat()).size).toBe(50 * (2 + 8));
  });

  it("holds 1,024 keywords and refuses one more, counting repeats once", () => {
    const keywords = Array.from({ length: 1025 }, (_, at) => ({
      attribute: "a",
      keyword: `${at}`,
    }));
    expect(encryptTags(cell, [[], keywords])).toEqual({
      ok: false,
      error: { kind: "too-many-keywords", count: 1025 },
    });
    const most = keywords.slice(1);
    expect(encrypt([...most, ...most])[0]).toHaveLength(16 + 8 * 1024);
  });

  it("is found under nobody's token when it is not one", () => {
    expect(TagList.parse(new Uint8Array(16)).ok).toBe(false);
    expect(TagList.parse(new Uint8Array(16 + 8 * 1025)).ok).toBe(false);
    expect(TagList.parse(new Uint8Array(16 + 12)).ok).toBe(false);
  });
});

describe("misuse", () => {
  it("does not compile with a key for another purpose", () => {
    const record = new Key("record", new Uint8Array(32));
    // @ts-expect-error a record key makes no tags
    void (() => tagToken(record, { attribute: "a", keyword: "b" }));
    // @ts-expect-error any sixteen bytes are no token
    void (() => evaluateTags(columnOf([]), [new Uint8Array(16)]));
  });

  it("does not take a keyword that the policy would have cut", () => {
    expect(() => tagToken(cell, { attribute: "a", keyword: "ø".repeat(257) })).toThrow("512");
  });
});

function encrypt(...records: readonly (readonly Keyword[])[]): readonly TagList[] {
  const lists = encryptTags(cell, records);
  if (!lists.ok) throw new Error(lists.error.kind);
  return lists.value;
}

function carriers(lists: readonly Uint8Array[], token: ReturnType<typeof tagToken>): number[] {
  return evaluateTags(columnOf(lists), [token]).flatMap((flags) => Array.from(flags));
}

function columnOf(lists: readonly Uint8Array[]): { lists: Uint8Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(lists.length + 1);
  for (const [at, list] of lists.entries()) offsets[at + 1] = (offsets[at] as number) + list.length;
  return { lists: concat(...lists), offsets };
}

function same(a: Keyword, b: Keyword): boolean {
  return a.attribute === b.attribute && a.keyword === b.keyword;
}
