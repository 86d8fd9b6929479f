/** One column of a table for people. */
export interface Column<Row> {
  readonly title: string;
  readonly right?: boolean;
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
  if (width !== undefined) shrink(widths, width);
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

/** Take from the widest column, character by character, until all fit. */
function shrink(widths: number[], width: number): void {
  const room = width - GAP.length * (widths.length - 1);
  for (let over = widths.reduce((sum, one) => sum + one, 0) - room; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] as number) <= LEAST_WIDTH) return;
    widths[widest] = (widths[widest] as number) - 1;
  }
}

function shorten(text: string, width: number): string {
  return wide(text) <= width ? text : `${[...text].slice(0, width - 1).join("")}…`;
}

function wide(text: string): number {
  return [...text].length;
}

/** Records are not trusted to leave the terminal alone: no line breaks, no control sequences. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
}
