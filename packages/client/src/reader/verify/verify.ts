import { compareBytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { digest, entriesRoot, named } from "@salus/evaluate";
import type { RecordsPage, SourceHandle, StoredRecord, VaultHandle } from "@salus/protocol";
import type { Cloud } from "../../cloud/port.ts";
import type { ClientError } from "../../failure.ts";
import { Pauses } from "../../pause.ts";
import type { Access } from "../access.ts";
import type { Finding, FindingKind } from "../findings.ts";
import { expectedEntries } from "../index-check.ts";
import { Opener, type OpenRecord, wrapsByName } from "../opener.ts";
import { recordPages } from "../records.ts";
import { type Signed, walkBatches } from "./batch-walk.ts";
import { checkEarlier } from "./earlier-check.ts";
import { RowReader } from "./row-reader.ts";

/** What was verified of a vault, and what was found wrong. */
export interface Verification {
  readonly vault: VaultHandle;
  readonly links: number;
  readonly batches: number;
  readonly records: number;
  readonly rows: number;
  readonly findings: readonly Finding[];
}

/**
 * Hold everything that the cloud stores of a vault against what was signed, as far as the accesses
 * reach: the chain has been verified; then every batch, record and index row of every source.
 *
 * The owner sees what is missing; a grantee, who does not know which records are in other categories,
 * sees what was changed and added.
 *
 * Takes:   `onProgress`, told after each page how many records have been verified.
 * Fails:   any `CloudError`.
 * Cost:    a signature for each batch, record and earlier revision; the rows of each record are made
 *          again.
 * Source:  spec/batch.md §6.
 */
export async function verifyVault(
  cloud: Cloud,
  accesses: readonly Access[],
  onProgress: (records: number) => void = () => undefined,
): Promise<Result<Verification, ClientError>> {
  const [first] = accesses;
  if (first === undefined) return fail({ kind: "no-vault" });
  const tally = new Tally();
  const seen = new Set<string>();
  const onPage = ({ records }: RecordsPage): void => {
    for (const { record } of records) seen.add(toHex(record));
    onProgress(seen.size);
  };
  for (const access of accesses) {
    for (const source of access.sources) {
      const verified = await verifySource(cloud, access, source, onPage);
      if (!verified.ok) return verified;
      tally.add(source, verified.value);
    }
  }
  await first.pins.save();
  return ok({ vault: first.vault, links: first.chain.head.seq + 1, ...tally.sum() });
}

/** What was verified of one source by one access. */
interface SourceVerification {
  readonly batches: number;
  /** Index rows by the name of their record. */
  readonly rows: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
}

/** Adds up what was verified: grants that overlap show the same records, which count once. */
class Tally {
  readonly #batches = new Map<string, number>();
  readonly #rows = new Map<string, number>();
  readonly #findings = new Map<string, Finding>();

  add(source: SourceHandle, { batches, rows, findings }: SourceVerification): void {
    this.#batches.set(toHex(source), batches);
    for (const [record, count] of rows) this.#rows.set(record, count);
    const alike = new Map<string, number>();
    for (const finding of findings) {
      const { kind, batch, record, attribute = "" } = finding;
      const where = [source, batch, record].map((handle) => (handle ? toHex(handle) : ""));
      const name = [kind, ...where, attribute].join(" ");
      const place = alike.get(name) ?? 0;
      alike.set(name, place + 1);
      this.#findings.set(`${name} ${place}`, finding);
    }
  }

  sum(): Pick<Verification, "batches" | "records" | "rows" | "findings"> {
    const total = (counts: ReadonlyMap<string, number>): number =>
      [...counts.values()].reduce((sum, one) => sum + one, 0);
    return {
      batches: total(this.#batches),
      records: this.#rows.size,
      rows: total(this.#rows),
      findings: [...this.#findings.values()],
    };
  }
}

async function verifySource(
  cloud: Cloud,
  access: Access,
  handle: SourceHandle,
  onPage: (page: RecordsPage) => void,
): Promise<Result<SourceVerification, ClientError>> {
  const source = named(access.chain.sources, handle);
  if (source === undefined) return fail({ kind: "unknown-source", source: handle });
  const walk = await walkBatches(cloud, access, source, access.pins.batch(handle));
  if (!walk.ok) return walk;
  const check = new RecordCheck(access, handle, walk.value.signed);
  for await (const page of recordPages(cloud, access, handle, true)) {
    if (!page.ok) return page;
    await check.page(page.value);
    onPage(page.value);
  }
  const earlier = await checkEarlier(cloud, access, handle, walk.value.earlier);
  if (!earlier.ok) return earlier;
  const findings = [...walk.value.findings, ...check.end(), ...earlier.value];
  return ok({ batches: walk.value.batches, rows: check.rows, findings });
}

/** Compares the stored records of one source with what its batches say. */
class RecordCheck {
  /** Index rows of each record that was seen, by its name. */
  readonly rows: Map<string, number> = new Map();
  readonly #access: Access;
  readonly #source: SourceHandle;
  readonly #signed: ReadonlyMap<string, Signed>;
  readonly #opener: Opener;
  readonly #rowReader: RowReader;
  readonly #findings: Finding[] = [];
  readonly #pauses = new Pauses();

  constructor(access: Access, source: SourceHandle, signed: ReadonlyMap<string, Signed>) {
    this.#access = access;
    this.#source = source;
    this.#signed = signed;
    this.#opener = new Opener(access);
    this.#rowReader = new RowReader(access);
  }

  async page({ records, wraps, certificates }: RecordsPage): Promise<void> {
    this.#opener.learn(certificates);
    const byName = wrapsByName(wraps);
    for (const stored of records) {
      await this.#record(stored, byName);
      await this.#pauses.take();
    }
  }

  /** What is missing: to be asked once everything that is there has been seen. */
  end(): readonly Finding[] {
    if (this.#access.owner) {
      for (const [name, { record, batch }] of this.#signed) {
        if (!this.rows.has(name)) this.#found("record-missing", record, { batch });
      }
    }
    return this.#findings;
  }

  async #record(stored: StoredRecord, wraps: ReturnType<typeof wrapsByName>): Promise<void> {
    const name = toHex(stored.record);
    this.rows.set(name, stored.entries.length);
    const signed = this.#signed.get(name);
    if (signed === undefined) {
      this.#found("record-added", stored);
      return;
    }
    const { record: leaf, batch } = signed;
    const same =
      stored.revision === leaf.revision && equalBytes(digest(stored.envelope), leaf.envelope);
    if (!same) {
      this.#found("record-changed", stored, { batch });
      return;
    }
    const opened = await this.#opener.open(stored, wraps);
    if (!opened.ok && opened.error.kind === "unreadable") {
      this.#found("unreadable", stored, { batch });
    }
    this.#rows(stored, signed, opened.ok ? opened.value : undefined);
  }

  /** The rows by their signed root, and by what the record says, so that a fault can be named. */
  #rows(
    stored: StoredRecord,
    { entries: leaf, batch, policyVersion }: Signed,
    opened: OpenRecord | undefined,
  ): void {
    const rows = stored.entries
      .filter((row) => equalBytes(row.batch, batch))
      .map(({ entry }) => entry)
      .sort(compareBytes);
    const root = entriesRoot(stored.record, stored.revision, rows);
    const intact = equalBytes(root, leaf.entries) && rows.length === stored.entries.length;
    const expected = opened && expectedRows(this.#access, opened, policyVersion);
    const all = stored.entries.map(({ entry }) => entry);
    const faults =
      opened === undefined || expected === undefined
        ? []
        : this.#rowReader.compare(opened, expected, all);
    if (intact) {
      // The source itself has signed rows that do not say what the record does.
      for (const { attribute } of faults) this.#wrong("wrongly-indexed", stored, batch, attribute);
      return;
    }
    for (const { kind, attribute } of faults) this.#wrong(kind, stored, batch, attribute);
    if (faults.length === 0) this.#wrong("row-changed", stored, batch, undefined);
  }

  #wrong(
    kind: FindingKind,
    stored: StoredRecord,
    batch: Signed["batch"],
    attribute: string | undefined,
  ): void {
    this.#found(kind, stored, attribute === undefined ? { batch } : { batch, attribute });
  }

  #found(
    kind: FindingKind,
    { record }: Pick<StoredRecord, "record">,
    more: Pick<Finding, "batch" | "attribute"> = {},
  ): void {
    const { vault } = this.#access;
    this.#findings.push({ kind, vault, source: this.#source, record, ...more });
  }
}

/** What should be indexed: nothing of a tombstone; unknown of what this program cannot derive. */
function expectedRows(
  { policy }: Access,
  opened: OpenRecord,
  version: number,
): ReturnType<typeof expectedEntries> {
  return opened.header.tombstone ? [] : expectedEntries(opened, policy, version);
}
