/**
 * What a terminal obeys instead of showing it, and what turns around how a line reads. Line breaks and
 * tabs are left: whoever puts the text of somebody else into a line takes them out (`shownText`).
 */
const OBEYED = /[^\P{Cc}\n\t]|\p{Bidi_Control}/gu;

/** A text that does nothing but be read, whoever wrote parts of it. */
export function tame(text: string): string {
  return text.replaceAll(OBEYED, "\uFFFD");
}

/** JSON that a terminal obeys as little: what it would is written as an escape, and means the same. */
export function tameJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
