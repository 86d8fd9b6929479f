import {
  type Clause,
  deriveIndex,
  type IndexEntry,
  POLICY_VERSION,
  type Policy,
  type Predicate,
  policyOf,
} from "@salus/health";
import type { OpenRecord } from "./opener.ts";

/**
 * The index entries that a record should have; nothing when this program cannot tell.
 *
 * Takes:   `version`, of the policy that the entries were made under, where a batch says it. Else they
 *          are taken to be of the newest, whose entries hold those of every version before: they may have
 *          been made again since the record was sealed.
 */
export function expectedEntries(
  { resource, content, header }: OpenRecord,
  policy: Policy,
  version: number = Math.max(header.policyVersion, POLICY_VERSION),
): readonly IndexEntry[] | undefined {
  // Entries that are older than the vault's version are missed by searches, so none should be.
  const made = policyOf(Math.max(version, policy.version), policy.kind);
  if (resource === undefined || !made.ok) return undefined;
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
