/**
 * Characters that show nothing, or change how others are shown: controls, directions of writing,
 * joiners, what has no meaning assigned, separators of lines, and fillers that look like a space.
 */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu;

/** So many marks on one letter have living languages; more of them run into the lines around. */
const MARKS = /(\p{M}{4})\p{M}+/gu;

/** Made once: that takes longer than to count in most texts. */
const CHARACTERS = new Intl.Segmenter();

/**
 * A text of somebody else as it may be shown: what could hide or turn around what stands beside it is
 * replaced, and so is what goes beyond its limit. Spaces in a row are one: a line that is filled with
 * them would go on below, like a line of its own.
 *
 * Takes:   `max`, in characters as people count them.
 */
export function shownText(text: string, max = 1024): string {
  const plain = text
    .replaceAll(/\p{Zs}+/gu, " ")
    .replaceAll(UNSHOWN, "\uFFFD")
    .replaceAll(MARKS, "$1\uFFFD");
  // None is shorter than one unit, so most texts need not be counted in.
  if (plain.length <= max) return plain;
  let count = 0;
  let last = 0;
  // Counted no further than it matters: however long it is, it takes no more than what is shown of it.
  for (const { index } of CHARACTERS.segment(plain)) {
    count += 1;
    if (count === max) last = index;
    if (count > max) return `${plain.slice(0, last)}…`;
  }
  return plain;
}
