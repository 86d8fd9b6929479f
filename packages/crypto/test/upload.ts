import type { Bytes } from "@salus/base";
import {
  type ChainState,
  digest,
  encodeLeaf,
  entriesRoot,
  merkleRoot,
  wrapsDigest,
} from "@salus/evaluate";
import {
  AttributeHandle,
  type BatchItem,
  type BatchStatement,
  type CellWrap,
  Digest,
  encodeEntry,
  RecordHandle,
  type RecordItem,
  type ScopeHandle,
  Term,
  type Upload,
} from "@salus/protocol";
import { Key, type SealedHeader, seal, wrapBatchKey } from "../src/index.ts";
import { BATCH, cellOf, NORTH, NOW, north, type Person } from "./people.ts";

// One upload of the northern hospital, whose every part a test may exchange before it is signed: what a
// source could do that is faulty, or malicious.

const key = new Key("batch", new Uint8Array(32).fill(9));
const lab = cellOf(NORTH, "laboratory", 1);

export const RECORD: RecordHandle = RecordHandle.of(new Uint8Array(16).fill(0xe0));

export function recordItem(
  state: ChainState,
  changes: Partial<SealedHeader> = {},
  author: Person = north,
): RecordItem {
  const header = {
    tombstone: false,
    vault: state.vault,
    record: RECORD,
    revision: 1,
    source: NORTH,
    cell: lab.cell,
    generation: 1,
    policyVersion: 1,
    batch: BATCH,
    sealedAt: NOW,
    ...changes,
  };
  const content = {
    media: "text/plain",
    path: [],
    assigned: "stated",
    body: new Uint8Array(10),
  } as const;
  return { envelope: seal(key, header, content, author.signer), expects: 0, entries: [] };
}

export function orderedEntry(scope: ScopeHandle): Bytes {
  const attribute = AttributeHandle.of(new Uint8Array(16));
  const term = Term.of(new Uint8Array(16));
  return encodeEntry({ kind: "ordered", scope, attribute, term });
}

export function labWrap(state: ChainState): Promise<CellWrap> {
  return wrapBatchKey(lab.kem.public, { vault: state.vault, cell: lab.cell, batch: BATCH }, key);
}

/** Sign an upload of items as they are: the statement fits them, whatever they are. */
export async function uploadOf(
  state: ChainState,
  items: readonly BatchItem[],
  changes: Partial<BatchStatement> = {},
  certificates: readonly Bytes[] = [],
): Promise<Upload> {
  const sealed = items.some((item) => "envelope" in item);
  const wraps = sealed ? [await labWrap(state)] : [];
  const statement = north.signer.sign("batch", {
    vault: state.vault,
    source: NORTH,
    batch: BATCH,
    number: 1,
    prev: Digest.of(new Uint8Array(32)),
    head: state.head,
    time: NOW,
    policyVersion: 1,
    scopes: [],
    wraps: wrapsDigest(wraps),
    items: items.length,
    root: merkleRoot(items.map(leafOf)),
    ...changes,
  });
  return { statement, wraps, certificates, items };
}

function leafOf(item: BatchItem): Bytes {
  if (!("envelope" in item)) {
    const { record, revision } = item;
    const entries = entriesRoot(record, revision, item.entries);
    const envelope = Digest.of(new Uint8Array(32));
    return encodeLeaf({ kind: "index", record, revision, envelope, entries });
  }
  const record = RecordHandle.of(item.envelope.slice(36, 52));
  const revision = new DataView(item.envelope.buffer, item.envelope.byteOffset).getUint32(52);
  const entries = entriesRoot(record, revision, item.entries);
  return encodeLeaf({ kind: "record", record, revision, envelope: digest(item.envelope), entries });
}
