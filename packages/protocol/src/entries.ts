import { type Bytes, concat, fail, ok, type Result } from "@salus/base";
import {
  AttributeHandle,
  CellHandle,
  type Malformed,
  RightHalf,
  ScopeHandle,
  TagList,
  Term,
} from "./ids.ts";

/** One index entry of a record. Spec: batch §2. */
export type Entry = OrderedEntry | SealedEntry | TagsEntry;

export interface OrderedEntry {
  readonly kind: "ordered";
  readonly scope: ScopeHandle;
  readonly attribute: AttributeHandle;
  readonly term: Term;
}

export interface SealedEntry {
  readonly kind: "sealed";
  readonly cell: CellHandle;
  readonly attribute: AttributeHandle;
  readonly right: RightHalf;
}

export interface TagsEntry {
  readonly kind: "tags";
  readonly cell: CellHandle;
  readonly tags: TagList;
}

const ORDERED = 1;
const SEALED = 2;
const TAGS = 3;
const MALFORMED: Result<never, Malformed> = fail({ kind: "malformed", what: "entry" });

/** The bytes of an entry, as they are sent, hashed and compared. Source: spec/batch.md §2. */
export function encodeEntry(entry: Entry): Bytes {
  switch (entry.kind) {
    case "ordered":
      return concat(Uint8Array.of(ORDERED), entry.scope, entry.attribute, entry.term);
    case "sealed":
      return concat(Uint8Array.of(SEALED), entry.cell, entry.attribute, entry.right);
    case "tags":
      return concat(Uint8Array.of(TAGS), entry.cell, entry.tags);
  }
}

/** Read an entry. Fails: `malformed`. Source: spec/batch.md §2. */
export function parseEntry(bytes: Bytes): Result<Entry, Malformed> {
  if (bytes.length < 49) return MALFORMED;
  const place = bytes.slice(1, 17);
  const attribute = AttributeHandle.of(bytes.slice(17, 33));
  const kind = bytes[0];
  if (kind === ORDERED) {
    const term = Term.parse(bytes.slice(33));
    if (!term.ok) return MALFORMED;
    return ok({ kind: "ordered", scope: ScopeHandle.of(place), attribute, term: term.value });
  }
  if (kind === SEALED) {
    const right = RightHalf.parse(bytes.slice(33));
    if (!right.ok) return MALFORMED;
    return ok({ kind: "sealed", cell: CellHandle.of(place), attribute, right: right.value });
  }
  if (kind === TAGS) {
    const tags = TagList.parse(bytes.slice(17));
    if (!tags.ok) return MALFORMED;
    return ok({ kind: "tags", cell: CellHandle.of(place), tags: tags.value });
  }
  return MALFORMED;
}
