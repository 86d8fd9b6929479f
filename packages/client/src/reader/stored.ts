import { ok, type Result, toHex } from "@salus/base";
import type { RecordHandle, SourceHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Access } from "./access.ts";
import { recordPages } from "./records.ts";

/** What the cloud stores of a record: it is all that the cloud can see. */
export interface Stored {
  readonly record: RecordHandle;
  readonly source: SourceHandle;
  readonly revision: number;
  readonly envelope: Uint8Array<ArrayBuffer>;
  readonly entries: readonly Uint8Array<ArrayBuffer>[];
}

/** All that the cloud stores of a vault, as far as the accesses reach; nothing is decrypted. */
export async function* storedRecords(
  cloud: Cloud,
  accesses: readonly Access[],
): AsyncGenerator<Result<Stored, ClientError>> {
  const seen = new Set<string>(); // Grants that overlap show the same records.
  for (const access of accesses) {
    for (const source of access.sources) {
      for await (const page of recordPages(cloud, access, source, true)) {
        if (!page.ok) {
          yield page;
          return;
        }
        for (const { record, revision, envelope, entries } of page.value.records) {
          const name = toHex(record);
          if (seen.has(name)) continue;
          seen.add(name);
          const rows = entries.map(({ entry }) => entry);
          yield ok({ record, source, revision, envelope, entries: rows });
        }
      }
    }
  }
}
