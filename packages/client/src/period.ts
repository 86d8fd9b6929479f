import type { GrantTerms } from "@salus/protocol";

/** A period of care that a grant is for; without ends it is all. */
export type Period = GrantTerms["period"];

/** Whether a period of care lies within another. */
export function periodWithin(period: Period, within: Period): boolean {
  const [from, to] = within;
  if (from === undefined || to === undefined) return true;
  const [start, end] = period;
  return start !== undefined && end !== undefined && from <= start && end <= to;
}
