import { assert, type Bytes, compareBytes, fail, ok, type Result, utf8 } from "@salus/base";
import { BlockCipher } from "@salus/evaluate";
import { TagList, TagToken } from "@salus/protocol";
import { derive, Key } from "./keys.ts";
import { type RandomStream, systemRandom } from "./random.ts";
import { Recent } from "./recent.ts";

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
 * Encrypt a record's keywords to its tag list in one cell.
 *
 * Leaks:   the padded number of keywords: 8, 12, 16, 24, 32 … docs/threat-model.md.
 * Fails:   `too-many-keywords` above 1,024 that differ. A keyword above 512 bytes is a bug.
 * Cost:    about 6 µs for a keyword that the cell had not lately, for an HMAC and an AES key of its
 *          own; 1 µs for another.
 * Source:  spec/tags.md; vectors/tags-v1.json.
 */
export function encryptTags(
  cell: Key<"cell-index">,
  keywords: readonly Keyword[],
): Result<TagList, TooManyKeywords> {
  const distinct = deduplicate(keywords);
  if (distinct.length > KEYWORDS_MAX) {
    return fail({ kind: "too-many-keywords", count: distinct.length });
  }
  return ok(drawTagList(cell, distinct, systemRandom));
}

/**
 * The tag list of keywords that differ.
 *
 * Takes:   `random`: the system's, except in the tests with vectors.
 */
export function drawTagList(
  cell: Key<"cell-index">,
  keywords: readonly Keyword[],
  random: RandomStream,
): TagList {
  const nonce: Bytes = new Uint8Array(NONCE_BYTES);
  random.fill(nonce);
  const ciphers = ciphersOf(cell);
  const tags = keywords.map((keyword) => ciphers.of(keyword).encrypt(nonce).subarray(0, TAG_BYTES));
  // Padding looks like tags, and sorting hides which is which.
  while (tags.length < paddedSize(keywords.length)) {
    const padding: Bytes = new Uint8Array(TAG_BYTES);
    random.fill(padding);
    tags.push(padding);
  }
  tags.sort(compareBytes);
  const list = new Uint8Array(NONCE_BYTES + tags.length * TAG_BYTES);
  list.set(nonce);
  for (const [at, tag] of tags.entries()) list.set(tag, NONCE_BYTES + at * TAG_BYTES);
  return TagList.of(list);
}

/** Cells that were tagged lately, and of each the keywords: at most 23 MB of ciphers in Node. */
const cells = new Recent<Key<"cell-index">, KeywordCiphers>(32);
const KEYWORDS_KEPT = 512;

function ciphersOf(cell: Key<"cell-index">): KeywordCiphers {
  const kept = cells.get(cell);
  if (kept !== undefined) return kept;
  const made = new KeywordCiphers(cell);
  cells.set(cell, made);
  return made;
}

/** The ciphers of one cell's keywords: most records of a kind share most of theirs. */
class KeywordCiphers {
  readonly #cell: Key<"cell-index">;
  readonly #ciphers = new Map<string, BlockCipher>();

  constructor(cell: Key<"cell-index">) {
    this.#cell = cell;
  }

  of(keyword: Keyword): BlockCipher {
    // An attribute is a text of the index policy, which has no NUL.
    const name = `${keyword.attribute}\0${keyword.keyword}`;
    const kept = this.#ciphers.get(name);
    if (kept !== undefined) {
      // A Map keeps insertion order, so what was used last goes to its end.
      this.#ciphers.delete(name);
      this.#ciphers.set(name, kept);
      return kept;
    }
    const made = new BlockCipher(tagToken(this.#cell, keyword));
    for (const oldest of this.#ciphers.keys()) {
      if (this.#ciphers.size < KEYWORDS_KEPT) break;
      this.#ciphers.delete(oldest);
    }
    this.#ciphers.set(name, made);
    return made;
  }
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
