/** Prefixes of R4 for dates and quantities. */
export type Prefix = "eq" | "ne" | "gt" | "lt" | "ge" | "le" | "sa" | "eb" | "ap";

const PREFIXED = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(.*)$/s;

/** Take the prefix off; without one, `eq`. */
export function readPrefix(text: string): readonly [Prefix, string] {
  const found = PREFIXED.exec(text);
  if (found === null) return ["eq", text];
  return [found[1] as Prefix, found[2] as string];
}

/** Both ends included. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Compare the range of a value with that of a search, as R4 says.
 *
 * Takes:   `slack`, by how much `ap` widens the search on both sides.
 * Source:  FHIR R4 search, "Prefixes": `eq` contains; `gt` reaches above; `ge` either; `sa` begins
 *          after; `ap` overlaps.
 */
export function compareRanges(prefix: Prefix, search: Range, value: Range, slack: number): boolean {
  const contained = search.low <= value.low && value.high <= search.high;
  switch (prefix) {
    case "eq":
      return contained;
    case "ne":
      return !contained;
    case "gt":
      return value.high > search.high;
    case "lt":
      return value.low < search.low;
    case "ge":
      return value.high > search.high || contained;
    case "le":
      return value.low < search.low || contained;
    case "sa":
      return value.low > search.high;
    case "eb":
      return value.high < search.low;
    case "ap":
      return value.low <= search.high + slack && value.high >= search.low - slack;
  }
}
