/** One column of a table for people. */
export interface Column<Row> {
  readonly title: string;
  readonly right?: boolean;
  /** What the row is about: it makes room last, and goes on in the next line instead of being cut. */
  readonly kept?: boolean;
  readonly value: (row: Row) => string;
}

const GAP = "  ";
const LEAST_WIDTH = 8;
/** No cell takes more lines: a note would fill the screen. */
const LINES_MAX = 5;

/**
 * Rows under titles, in aligned columns.
 *
 * Takes:   `width`, that of the terminal: the widest columns are cut until the rows fit; a file gets
 *          everything.
 */
export function tableOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width?: number,
): readonly string[] {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.value(row))));
  const titles = columns.map((column) => column.title);
  const used = columns.map((_, at) => at).filter((at) => cells.some((row) => row[at] !== ""));
  const widths = used.map((at) =>
    [titles, ...cells].reduce((most, row) => Math.max(most, wide(row[at] as string)), 0),
  );
  const kept = used.map((at) => columns[at]?.kept === true);
  if (width !== undefined) shrink(widths, kept, width);
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, place) => {
        const space = " ".repeat((widths[place] as number) - wide(text));
        return columns[used[place] as number]?.right === true ? space + text : text + space;
      })
      .join(GAP)
      .trimEnd();
  const lines = (row: readonly string[]): readonly string[] => {
    const parts = used.map((at, place) =>
      broken(row[at] as string, widths[place] as number, kept[place] === true ? LINES_MAX : 1),
    );
    const high = Math.max(...parts.map(({ length }) => length));
    return Array.from({ length: high }, (_, at) => line(parts.map((part) => part[at] ?? "")));
  };
  const rule = used.map((_, place) => "─".repeat(widths[place] as number)).join(GAP);
  return [...lines(titles), rule, ...cells.flatMap(lines)];
}

/** How narrow columns become, in this order, until all fit. */
const FLOORS: readonly (readonly [kept: boolean, least: number])[] = [
  [false, 16],
  [true, 24],
  [false, LEAST_WIDTH],
  [true, LEAST_WIDTH],
];

/** Take from the widest column, character by character, until all fit. */
function shrink(widths: number[], kept: readonly boolean[], width: number): void {
  const room = width - GAP.length * (widths.length - 1);
  let over = widths.reduce((sum, one) => sum + one, 0) - room;
  for (const [among, least] of FLOORS) {
    for (; over > 0; over -= 1) {
      const at = widths.reduce(
        (best, one, place) =>
          kept[place] === among && one > (widths[best] ?? least) ? place : best,
        -1,
      );
      if (at === -1) break;
      widths[at] = (widths[at] as number) - 1;
    }
  }
}

/** A text over at most so many lines, between words where it can be; what does not fit is cut. */
function broken(text: string, width: number, most: number): readonly string[] {
  if (wide(text) <= width) return [text];
  const fits = text.slice(0, lengthWithin(text, most === 1 ? width - 1 : width));
  if (most === 1) return [`${fits}…`];
  const space = text.lastIndexOf(" ", fits.length);
  const end = space > fits.length / 4 ? space : fits.length;
  return [text.slice(0, end), ...broken(text.slice(end).trimStart(), width, most - 1)];
}

/** Units of a text, whole characters with their marks, that fit into so many columns. */
function lengthWithin(text: string, width: number): number {
  let [room, length] = [width, 0];
  for (const character of text) {
    room -= columnsOf(character);
    if (room < 0) break;
    length += character.length;
  }
  return length;
}

function wide(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + columnsOf(character), 0);
}

/** Drawn over the character before. */
const MARK = /^[\p{Mn}\p{Me}]$/u;
/** Drawn over two columns. Source: Unicode, East Asian Width, its blocks of `W` and `F`. */
const DOUBLE =
  /^[\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** Columns of a terminal that a character takes. */
function columnsOf(character: string): number {
  if (character < "\u0300") return 1;
  return MARK.test(character) ? 0 : DOUBLE.test(character) ? 2 : 1;
}

/** Records are not trusted to leave the terminal alone: no line breaks, no control sequences. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
}
