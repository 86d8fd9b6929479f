import { type Bytes, compareBytes, concat, toHex } from "@salus/base";
import { drawBatch, drawKey, type Key, type Signer, seal, wrapBatchKey } from "@salus/crypto";
import {
  type ChainState,
  digest,
  encodeLeaf,
  entriesRoot,
  merkleRoot,
  NO_ENVELOPE,
  type SourceState,
  wrapsDigest,
} from "@salus/evaluate";
import type { IndexEntry } from "@salus/health";
import {
  type BatchId,
  type BatchItem,
  type CellWrap,
  Digest,
  encodeMessage,
  LIMITS,
  type ScopeHandle,
} from "@salus/protocol";
import type { Pauses } from "../pause.ts";
import type { BatchHead } from "../vault/pins.ts";
import type { EntryMaker } from "./entry-maker.ts";
import { journalRow } from "./journal.ts";
import type { Prepared } from "./preparation.ts";
import { type Place, type SourceKeys, scopeBelow, type WritableScope } from "./source-keys.ts";

/** Everything that a batch of one source in one vault is made with. */
export interface BatchContext {
  readonly chain: ChainState;
  readonly source: SourceState;
  readonly keys: SourceKeys;
  readonly signer: Signer;
  readonly entries: EntryMaker;
  /** Scopes below the organisation's that earlier batches have introduced, by hexadecimal. */
  readonly introduced: ReadonlySet<string>;
  readonly policyVersion: number;
  readonly pauses: Pauses;
}

/** A record for a batch: as a new revision, or with its entries alone. */
export interface BatchRecord {
  readonly prepared: Prepared;
  readonly place: Place;
  /** The revision that the batch makes, or that its entries are for. */
  readonly revision: number;
  readonly kind: "record" | "index";
}

/** A batch that is sealed, and not yet put at the end of the source's batches. */
export interface SealedBatch {
  readonly batch: BatchId;
  readonly items: readonly BatchItem[];
  readonly leaves: readonly Bytes[];
  readonly wraps: readonly CellWrap[];
  readonly scopes: readonly ScopeHandle[];
  /** Those that lead to the authors of the records. */
  readonly certificates: readonly Bytes[];
  /** What the journal notes when it is taken. */
  readonly rows: Bytes;
  readonly entries: number;
  /** Records that need more index entries than one may have, and so are not in it. */
  readonly overfull: readonly Prepared[];
}

const NO_BATCH: Digest = Digest.of(new Uint8Array(32));

/**
 * Seal and index records. The batch keys are drawn here, wrapped to the cells, and forgotten.
 *
 * Takes:   distinct records; `at`, when they are sealed: left out, whenever each of them is.
 * Leaks:   to the cloud: the headers, sizes and index entries of the records, and who wrote them.
 * Cost:    an encapsulation for each cell, a signature for each record, two hashes for each entry.
 */
export async function sealBatch(
  context: BatchContext,
  records: readonly BatchRecord[],
  at?: number,
): Promise<SealedBatch> {
  const batch = drawBatch();
  const scopes = new ScopePaths(context);
  const made = context.entries.make(
    records.map(({ prepared, place }) => ({
      entries: prepared.entries,
      place,
      // A record without ordered entries must not show which department it is from.
      scopes: prepared.entries.some(isOrdered) ? scopes.of(place, prepared.path) : [],
    })),
  );
  await context.pauses.take();
  const keys = new BatchKeys(context, batch);
  const items: BatchItem[] = [];
  const leaves: Bytes[] = [];
  const rows: Bytes[] = [];
  const overfull: Prepared[] = [];
  let entryCount = 0;
  for (const [place, record] of records.entries()) {
    const entries = made[place] ?? [];
    if (!fits(entries)) {
      overfull.push(record.prepared);
      continue;
    }
    const { item, leaf } = sealItem(context, keys, record, entries, at ?? Date.now());
    items.push(item);
    leaves.push(leaf);
    const { prepared, revision } = record;
    const { fingerprint, category } = prepared;
    rows.push(journalRow(prepared.record, { revision, fingerprint, category }));
    entryCount += entries.length;
    await context.pauses.take();
  }
  return {
    batch,
    items,
    leaves,
    wraps: await keys.wraps(),
    scopes: scopes.introduced(),
    certificates: certificatesOf(records),
    rows: concat(...rows),
    entries: entryCount,
    overfull,
  };
}

/**
 * Sign a sealed batch as the one after `last`.
 *
 * Gives:   the upload as it is sent and stored, and the head that it makes.
 */
