import { COMPOSITE_BITS, TEXT_BITS, VALUE_BITS } from "../canonical/number-code.ts";
import type { AttributeText, IndexEntry } from "./entry.ts";

/** Limits of one record, so that a batch item holds it in four scopes. Source: spec/policy.md §5. */
const KEYWORDS_MAX = 1000;
const RANGE_ENTRIES_MAX = 256;

/** The entries of one record as they are found; repeats within an attribute are left out. */
export class EntryList {
  readonly entries: IndexEntry[] = [];
  readonly #rangeKind: "ordered" | "sealed";
  #keywords = 0;
  #ranges = 0;

  constructor(rangeKind: "ordered" | "sealed") {
    this.#rangeKind = rangeKind;
  }

  /** Whether the record has more entries than one may have. */
  get full(): boolean {
    return this.#keywords > KEYWORDS_MAX || this.#ranges > RANGE_ENTRIES_MAX;
  }

  tag(attribute: AttributeText, keyword: string): void {
    this.#keywords += 1;
    this.entries.push({ kind: "tag", attribute, keyword });
  }

  code(attribute: AttributeText, bits: number, code: number): void {
    this.#ranges += 1;
    this.entries.push({ kind: this.#rangeKind, attribute, bits, code });
  }

  composite(attribute: AttributeText, text: string, value: number): void {
    this.#ranges += 1;
    this.entries.push({
      kind: this.#rangeKind,
      attribute,
      bits: COMPOSITE_BITS,
      composite: { text, value, high: TEXT_BITS, low: VALUE_BITS },
    });
  }
}
