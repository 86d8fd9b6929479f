import { concat } from "@salus/base";
import { evaluateTags } from "@salus/evaluate";
import vectors from "../../../../vectors/tags-v1.json" with { type: "json" };
import { Key, type Keyword, tagToken } from "../../src/index.ts";
import { deduplicate, drawTagLists, paddedSize } from "../../src/tags.ts";
import { type Check, group, hex, same } from "./check.ts";
import { playback } from "./playback.ts";

const cell = new Key("cell-index", hex(vectors.cellIndexKey));

export const tagChecks: readonly Check[] = group("tags-v1", [
  ...vectors.tokens.map(({ attribute, keyword, token, tag }) => ({
    name: `token of ${attribute} ${keyword.slice(0, 20)}`,
    run(): void {
      same(tagToken(cell, { attribute, keyword }), token);
      same(isFound(concat(hex(vectors.nonce), hex(tag)), { attribute, keyword }), true);
    },
  })),
  ...vectors.sizes.map(({ count, size }) => ({
    name: `${count} keywords are padded to ${size}`,
    run: () => same(paddedSize(count), size),
  })),
  ...vectors.valid.map(({ comment, keywords, nonce, padding, list, absent }) => ({
    name: comment,
    run(): void {
      const random = playback([nonce, padding]);
      const [drawn = hex("")] = drawTagLists(cell, [deduplicate(keywords)], random);
      same(drawn, list);
      same(random.left, 0, "what is left of the draws");
      for (const keyword of keywords) same(isFound(drawn, keyword), true, keyword.keyword);
      same(isFound(drawn, absent), false, absent.keyword);
    },
  })),
]);

function isFound(list: Uint8Array, keyword: Keyword): boolean {
  const column = { lists: list, offsets: Uint32Array.of(0, list.length) };
  return evaluateTags(column, [tagToken(cell, keyword)])[0]?.[0] === 1;
}
