/**
 * Characters that show nothing, or change how others are shown: controls, directions of writing,
 * joiners, what has no meaning assigned, and separators of lines.
 */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * A text of somebody else as it may be shown: what could hide or turn around what stands beside it is
 * replaced, and so is what goes beyond its limit.
 *
 * Takes:   `max`, in characters as people count them.
 */
export function shownText(text: string, max = 1024): string {
  const plain = text.replaceAll(UNSHOWN, "\uFFFD");
  const characters = [...new Intl.Segmenter().segment(plain)];
  if (characters.length <= max) return plain;
  const kept = characters.slice(0, max - 1).map(({ segment }) => segment);
  return `${kept.join("")}…`;
}
