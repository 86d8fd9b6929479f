import { assert } from "@salus/base";
import type { Clause, IndexEntry, Predicate } from "../src/index.ts";

// The index without keys: what the cloud would answer if it could read. A composite's text stands
// for its keyed number.

/** The entries of many records, by what a predicate looks up. */
export class PlaintextIndex {
  readonly #tags = new Map<string, Set<number>>();
  readonly #columns = new Map<string, { code: number; record: number }[]>();

  add(record: number, entries: readonly IndexEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === "tag") {
        const key = `${entry.attribute}\n${entry.keyword}`;
        const records = this.#tags.get(key) ?? new Set();
        this.#tags.set(key, records.add(record));
      } else {
        const [column, code] =
          "composite" in entry
            ? [columnOf(entry, entry.composite.text), entry.composite.value]
            : [columnOf(entry, ""), entry.code];
        assert(code >= 1 && code <= 2 ** lowBits(entry) - 2, "a code leaves the sentinels free");
        const rows = this.#columns.get(column) ?? [];
        rows.push({ code, record });
        this.#columns.set(column, rows);
      }
    }
  }

  /** The records that meet every clause. */
  candidates(clauses: readonly Clause[]): ReadonlySet<number> {
    const [first, ...rest] = clauses.map(({ any }) => this.#any(any));
    assert(first !== undefined, "a search has a clause");
    return new Set([...first].filter((record) => rest.every((found) => found.has(record))));
  }

  #any(predicates: readonly Predicate[]): ReadonlySet<number> {
    const found = new Set<number>();
    for (const predicate of predicates) {
      for (const record of this.#holding(predicate)) found.add(record);
    }
    return found;
  }

  #holding(predicate: Predicate): Iterable<number> {
    if (predicate.kind === "tag") {
      return this.#tags.get(`${predicate.attribute}\n${predicate.keyword}`) ?? [];
    }
    const composite = "composite" in predicate ? predicate.composite : undefined;
    const { from, to } = "composite" in predicate ? predicate.composite : predicate;
    assert(from >= 1 && to <= 2 ** lowBits(predicate) - 2, "a range leaves the sentinels free");
    const rows = this.#columns.get(columnOf(predicate, composite?.text ?? "")) ?? [];
    return rows.filter(({ code }) => from <= code && code <= to).map(({ record }) => record);
  }
}

type Ranged = Exclude<IndexEntry | Predicate, { readonly kind: "tag" }>;

function columnOf(ranged: Ranged, text: string): string {
  return `${ranged.kind}\n${ranged.attribute}\n${ranged.bits}\n${text}`;
}

function lowBits(ranged: Ranged): number {
  return "composite" in ranged ? ranged.composite.low : ranged.bits;
}
