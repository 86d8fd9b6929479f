import { fail, ok, type Result } from "@salus/base";
import { named } from "@salus/evaluate";
import type { SourceHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import { followBatches } from "../vault/batches.ts";
import type { Patient } from "./patient.ts";

/** How much a source has written, by its own signed batches. */
export interface Written {
  /** Revisions of records: one that was changed counts again. */
  readonly items: number;
  /** When the first of its batches was made, and the last; nothing before it has written. */
  readonly first: number | undefined;
  readonly last: number | undefined;
}

/**
 * Count what a source has written, without opening any of it.
 *
 * Fails:   `unknown-source`; `rollback`: a batch is missing, or not the source's; any `CloudError`.
 * Cost:    a signature for each batch, two hashes and some fifty bytes for each item.
 */
export async function writtenBy(
  patient: Patient,
  cloud: Cloud,
  handle: SourceHandle,
): Promise<Result<Written, ClientError>> {
  const { chain, identity, vault } = patient;
  const source = named(chain.sources, handle);
  if (source === undefined) return fail({ kind: "unknown-source", source: handle });
  let written: Written = { items: 0, first: undefined, last: undefined };
  const from = { cloud, caller: identity.caller(), vault, source };
  for await (const batch of followBatches(from, undefined)) {
    if (!batch.ok) return batch;
    const { items, time } = batch.value.statement;
    written = { items: written.items + items, first: written.first ?? time, last: time };
  }
  return ok(written);
}
