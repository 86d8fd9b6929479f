import { compareBytes, fail, ok, type Result } from "@salus/base";
import { Absent, type RecordHandle, type RecordsPage, type SourceHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { CloudError } from "../failure.ts";
import type { Access } from "./access.ts";

/** Pages of a source's records, of a size that is quick to answer. */
const PAGE = 500;

/**
 * Every record of a source that an access may see, in order of handle, a page at a time.
 *
 * Fails:   any `CloudError`; `malformed-answer` when the order is not kept, for then some would be
 *          missing or come twice.
 */
export async function* recordPages(
  cloud: Cloud,
  { caller, vault }: Access,
  source: SourceHandle,
  entries: boolean,
): AsyncGenerator<Result<RecordsPage, CloudError>> {
  let after: RecordHandle | Absent = Absent.of(new Uint8Array(0));
  for (let more = true; more; ) {
    const page = await cloud.records(caller, vault, { source, after, limit: PAGE, entries });
    if (!page.ok) {
      yield page;
      return;
    }
    for (const { record } of page.value.records) {
      if (after.length > 0 && compareBytes(after, record) >= 0) {
        yield fail({ kind: "malformed-answer", what: "records" });
        return;
      }
      after = record;
    }
    more = page.value.more && page.value.records.length > 0;
    yield ok(page.value);
  }
}
