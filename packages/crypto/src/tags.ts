import { assert, type Bytes, compareBytes, concat, fail, ok, type Result, utf8 } from "@salus/base";
import { BlockCipher } from "@salus/evaluate";
import { TagList, TagToken } from "@salus/protocol";
import { derive, Key } from "./keys.ts";
import { type RandomStream, systemRandom } from "./random.ts";

/** A word or code that a record can be found by, in the form that the index policy gives it. */
export interface Keyword {
  readonly attribute: string;
  readonly keyword: string;
}

/** A record has more keywords than a tag list holds. */
export interface TooManyKeywords {
  readonly kind: "too-many-keywords";
  readonly count: number;
}

const NONCE_BYTES = 16;
const TOKEN_BYTES = 16;
const TAG_BYTES = 8;
const KEYWORD_BYTES_MAX = 512;
const KEYWORDS_MAX = 1024;
const SIZE_MIN = 8;

/**
 * What a query sends to find the records of a cell that carry a keyword.
 *
 * Leaks:   which records carry it; that two queries ask the same; and, until a new generation, which
 *          later records carry it. docs/threat-model.md.
 * Source:  spec/tags.md; vectors/tags-v1.json.
 */
export function tagToken(cell: Key<"cell-index">, { attribute, keyword }: Keyword): TagToken {
  assert(utf8(keyword).length <= KEYWORD_BYTES_MAX, "a keyword has at most 512 bytes of UTF-8");
  const key = derive(cell, "tag", attribute, keyword);
  return TagToken.of(Key.reveal(key).slice(0, TOKEN_BYTES));
}

/**
 * Encrypt the keywords of some records to their tag lists in one cell, in the order of the records.
 *
 * A keyword has a key of its own, so its tags in all lists are encrypted in one go: give a batch at once.
 *
 * Leaks:   the padded number of keywords of each: 8, 12, 16, 24, 32 … docs/threat-model.md.
 * Fails:   `too-many-keywords` above 1,024 that differ. A keyword above 512 bytes is a bug.
 * Cost:    about 6 µs for a keyword, for an HMAC and an AES key of its own, and 0.5 µs a tag.
 * Source:  spec/tags.md; vectors/tags-v1.json.
 */
export function encryptTags(
  cell: Key<"cell-index">,
  records: readonly (readonly Keyword[])[],
): Result<readonly TagList[], TooManyKeywords> {
  const distinct = records.map(deduplicate);
  const most = Math.max(0, ...distinct.map(({ length }) => length));
  if (most > KEYWORDS_MAX) return fail({ kind: "too-many-keywords", count: most });
  return ok(drawTagLists(cell, distinct, systemRandom));
}

/**
 * The tag lists of keywords that differ within each record.
 *
 * Takes:   `random`: the system's, except in the tests with vectors.
 */
export function drawTagLists(
  cell: Key<"cell-index">,
  records: readonly (readonly Keyword[])[],
  random: RandomStream,
): readonly TagList[] {
  const drafts = records.map(({ length }) => draftOf(length, random));
  for (const [keyword, carriers] of carriersOf(records, drafts)) {
    const nonces = concat(...carriers.map(({ nonce }) => nonce));
    const blocks = new BlockCipher(tagToken(cell, keyword)).encrypt(nonces);
    for (const [at, { tags }] of carriers.entries()) {
      tags.push(blocks.slice(at * NONCE_BYTES, at * NONCE_BYTES + TAG_BYTES));
    }
  }
  // Padding looks like tags, and sorting hides which is which.
  return drafts.map(({ nonce, tags }) => TagList.of(concat(nonce, ...tags.sort(compareBytes))));
}

/** A tag list while it is made. */
interface Draft {
  readonly nonce: Bytes;
  /** The padding first, then tags as they come. */
  readonly tags: Bytes[];
}

function draftOf(count: number, random: RandomStream): Draft {
  const draw = (size: number): Bytes => {
    const drawn = new Uint8Array(size);
    random.fill(drawn);
    return drawn;
  };
  const nonce = draw(NONCE_BYTES);
  const padding = paddedSize(count) - count;
  return { nonce, tags: Array.from({ length: padding }, () => draw(TAG_BYTES)) };
}

/** Each keyword once, with the drafts of the records that carry it. */
function carriersOf(
  records: readonly (readonly Keyword[])[],
  drafts: readonly Draft[],
): Iterable<readonly [Keyword, readonly Draft[]]> {
  const found = new Map<string, [Keyword, Draft[]]>();
  for (const [at, keywords] of records.entries()) {
    for (const keyword of keywords) {
      // An attribute is a text of the index policy, which has no NUL.
      const name = `${keyword.attribute}\0${keyword.keyword}`;
      const known = found.get(name);
      if (known === undefined) found.set(name, [keyword, [drafts[at] as Draft]]);
      else known[1].push(drafts[at] as Draft);
    }
  }
  return found.values();
}

/** Each (attribute, keyword) once, where it first stood. */
export function deduplicate(keywords: readonly Keyword[]): readonly Keyword[] {
  const seen = new Map<string, Set<string>>();
  return keywords.filter(({ attribute, keyword }) => {
    const words = seen.get(attribute) ?? new Set();
    seen.set(attribute, words);
    if (words.has(keyword)) return false;
    words.add(keyword);
    return true;
  });
}

/** The next of 8, 12, 16, 24, 32, 48, 64 …: powers of two, and their halfway points. */
export function paddedSize(count: number): number {
  let size = SIZE_MIN;
  while (size < count) {
    if (size * 1.5 >= count) return size * 1.5;
    size *= 2;
  }
  return size;
}
