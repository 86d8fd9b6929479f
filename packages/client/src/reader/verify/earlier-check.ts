import { equalBytes, ok, type Result } from "@salus/base";
import { digest } from "@salus/evaluate";
import type { HistoryRevision, SourceHandle } from "@salus/protocol";
import type { Cloud } from "../../cloud/port.ts";
import type { ClientError } from "../../failure.ts";
import { Pauses } from "../../pause.ts";
import type { Access } from "../access.ts";
import type { Finding, FindingKind } from "../findings.ts";
import { historyPages, revisionName } from "../history.ts";
import { Opener, wrapsByName } from "../opener.ts";
import type { Earlier } from "./batch-walk.ts";

/**
 * Hold the earlier revisions of a source's records against what its batches sign of them.
 *
 * Gives:   those that were changed or do not open; to the owner, those that are missing too.
 * Fails:   any `CloudError`; `malformed-answer`.
 * Source:  spec/batch.md §6.
 */
export async function checkEarlier(
  cloud: Cloud,
  access: Access,
  source: SourceHandle,
  earlier: ReadonlyMap<string, readonly Earlier[]>,
): Promise<Result<readonly Finding[], ClientError>> {
  const { vault, owner } = access;
  const findings: Finding[] = [];
  const found = (kind: FindingKind, { record: leaf, batch }: Earlier): void => {
    const { record, revision } = leaf;
    findings.push({ kind, vault, source, batch, record, revision });
  };
  const signed = new Map<string, Earlier>();
  for (const one of [...earlier.values()].flat()) {
    signed.set(revisionName(one.record.record, one.record.revision), one);
  }
  const opener = new Opener(access);
  const pauses = new Pauses();
  const records = [...earlier.values()].flatMap(([first]) => first?.record.record ?? []);
  for await (const page of historyPages(cloud, access, records)) {
    if (!page.ok) return page;
    opener.learn(page.value.certificates);
    const wraps = wrapsByName(page.value.wraps);
    for (const stored of page.value.revisions) {
      const name = revisionName(stored.record, stored.revision);
      const one = signed.get(name);
      // The newest revision is held against its own leaf, with its index rows.
      if (one === undefined) continue;
      signed.delete(name);
      if (!isAsSigned(stored, one)) found("record-changed", one);
      else {
        const opened = await opener.open(stored, wraps);
        if (!opened.ok && opened.error.kind === "unreadable") found("unreadable", one);
      }
      await pauses.take();
    }
  }
  if (owner) for (const one of signed.values()) found("record-missing", one);
  return ok(findings);
}

function isAsSigned({ envelope }: HistoryRevision, { record }: Earlier): boolean {
  return equalBytes(digest(envelope), record.envelope);
}
