import { assert } from "@salus/base";

/** How the candidates of one question come: sorted columns, and a last group that is in none. */
export interface MergeOrder<Item> {
  /** Columns, each of which the cloud answers in the order of its terms. */
  readonly columns: number;
  readonly descending: boolean;
  /** The exact order, a total one, of which the order of ranks is a coarse version. */
  readonly compare: (a: Item, b: Item) => number;
  /**
   * Whether every item without a rank stands after all that have one. Otherwise nothing can be
   * emitted before the last group is complete.
   */
  readonly unrankedLast: boolean;
}

interface Ranked<Item> {
  readonly rank: number;
  readonly item: Item;
}

/**
 * Merge groups that are each sorted coarsely into one exact order, emitting as early as is certain.
 *
 * A rank is the code that a column's term decodes to; items of one rank come in any order. An item is
 * certain once every column that may still give something has passed its rank: then only items that
 * compare after it can follow, and those of its own rank are all here to be compared exactly.
 *
 * Takes:   from each column, ranks that never go back; `push` says when one does, for then the cloud
 *          has not kept to the order that it was asked for.
 * Cost:    holds what is not yet certain: at worst, everything.
 */
export class OrderedMerge<Item> {
  readonly #order: MergeOrder<Item>;
  readonly #waiting: Ranked<Item>[][];
  /** The rank that a column has reached; `undefined` before its first item. */
  readonly #reached: (number | undefined)[];
  readonly #open: boolean[];
  #unranked: Item[] = [];
  #unrankedSorted = false;

  constructor(order: MergeOrder<Item>) {
    this.#order = order;
    this.#waiting = Array.from({ length: order.columns }, () => []);
    this.#reached = this.#waiting.map(() => undefined);
    this.#open = Array.from({ length: order.columns + 1 }, () => true);
  }

  /**
   * Take the next item of a column.
   *
   * Gives:   whether it kept to the column's order; an item that did not is not taken.
   */
  push(column: number, rank: number, item: Item | undefined): boolean {
    const reached = this.#reached[column];
    assert(this.#open[column] === true, "a column that is complete gives nothing more");
    if (reached !== undefined && this.#isBefore(rank, reached)) return false;
    this.#reached[column] = rank;
    if (item !== undefined) this.#waiting[column]?.push({ rank, item });
    return true;
  }

  /** Take an item of the last group. */
  pushUnranked(item: Item): void {
    this.#unranked.push(item);
    this.#unrankedSorted = false;
  }

  /** Whether a group may still give something; `columns` itself names the last group. */
  isOpen(group: number): boolean {
    return this.#open[group] === true;
  }

  /** Note that a group is complete; `columns` itself names the last group. */
  complete(group: number): void {
    this.#open[group] = false;
  }

  completeAll(): void {
    this.#open.fill(false);
  }

  /** The items that are certain now, in order, which it then forgets. */
  take(): readonly Item[] {
    const { columns, unrankedLast, compare } = this.#order;
    const lastIsOpen = this.#open[columns] === true;
    if (lastIsOpen && !unrankedLast) return [];
    const certain = this.#takeRanked().sort(compare);
    const columnsOpen = this.#open.slice(0, columns).includes(true);
    if (unrankedLast && (columnsOpen || lastIsOpen)) return certain;
    return this.#joinUnranked(certain, columnsOpen);
  }

  #takeRanked(): Item[] {
    const taken: Item[] = [];
    const bound = this.#bound();
    if (bound === "nothing") return taken;
    for (const waiting of this.#waiting) {
      const stays = waiting.findIndex(
        ({ rank }) => bound !== "everything" && !this.#isBefore(rank, bound),
      );
      const count = stays < 0 ? waiting.length : stays;
      for (const { item } of waiting.splice(0, count)) taken.push(item);
    }
    return taken;
  }

  /** The rank that the slowest open column has reached: whatever stands before it is certain. */
  #bound(): number | "nothing" | "everything" {
    let bound: number | "everything" = "everything";
    for (const [column, reached] of this.#reached.entries()) {
      if (this.#open[column] !== true) continue;
      if (reached === undefined) return "nothing";
      if (bound === "everything" || this.#isBefore(reached, bound)) bound = reached;
    }
    return bound;
  }

  /** Put items without a rank between those that are certain; the rest waits for all the others. */
  #joinUnranked(certain: readonly Item[], columnsOpen: boolean): readonly Item[] {
    const { compare } = this.#order;
    if (!this.#unrankedSorted) this.#unranked.sort(compare);
    this.#unrankedSorted = true;
    const joined: Item[] = [];
    let at = 0;
    for (const item of certain) {
      for (; at < this.#unranked.length; at += 1) {
        const unranked = this.#unranked[at] as Item;
        if (compare(unranked, item) > 0) break;
        joined.push(unranked);
      }
      joined.push(item);
    }
    this.#unranked = this.#unranked.slice(at);
    if (columnsOpen) return joined;
    joined.push(...this.#unranked.splice(0));
    return joined;
  }

  #isBefore(a: number, b: number): boolean {
    return this.#order.descending ? a > b : a < b;
  }
}
