import { fail, ok, type Result } from "@salus/base";
import type { BatchId, CellHandle, CellWrap, KemPublic, VaultHandle, Wrap } from "@salus/protocol";
import { type KemPair, type Unreadable, type WrapPurpose, wrapTo } from "./kem-pair.ts";
import { KEY_BYTES, Key } from "./keys.ts";

/** The batch and cell that a batch key is for: its wrap opens for no other. */
export interface BatchPlace {
  readonly vault: VaultHandle;
  readonly cell: CellHandle;
  readonly batch: BatchId;
}

/**
 * Wrap a batch key to a cell. Whoever wraps can forget the key, and then not read what it sealed.
 *
 * Takes:   `to`, the cell's public key as the patient's chain gives it: never as the cloud does.
 * Leaks:   that something was sealed for this cell.
 * Source:  spec/sharing.md §1, §2; vectors/sharing-v1.json.
 */
export async function wrapBatchKey(
  to: KemPublic,
  place: BatchPlace,
  key: Key<"batch">,
): Promise<CellWrap> {
  const wrap = await wrapTo(to, purposeOf(place), Key.reveal(key));
  return { cell: place.cell, ...wrap };
}

/**
 * The batch key inside a wrap that was made to this cell's key, for this batch and cell.
 *
 * Fails:   `unreadable`.
 * Source:  spec/sharing.md §1, §2; vectors/sharing-v1.json.
 */
export async function unwrapBatchKey(
  cell: KemPair,
  place: BatchPlace,
  wrap: Wrap,
): Promise<Result<Key<"batch">, Unreadable>> {
  const text = await cell.unwrap(purposeOf(place), wrap);
  if (!text.ok) return text;
  if (text.value.length !== KEY_BYTES) return fail({ kind: "unreadable" });
  return ok(new Key("batch", text.value));
}

function purposeOf({ vault, cell, batch }: BatchPlace): WrapPurpose {
  return { purpose: "batch", context: { vault, cell, batch } };
}
