import { ok } from "@salus/base";
import type { SourceHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { Access } from "./access.ts";
import type { Ledger } from "./answer.ts";
import type { Pages } from "./hit-streams.ts";
import { Opener, wrapsByName } from "./opener.ts";
import { recordPages } from "./records.ts";
import type { Hit } from "./vault-search.ts";

/**
 * Every resource of a source that an access may open and is for, in order of handle; deleted ones left
 * out.
 *
 * Fails:   as `recordPages`. A record that does not open is told to the ledger, and left out.
 */
export async function* exportSource(
  cloud: Cloud,
  access: Access,
  source: SourceHandle,
  ledger: Ledger,
): Pages<Hit> {
  const opener = new Opener(access);
  for await (const page of recordPages(cloud, access, source, false)) {
    if (!page.ok) {
      ledger.cover(access, source, "failed");
      yield page;
      return;
    }
    const { records, wraps, certificates } = page.value;
    ledger.onRecords(
      records.length,
      records.reduce((bytes, { envelope }) => bytes + envelope.length, 0),
    );
    if (ledger.cut) return;
    opener.learn(certificates);
    const byName = wrapsByName(wraps);
    const hits: Hit[] = [];
    for (const stored of records) {
      const opened = await opener.open(stored, byName);
      if (!opened.ok) {
        const { record } = stored;
        ledger.onFinding({ kind: "unreadable", vault: access.vault, source, record });
        continue;
      }
      const { resource, granted } = opened.value;
      if (resource !== undefined && granted) hits.push({ ...opened.value, resource, access });
    }
    yield ok(hits);
  }
  ledger.cover(access, source, "answered");
}
