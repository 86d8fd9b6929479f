/** No keyword grows longer than this many code points; what is cut, the exact filter judges. */
const KEYWORD_CODE_POINTS = 128;

/** White space as spec/policy.md lists it: without the byte-order mark that `\s` has. */
const SPACES = /[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const MARKS = /\p{M}+/gu;
const PLAIN = /^[!-@[-~]*(?: [!-@[-~]+)*$/;

/**
 * Fold a text for search: no case, no accents, single spaces.
 *
 * Source:  spec/policy.md §5, "fold text"; vectors/canonical-v1.json.
 */
export function foldText(text: string): string {
  // Most texts are ASCII: lower case and a look at the spaces do it.
  const lower = text.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  const bare = text.normalize("NFD").replace(MARKS, "").toLowerCase();
  const spaced = bare.replace(SPACES, " ");
  const from = spaced.startsWith(" ") ? 1 : 0;
  return spaced.slice(from, spaced.endsWith(" ") ? Math.max(from, spaced.length - 1) : undefined);
}

/** Fold a code or identifier: case only. Source: spec/policy.md §5, "fold token". */
export function foldToken(token: string): string {
  return token.toLowerCase();
}

/** The first 128 code points. Source: spec/policy.md §5, "cut". */
export function cut(text: string): string {
  return firstCodePoints(text, KEYWORD_CODE_POINTS);
}

/** The first `count` code points, or all of them. */
export function firstCodePoints(text: string, count: number): string {
  // A text has at least half as many code points as UTF-16 units, and at most as many.
  if (text.length <= count) return text;
  let at = 0;
  for (let taken = 0; taken < count && at < text.length; taken += 1) {
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  }
  return text.slice(0, at);
}

/** How many code points a text has. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
