import type { Category } from "../policy/category.ts";
import type { Policy } from "../policy/policy.ts";

/** What the index of a record depends on beside the resource. */
export interface DeriveContext {
  /** Ids of the organisation, department and physician that wrote it, as far as known. */
  readonly path: readonly string[];
  readonly policy: Policy;
}

/** The text of an attribute: `category/Type/parameter`, see spec/policy.md §2. */
export type AttributeText = string;

/**
 * What is indexed of a record, before any key is applied.
 *
 * `code` is in [1, 2^bits - 2]. Of a composite, `text` becomes a keyed number of `high` bits that
 * stands above `value`, which is in [1, 2^low - 2]; `bits = high + low`.
 */
export type IndexEntry =
  | {
      readonly kind: "ordered" | "sealed";
      readonly attribute: AttributeText;
      readonly bits: number;
      readonly code: number;
    }
  | {
      readonly kind: "ordered" | "sealed";
      readonly attribute: AttributeText;
      readonly bits: number;
      readonly composite: Composite;
    }
  | { readonly kind: "tag"; readonly attribute: AttributeText; readonly keyword: string };

export interface Composite {
  readonly text: string;
  readonly value: number;
  readonly high: number;
  readonly low: number;
}

/** What the index says about one record. */
export interface DerivedIndex {
  readonly category: Category;
  readonly sensitive: boolean;
  readonly type: string;
  readonly id: string;
  readonly entries: readonly IndexEntry[];
  readonly remarks: readonly Remark[];
}

/** Tolerated, and worth telling whoever imports: the value is kept, and found as spec/policy.md says. */
export type Remark = {
  readonly kind: "unknown-unit" | "unit-alias" | "wrong-unit";
  readonly path: string;
};

/**
 * Why a resource has no index. `path` names an element, never a value: errors reach logs.
 *
 * `unknown-type` covers what is no resource type of a health record; `too-many-values` a record
 * that would need more entries than a batch takes.
 */
export type DeriveError =
  | { readonly kind: "not-an-object" }
  | { readonly kind: "missing-type" }
  | { readonly kind: "unknown-type" }
  | { readonly kind: "bad-id" }
  | { readonly kind: "bad-date"; readonly path: string }
  | { readonly kind: "bad-period"; readonly path: string }
  | { readonly kind: "not-a-number"; readonly path: string }
  | { readonly kind: "bad-comparator"; readonly path: string }
  | { readonly kind: "bad-shape"; readonly path: string }
  | { readonly kind: "too-many-values"; readonly path: string };
