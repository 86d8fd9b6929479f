import type { AttributeText } from "../derive/entry.ts";
import type { Category } from "../policy/category.ts";
import type { Policy } from "../policy/policy.ts";

export interface SearchOptions {
  readonly policy: Policy;
  /** Milliseconds since 1970, for `ap`. */
  readonly now: number;
  /** Drop unknown and unsupported parameters instead of refusing them; `dropped` names them. */
  readonly lenient?: boolean;
}

/** One question to one index of one category. The caller expands it to the scopes, cells and versions it holds keys for. */
export type Predicate =
  | {
      readonly kind: "ordered" | "sealed";
      readonly category: Category;
      readonly attribute: AttributeText;
      readonly bits: number;
      /** Codes, both inclusive, in [1, 2^bits - 2]. */
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: "ordered" | "sealed";
      readonly category: Category;
      readonly attribute: AttributeText;
      readonly bits: number;
      readonly composite: CompositeRange;
    }
  | {
      readonly kind: "tag";
      readonly category: Category;
      readonly attribute: AttributeText;
      readonly keyword: string;
    };

/** Values of one composite text; `from` and `to` inclusive, in [1, 2^low - 2]. */
export interface CompositeRange {
  readonly text: string;
  readonly high: number;
  readonly low: number;
  readonly from: number;
  readonly to: number;
}

/** Holds where one of its predicates does. */
export interface Clause {
  readonly any: readonly Predicate[];
}

export type Direction = "ascending" | "descending";

/**
 * One key of `_sort`. `columns` name the ordered columns that yield candidates in this order,
 * coarsely; none where the parameter is not indexed so, and sealed categories have none.
 * A record may have several terms in a column: it stands at the first one met in the direction.
 */
export interface SortKey {
  readonly parameter: string;
  readonly direction: Direction;
  readonly columns: readonly SortColumn[];
}

export interface SortColumn {
  readonly kind: "ordered";
  readonly category: Category;
  readonly attribute: AttributeText;
  readonly bits: number;
}

/** A search, ready to be asked. */
export interface CompiledSearch {
  readonly type: string;
  /** All must hold. Never empty, and never loses a match: a superset of what `matches` accepts. */
  readonly clauses: readonly Clause[];
  readonly sort: readonly SortKey[];
  /** At most so many matches; 0 asks for the number alone. */
  readonly count?: number;
  /** Whether the number of matches was asked for (`_total=accurate`, `_summary=count`). */
  readonly total: boolean;
  /** The search as applied, canonical: what a `self` link says. */
  readonly applied: string;
  /** The parameters that choose resources, as written, with their modifiers. */
  readonly asked: readonly string[];
  /** Those of them of which the index is asked, under encryption; the others are judged after opening. */
  readonly evaluated: readonly string[];
  /** Parameters that were dropped, by name: only with `lenient`. */
  readonly dropped: readonly string[];
  /** The exact R4 filter. False for anything that is not a resource of `type`; never throws. */
  readonly matches: (resource: unknown) => boolean;
  /** Order of two matches by `_sort`, then by id; a total order. */
  readonly compare: (a: unknown, b: unknown) => number;
}

/**
 * Why a search cannot be asked. `parameter` is as the caller wrote it, modifier included; values
 * are never repeated. `unsupported-parameter` is one of R4 that nothing here answers; `too-complex`
 * one with more alternatives, or a search with more parameters, than one query carries.
 */
export type SearchError =
  | { readonly kind: "unknown-type"; readonly type: string }
  | { readonly kind: "unknown-parameter"; readonly parameter: string }
  | { readonly kind: "unsupported-parameter"; readonly parameter: string }
  | { readonly kind: "unsupported-chain"; readonly parameter: string }
  | { readonly kind: "unsupported-modifier"; readonly parameter: string; readonly modifier: string }
  | { readonly kind: "bad-date"; readonly parameter: string }
  | { readonly kind: "bad-number"; readonly parameter: string }
  | { readonly kind: "bad-unit"; readonly parameter: string }
  | { readonly kind: "bad-token"; readonly parameter: string }
  | { readonly kind: "bad-composite"; readonly parameter: string }
  | { readonly kind: "bad-value"; readonly parameter: string }
  | { readonly kind: "empty-value"; readonly parameter: string }
  | { readonly kind: "bad-encoding" }
  | { readonly kind: "too-complex"; readonly parameter: string };