export function signBatch(
  { chain, source, signer, policyVersion }: BatchContext,
  sealed: SealedBatch,
  last: BatchHead | undefined,
  time: number,
): { readonly body: Bytes; readonly head: BatchHead } {
  const number = (last?.number ?? 0) + 1;
  const statement = signer.sign("batch", {
    vault: chain.vault,
    source: source.source,
    batch: sealed.batch,
    number,
    prev: last?.hash ?? NO_BATCH,
    head: chain.head,
    time,
    policyVersion,
    scopes: sealed.scopes,
    wraps: wrapsDigest(sealed.wraps),
    items: sealed.items.length,
    root: merkleRoot(sealed.leaves),
  });
  const { wraps, certificates, items } = sealed;
  const body = encodeMessage({ statement, wraps, certificates, items });
  return { body, head: { number, hash: digest(statement) } };
}

function sealItem(
  context: BatchContext,
  keys: BatchKeys,
  { prepared, place, revision, kind }: BatchRecord,
  entries: readonly Bytes[],
  sealedAt: number,
): { readonly item: BatchItem; readonly leaf: Bytes } {
  const { record, content, tombstone } = prepared;
  const root = entriesRoot(record, revision, entries);
  if (kind === "index") {
    const leaf = encodeLeaf({ kind, record, revision, envelope: NO_ENVELOPE, entries: root });
    return { item: { record, revision, entries }, leaf };
  }
  const header = {
    tombstone,
    vault: context.chain.vault,
    record,
    revision,
    source: context.source.source,
    cell: place.cell.cell,
    generation: place.cell.generation,
    policyVersion: context.policyVersion,
    batch: keys.batch,
    sealedAt,
  };
  const author = prepared.author?.signer ?? context.signer;
  const envelope = seal(keys.of(place), header, content, author);
  const leaf = encodeLeaf({ kind, record, revision, envelope: digest(envelope), entries: root });
  return { item: { envelope, expects: revision - 1, entries }, leaf };
}

/** Every certificate once, of records whose author is not the source itself. */
function certificatesOf(records: readonly BatchRecord[]): readonly Bytes[] {
  const authors = new Set(records.flatMap(({ prepared }) => prepared.author ?? []));
  const all = [...authors].flatMap(({ certificates }) => certificates);
  return [...new Map(all.map((signed) => [toHex(signed), signed])).values()];
}

function isOrdered(entry: IndexEntry): boolean {
  return entry.kind === "ordered";
}

function fits(entries: readonly Bytes[]): boolean {
  const bytes = entries.reduce((size, entry) => size + entry.length, 0);
  return entries.length <= LIMITS.itemEntries && bytes <= LIMITS.itemEntriesBytes;
}

/** The keys of one batch: one for each cell that it has records of. */
class BatchKeys {
  readonly #context: BatchContext;
  readonly batch: BatchId;
  readonly #keys = new Map<string, { readonly place: Place; readonly key: Key<"batch"> }>();

  constructor(context: BatchContext, batch: BatchId) {
    this.#context = context;
    this.batch = batch;
  }

  of(place: Place): Key<"batch"> {
    const known = this.#keys.get(place.name);
    if (known !== undefined) return known.key;
    const key = drawKey("batch");
    this.#keys.set(place.name, { place, key });
    return key;
  }

  /** Each key, wrapped to its cell: what is left when the keys are forgotten. */
  async wraps(): Promise<readonly CellWrap[]> {
    const { chain, pauses } = this.#context;
    const wraps: CellWrap[] = [];
    for (const { place, key } of this.#keys.values()) {
      const { cell } = place;
      const at = { vault: chain.vault, cell: cell.cell, batch: this.batch };
      wraps.push(await wrapBatchKey(cell, at, key));
      await pauses.take();
    }
    return wraps;
  }
}

/** The scopes on the paths of a batch's records, each made once. */
class ScopePaths {
  readonly #context: BatchContext;
  readonly #known = new Map<string, WritableScope>();

  constructor(context: BatchContext) {
    this.#context = context;
  }

  /** From the root down to the author. */
  of(place: Place, path: readonly string[]): readonly WritableScope[] {
    const below = path.map((_, depth) => this.#below(place, path.slice(0, depth + 1)));
    return [...place.scopes, ...below];
  }

  /** Scopes that no batch has introduced yet, as the statement names them. */
  introduced(): readonly ScopeHandle[] {
    return [...this.#known.values()]
      .filter(({ name }) => !this.#context.introduced.has(name))
      .map(({ scope }) => scope)
      .sort(compareBytes);
  }

  #below(place: Place, path: readonly string[]): WritableScope {
    const name = JSON.stringify([place.category, ...path]);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const scope = scopeBelow(this.#context.keys, place, path);
    this.#known.set(name, scope);
    return scope;
  }
}
