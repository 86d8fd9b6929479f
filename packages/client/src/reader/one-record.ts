import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { Absent, RecordHandle, type SourceHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Access } from "./access.ts";
import { Opener, wrapsByName } from "./opener.ts";
import type { Hit } from "./vault-search.ts";

/**
 * One record by its handle, wherever it stands in a vault, opened.
 *
 * Gives:   nothing when it is not there, was deleted, or is not for this reader.
 * Leaks:   to the cloud: which record is read.
 * Fails:   any `CloudError`; `unreadable` when it is there and does not open.
 * Cost:    a request for each source, at once: a handle does not say whose it is.
 */
export async function readRecord(
  cloud: Cloud,
  accesses: readonly Access[],
  record: RecordHandle,
): Promise<Result<Hit | undefined, ClientError>> {
  for (const access of accesses) {
    const asked = access.sources.map((source) => readFrom(cloud, access, source, record));
    for (const read of await Promise.all(asked)) if (!read.ok || read.value) return read;
  }
  return ok(undefined);
}

async function readFrom(
  cloud: Cloud,
  access: Access,
  source: SourceHandle,
  record: RecordHandle,
): Promise<Result<Hit | undefined, ClientError>> {
  const question = { source, after: before(record), limit: 1, entries: false };
  const page = await cloud.records(access.caller, access.vault, question);
  if (!page.ok) return page;
  const [stored] = page.value.records;
  if (stored === undefined || !equalBytes(stored.record, record)) return ok(undefined);
  const opener = new Opener(access);
  opener.learn(page.value.certificates);
  const opened = await opener.open(stored, wrapsByName(page.value.wraps));
  if (!opened.ok) {
    return opened.error.kind === "not-held" ? ok(undefined) : fail({ kind: "unreadable" });
  }
  const { resource, granted } = opened.value;
  return ok(resource !== undefined && granted ? { ...opened.value, resource, access } : undefined);
}

/** The handle before another: pages begin behind it. */
function before(record: RecordHandle): RecordHandle | Absent {
  const bytes: Bytes = record.slice();
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    const byte = bytes[at] ?? 0;
    bytes[at] = byte === 0 ? 0xff : byte - 1;
    if (byte !== 0) return RecordHandle.of(bytes);
  }
  return Absent.of(new Uint8Array(0));
}
