import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type BatchId,
  type HistoryPage,
  LIMITS,
  type RecordHandle,
  type SourceHandle,
} from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Resource } from "../resource.ts";
import type { Access } from "./access.ts";
import { Opener, wrapsByName } from "./opener.ts";

/** A record as it stood once, or stands now. */
export interface Revision {
  readonly revision: number;
  readonly source: SourceHandle;
  readonly batch: BatchId;
  /** When it was sealed, in milliseconds since 1970, by the clock of who wrote it. */
  readonly at: number;
  /** None where it was deleted. */
  readonly resource: Resource | undefined;
}

/** What became of a record. */
export interface History {
  /** The newest first; none where there is no such record, or not for this reader. */
  readonly revisions: readonly Revision[];
  /**
   * Revisions before the newest that were not given: of another category or another period of care
   * than the reader was granted, or kept back by the cloud. Verification tells.
   */
  readonly missing: readonly number[];
}

/**
 * All revisions of a record, each verified and opened.
 *
 * Leaks:   to the cloud: whose history is read.
 * Fails:   any `CloudError`; `unreadable` when one is there and does not open; `malformed-answer` when
 *          the cloud does not keep to the order.
 * Cost:    a request for 1,000 revisions of each way into the vault.
 */
export async function readHistory(
  cloud: Cloud,
  accesses: readonly Access[],
  record: RecordHandle,
): Promise<Result<History, ClientError>> {
  const found = new Map<number, Revision>();
  for (const access of accesses) {
    const opener = new Opener(access);
    for await (const page of historyPages(cloud, access, [record])) {
      if (!page.ok) return page;
      opener.learn(page.value.certificates);
      const wraps = wrapsByName(page.value.wraps);
      for (const stored of page.value.revisions) {
        const opened = await opener.open(stored, wraps);
        if (!opened.ok && opened.error.kind === "not-held") continue;
        if (!opened.ok) return fail({ kind: "unreadable" });
        const { header, resource, granted, revision } = opened.value;
        const { source, batch, sealedAt: at } = header;
        if (granted) found.set(revision, { revision, source, batch, at, resource });
      }
    }
  }
  const revisions = [...found.values()].sort((a, b) => b.revision - a.revision);
  const newest = revisions[0]?.revision ?? 0;
  const missing = Array.from({ length: newest }, (_, at) => newest - at).filter(
    (revision) => !found.has(revision),
  );
  return ok({ revisions, missing });
}

/**
 * Every revision of some records that an access may see: in the order of the records, the newest of
 * each first.
 *
 * Fails:   any `CloudError`; `malformed-answer` when the order is not kept.
 */
export async function* historyPages(
  cloud: Cloud,
  { caller, vault }: Access,
  records: readonly RecordHandle[],
): AsyncGenerator<Result<HistoryPage, ClientError>> {
  for (let at = 0; at < records.length; at += LIMITS.historyRecords) {
    let asked = records.slice(at, at + LIMITS.historyRecords);
    let before = 0;
    for (let more = true; more; ) {
      const page = await cloud.history(caller, vault, { records: asked, before, limit: PAGE });
      if (!page.ok) {
        yield page;
        return;
      }
      for (const { record, revision } of page.value.revisions) {
        const names = asked.findIndex((one) => equalBytes(one, record));
        const follows = names > 0 || (names === 0 && (before === 0 || revision < before));
        if (!follows) {
          yield fail({ kind: "malformed-answer", what: "history" });
          return;
        }
        asked = asked.slice(names);
        before = revision;
      }
      more = page.value.more && page.value.revisions.length > 0;
      yield page;
    }
  }
}

const PAGE = 500;

/** What a revision is found by among others. */
export function revisionName(record: RecordHandle, revision: number): string {
  return `${toHex(record)}/${revision}`;
}
