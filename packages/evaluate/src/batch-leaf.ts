import { type Bytes, beInteger, concat, fail, ok, type Result, readBeInteger } from "@salus/base";
import { Digest, type Malformed, RecordHandle } from "@salus/protocol";
import { merkleRoot } from "./merkle.ts";

/** What a batch's root says of one item. Spec: batch §3. */
export interface ItemLeaf {
  readonly kind: "record" | "index";
  readonly record: RecordHandle;
  readonly revision: number;
  /** The hash of the envelope; 32 zero bytes for an index item. */
  readonly envelope: Digest;
  /** The Merkle root of the entries. */
  readonly entries: Digest;
}

/** What stands for the envelope of an item that has none. */
export const NO_ENVELOPE: Digest = Digest.of(new Uint8Array(32));

const LEAF_BYTES = 1 + 16 + 4 + 32 + 32;
const RECORD = 1;
const INDEX = 2;

/**
 * The Merkle root of the entries of one revision of a record.
 *
 * Takes:   `entries` as they are sent, ascending.
 * Source:  spec/batch.md §3; vectors/batch-v1.json.
 */
export function entriesRoot(
  record: RecordHandle,
  revision: number,
  entries: readonly Uint8Array[],
): Digest {
  const place = concat(record, beInteger(revision, 4));
  return merkleRoot(entries, place);
}

/** The bytes of a leaf. Source: spec/batch.md §3. */
export function encodeLeaf(leaf: ItemLeaf): Bytes {
  return concat(
    Uint8Array.of(leaf.kind === "record" ? RECORD : INDEX),
    leaf.record,
    beInteger(leaf.revision, 4),
    leaf.envelope,
    leaf.entries,
  );
}

/** Read a leaf that the cloud kept. Fails: `malformed`. */
export function parseLeaf(leaf: Uint8Array): Result<ItemLeaf, Malformed> {
  const kind = leaf[0];
  if (leaf.length !== LEAF_BYTES || (kind !== RECORD && kind !== INDEX)) {
    return fail({ kind: "malformed", what: "item leaf" });
  }
  return ok({
    kind: kind === RECORD ? "record" : "index",
    record: RecordHandle.of(Uint8Array.from(leaf.subarray(1, 17))),
    revision: readBeInteger(leaf.subarray(17, 21)),
    envelope: Digest.of(Uint8Array.from(leaf.subarray(21, 53))),
    entries: Digest.of(Uint8Array.from(leaf.subarray(53))),
  });
}
