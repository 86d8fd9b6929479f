import type { Category } from "../policy/category.ts";
import type { AttributeText } from "./entry.ts";

/** Bounds of spec/policy.md §2. */
export type Bound = "low" | "span" | "number" | "code" | "unit";

/** Attribute of tags. Source: spec/policy.md §2. */
export function tagAttribute(category: Category, type: string, parameter: string): AttributeText {
  return `${category}/${type}/${parameter}`;
}

/** Attribute of an ordered or sealed column. Source: spec/policy.md §2. */
export function boundAttribute(
  category: Category,
  type: string,
  parameter: string,
  bound: Bound,
): AttributeText {
  return `${category}/${type}/${parameter}/${bound}`;
}

/** The policy's own parameters, beside those of R4. */
export const TYPE_PARAMETER = "_type";
export const PATH_PARAMETER = "_path";
export const ID_PARAMETER = "_id";

export const missingParameter = (parameter: string): string => `${parameter}:missing`;
export const textParameter = (parameter: string): string => `${parameter}:text`;
export const rangeParameter = (parameter: string): string => `${parameter}:range`;

/** Keyword of an attribute of which a record has more values than are listed. */
export const OVERFLOW_KEYWORD = "*";
/** Keyword, under `parameter:range`, of any open or repeated value, whatever its code or unit. */
export const ANY_RANGE_KEYWORD = "*";
