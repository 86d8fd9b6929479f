/** One column of a table for people. */
export interface Column<Row> {
  readonly title: string;
  readonly right?: boolean;
  /** Cut only when nothing else can be: what the row is about. */
  readonly kept?: boolean;
  readonly value: (row: Row) => string;
}

const GAP = "  ";
const LEAST_WIDTH = 8;

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
  const line = (row: readonly string[]): string =>
    used
      .map((at, place) => {
        const cut = shorten(row[at] as string, widths[place] as number);
        const space = " ".repeat((widths[place] as number) - wide(cut));
        return columns[at]?.right === true ? space + cut : cut + space;
      })
      .join(GAP)
      .trimEnd();
  const rule = used.map((_, place) => "─".repeat(widths[place] as number)).join(GAP);
  return [line(titles), rule, ...cells.map(line)];
}

/** Take from the widest column, character by character, until all fit; from kept ones at last. */
function shrink(widths: number[], kept: readonly boolean[], width: number): void {
  const room = width - GAP.length * (widths.length - 1);
  const widest = (among: boolean): number =>
    widths.reduce(
      (best, one, at) => (kept[at] === among && one > (widths[best] ?? LEAST_WIDTH) ? at : best),
      -1,
    );
  for (let over = widths.reduce((sum, one) => sum + one, 0) - room; over > 0; over -= 1) {
    const free = widest(false);
    const at = free === -1 ? widest(true) : free;
    if (at === -1) return;
    widths[at] = (widths[at] as number) - 1;
  }
}

function shorten(text: string, width: number): string {
  return wide(text) <= width
    ? text
    : `${Array.from(text)
        .slice(0, width - 1)
        .join("")}…`;
}

function wide(text: string): number {
  return Array.from(text).length;
}

/** Records are not trusted to leave the terminal alone: no line breaks, no control sequences. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
}
