import type { Bytes } from "@salus/base";
import type { Signer } from "@salus/crypto";
import {
  digest,
  encodeLeaf,
  entriesRoot,
  merkleRoot,
  NO_ENVELOPE,
  wrapsDigest,
} from "@salus/evaluate";
import {
  type BatchId,
  type BatchItem,
  type BatchStatement,
  type ChainHead,
  encodeMessage,
  type RecordHandle,
  type ScopeHandle,
  type Upload,
  type VaultHandle,
} from "@salus/protocol";
import type { TestSource } from "./test-source.ts";

/** What a test changes in a batch before it is signed. */
export interface BatchChange {
  readonly batch?: BatchId;
  readonly items?: readonly BatchItem[];
  readonly scopes?: readonly ScopeHandle[];
  readonly author?: Signer;
  readonly certificates?: readonly Bytes[];
  readonly statement?: Partial<BatchStatement>;
  readonly signer?: Signer;
}

/** A signed batch, and how to take it for stored. */
export interface TestBatch {
  readonly upload: Upload;
  readonly body: Bytes;
  /** Count it as the source's newest. */
  commit(): void;
}

export function signBatch(
  patient: { readonly vault: VaultHandle; readonly head: ChainHead | undefined },
  source: TestSource,
  {
    batch,
    wraps,
    items,
    scopes,
  }: Pick<BatchStatement, "batch" | "scopes"> & Pick<Upload, "wraps" | "items">,
  change: BatchChange = {},
): TestBatch {
  const statement: BatchStatement = {
    ...{ vault: patient.vault, source: source.handle, batch },
    ...{ number: source.number + 1, prev: source.prev, head: patient.head as ChainHead },
    ...{ time: 6_000, policyVersion: 1, scopes, wraps: wrapsDigest(wraps) },
    ...{ items: items.length, root: merkleRoot(items.map(leafOf)) },
    ...change.statement,
  };
  const signed = (change.signer ?? source.signer).sign("batch", statement);
  const upload = { statement: signed, wraps, certificates: change.certificates ?? [], items };
  return {
    upload,
    body: encodeMessage(upload),
    commit: () => {
      source.number += 1;
      source.prev = digest(signed);
    },
  };
}

function leafOf(item: BatchItem): Bytes {
  if (!("envelope" in item)) {
    const { record, revision, entries } = item;
    const root = entriesRoot(record, revision, entries);
    return encodeLeaf({ kind: "index", record, revision, envelope: NO_ENVELOPE, entries: root });
  }
  const record = item.envelope.slice(36, 52) as RecordHandle;
  const revision = item.expects + 1;
  const entries = entriesRoot(record, revision, item.entries);
  return encodeLeaf({ kind: "record", record, revision, envelope: digest(item.envelope), entries });
}
