import type { Did, LogItem } from "../device/log/trail-view.ts";

/** Which of what happened is shown. */
export interface LogFilter {
  readonly group: "all" | "reading" | "deciding";
  /** A name of `whoOf`, or everybody. */
  readonly who: string | undefined;
  /** An access, or all. */
  readonly access: string | undefined;
  readonly onlyFindings: boolean;
}

const DECIDING: readonly Did[] = ["granted", "asked", "looked"];

/** Whose doing something was, as one that can be chosen: the same person has the same. */
export function whoOf({ who }: LogItem): string {
  if (who === undefined) return "";
  if (who.kind === "certified") return `node:${who.node}`;
  return who.kind === "called" ? `name:${who.name}` : `key:${who.key}`;
}

export function shownItems(
  items: readonly LogItem[],
  { group, who, access, onlyFindings }: LogFilter,
): readonly LogItem[] {
  return items.filter(
    (item) =>
      (group === "all" || DECIDING.includes(item.did) === (group === "deciding")) &&
      (who === undefined || whoOf(item) === who) &&
      (access === undefined || item.access === access) &&
      (!onlyFindings || item.findings.length > 0),
  );
}
