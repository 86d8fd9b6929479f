import type { ReactNode } from "react";

export interface Column<Item> {
  readonly head: string;
  readonly cell: (item: Item) => ReactNode;
  /** Stands at the end of its column, figure below figure. */
  readonly isNumber?: boolean;
}

/**
 * A table with a caption. On a phone each of its rows is a block, and names what it says; elsewhere it can
 * be moved sideways where it is too wide.
 */
export function Table<Item>({
  caption,
  isCaptionSeen = true,
  columns,
  items,
  keyOf,
}: {
  readonly caption: string;
  /** Whether it is shown, too: below a heading that says the same it need not be. */
  readonly isCaptionSeen?: boolean;
  readonly columns: readonly Column<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
}) {
  return (
    // Focusable, so that it can be moved with the keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it where content scrolls.
    // biome-ignore lint/a11y/useSemanticElements: no landmark, for a page may have several of one name.
    <div className="salus-table-frame" role="group" aria-label={caption} tabIndex={0}>
      <table className="salus-table salus-stacking">
        <caption className={isCaptionSeen ? undefined : "salus-unseen"}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ head, isNumber }) => (
              <th key={head} scope="col" data-number={isNumber || undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map(({ head, cell, isNumber }) => (
                <td key={head} data-head={head} data-number={isNumber || undefined}>
                  <div>{cell(item)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
