import { equalBytes, toHex } from "@salus/base";
import type { Author, Prepared } from "./preparation.ts";

/** A batch costs a commit and an encapsulation for each cell, so it should not be too small. */
const RECORDS_MAX = 500;
/** Far below what a request may have, for a page of large attachments. */
const BYTES_MAX = 6_000_000;
/** Each has at most two certificates, and a batch at most 256. */
const AUTHORS_MAX = 100;

/**
 * Gather records for batches: distinct ones, so many at a time, in the order in which they come.
 *
 * A record that comes twice goes into the next batch, as its next revision; the same again is dropped.
 */
export async function* chunks(
  records: AsyncIterable<Prepared>,
  onRepeated: () => void,
): AsyncGenerator<readonly Prepared[]> {
  let chunk = new Map<string, Prepared>();
  let bytes = 0;
  let authors = new Set<Author>();
  for await (const record of records) {
    const name = toHex(record.record);
    const same = chunk.get(name);
    if (same !== undefined && equalBytes(same.fingerprint, record.fingerprint)) {
      onRepeated();
      continue;
    }
    const size = record.content.body.length + 64 * record.entries.length;
    const full =
      chunk.size >= RECORDS_MAX || bytes + size > BYTES_MAX || authors.size >= AUTHORS_MAX;
    if (chunk.size > 0 && (full || same !== undefined)) {
      yield [...chunk.values()];
      chunk = new Map();
      bytes = 0;
      authors = new Set();
    }
    chunk.set(name, record);
    bytes += size;
    if (record.author !== undefined) authors.add(record.author);
  }
  if (chunk.size > 0) yield [...chunk.values()];
}
