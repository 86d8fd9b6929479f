import {
  type Clause,
  deriveIndex,
  type IndexEntry,
  type Policy,
  type Predicate,
  policyOf,
} from "@salus/health";
import type { OpenRecord } from "./opener.ts";

/**
 * The index entries that a record should have; nothing when this program cannot tell.
 *
 * Takes:   `version`, of the policy that the entries were made under, where a batch says it; else they
 *          are taken to be as old as the record.
 */
export function expectedEntries(
  { resource, content, header }: OpenRecord,
  policy: Policy,
  version: number = header.policyVersion,
): readonly IndexEntry[] | undefined {
  const made = policyOf(version, policy.kind);
  // Those of a record that is older than the vault's version have been made again since.
  if (resource === undefined || !made.ok || version < policy.version) return undefined;
  const derived = deriveIndex(resource, { path: content.path, policy: made.value });
  return derived.ok ? derived.value.entries : undefined;
}

/**
 * Whether entries can have met every clause of a question. A value just outside a range can: what is
 * sent are fresh points among its neighbours.
 */
export function couldMeet(entries: readonly IndexEntry[], clauses: readonly Clause[]): boolean {
  return clauses.every(({ any }) =>
    any.some((predicate) => entries.some((entry) => couldBe(entry, predicate))),
  );
}

function couldBe(entry: IndexEntry, predicate: Predicate): boolean {
  if (entry.kind !== predicate.kind || entry.attribute !== predicate.attribute) return false;
  if (entry.kind === "tag") return predicate.kind === "tag" && entry.keyword === predicate.keyword;
  if (predicate.kind === "tag") return false;
  if ("code" in entry) {
    return "from" in predicate && isNear(entry.code, predicate.from, predicate.to);
  }
  if (!("composite" in predicate)) return false;
  // Texts of one number cannot be told apart by the index: the value decides.
  const { from, to } = predicate.composite;
  return isNear(entry.composite.value, from, to);
}

function isNear(code: number, from: number, to: number): boolean {
  return from - 1 <= code && code <= to + 1;
}

/** Whether a record has a code in a column, where a term says that it does. */
export function hasCode(entries: readonly IndexEntry[], attribute: string, code: number): boolean {
  return entries.some(
    (entry) =>
      entry.kind === "ordered" &&
      entry.attribute === attribute &&
      "code" in entry &&
      entry.code === code,
  );
}
