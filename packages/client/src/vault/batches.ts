import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  checkRoots,
  type ItemLeaf,
  parseLeaf,
  type SourceState,
  verifySigned,
} from "@salus/evaluate";
import {
  type BatchStatement,
  type CellWrap,
  Digest,
  type StoredBatch,
  type VaultHandle,
} from "@salus/protocol";
import type { Caller, Cloud } from "../cloud/port.ts";
import type { ClientError, CloudError } from "../failure.ts";
import type { BatchHead } from "./pins.ts";

/** A batch whose signature, place and roots have been verified. */
export interface KnownBatch {
  readonly statement: BatchStatement;
  readonly head: BatchHead;
  readonly wraps: readonly CellWrap[];
  readonly leaves: readonly ItemLeaf[];
}

/** Why a stored batch is not the source's. Spec: batch §6. */
export type BatchFault = { readonly kind: "batch-missing" } | { readonly kind: "batch-changed" };

const NO_BATCH: Digest = Digest.of(new Uint8Array(32));

/**
 * Verify a stored batch as the next of its source.
 *
 * Takes:   `last`, the batch before; none for the first.
 * Fails:   `batch-missing`: its number says that others stand before it. `batch-changed`: anything else.
 * Cost:    a signature, and two hashes an item.
 * Source:  spec/batch.md §6.
 */
export function verifyStoredBatch(
  stored: StoredBatch,
  vault: VaultHandle,
  source: SourceState,
  last: BatchHead | undefined,
): Result<KnownBatch, BatchFault> {
  const changed = fail({ kind: "batch-changed" });
  const verified = verifySigned("batch", stored.statement, source.key);
  if (!verified.ok) return changed;
  const { payload: statement, hash } = verified.value;
  const own = equalBytes(statement.vault, vault) && equalBytes(statement.source, source.source);
  if (!own) return changed;
  if (statement.number > (last?.number ?? 0) + 1) return fail({ kind: "batch-missing" });
  if (statement.number !== (last?.number ?? 0) + 1) return changed;
  if (!equalBytes(statement.prev, last?.hash ?? NO_BATCH)) return changed;
  if (!checkRoots(statement, stored.wraps, stored.leaves).ok) return changed;
  const leaves: ItemLeaf[] = [];
  for (const bytes of stored.leaves) {
    const leaf = parseLeaf(bytes);
    if (!leaf.ok) return changed;
    leaves.push(leaf.value);
  }
  return ok({ statement, head: { number: statement.number, hash }, wraps: stored.wraps, leaves });
}

/** Where the batches of one source are asked for. */
export interface BatchSource {
  readonly cloud: Cloud;
  readonly caller: Caller;
  readonly vault: VaultHandle;
  readonly source: SourceState;
}

/** The batches of a source as the cloud has them, from a number on, a page at a time. */
export async function* storedBatches(
  { cloud, caller, vault, source }: BatchSource,
  from: number,
): AsyncGenerator<Result<StoredBatch, CloudError>> {
  for (let at = from; ; ) {
    const page = await cloud.batches(caller, vault, source.source, at);
    if (!page.ok) {
      yield page;
      return;
    }
    for (const batch of page.value.batches) yield ok(batch);
    at += page.value.batches.length;
    if (!page.value.more || page.value.batches.length === 0) return;
  }
}

/**
 * Follow the batches of a source from one that is known.
 *
 * Fails:   `rollback` for a batch that is missing or is not the source's; any `CloudError`.
 */
export async function* followBatches(
  from: BatchSource,
  known: BatchHead | undefined,
): AsyncGenerator<Result<KnownBatch, ClientError>> {
  let last = known;
  for await (const stored of storedBatches(from, (known?.number ?? 0) + 1)) {
    if (!stored.ok) {
      yield stored;
      return;
    }
    const batch = verifyStoredBatch(stored.value, from.vault, from.source, last);
    if (!batch.ok) {
      yield fail({ kind: "rollback", what: "batch", vault: from.vault });
      return;
    }
    last = batch.value.head;
    yield batch;
  }
}
