/**
 * Where R4 leaves a point open the oracle has two readings, and only questions that both answer alike
 * are put to the product. The points: what `ap` measures from and rounds; `ge` and `le` against a
 * Period that straddles what is asked; whether an incomparable quantity is `ne`; whether units that
 * differ only in a UCUM annotation are one; whether a plain `code` has no system.
 */
export interface Rules {
  /** Milliseconds since 1970: what `ap` on dates measures from. */
  readonly now: number;
  readonly reading: "literal" | "other";
}
