import { setImmediate as breathe } from "node:timers/promises";
import { type Bytes, fail, ok, type Result, toHex } from "@salus/base";
import { type ChainState, evaluateSealed, evaluateTags, named } from "@salus/evaluate";
import { type CellHandle, LIMITS, type Malformed } from "@salus/protocol";
import type { Trx } from "../database/schema.ts";
import type { RecordSet } from "../record-set.ts";
import {
  type ScanCache,
  type ScanChunk,
  type ScanKind,
  scanColumns,
} from "../store/scan-column.ts";
import type { VaultRow } from "../store/vault.ts";
import type { SealedScan, TagScan } from "./question.ts";

/** After so many bytes other requests have their turn. */
const BREATH_BYTES = 4_194_304;
/** Of each list a further token reads no more: its tags are not gone through but searched. */
const NONCE_BYTES = 16;

/** Scans columns for one question, and counts what it costs. */
export class Scanner {
  readonly #trx: Trx;
  readonly #cache: ScanCache;
  readonly #row: VaultRow;
  readonly #chain: ChainState;
  readonly #budget: number;
  #bytes = 0;
  /** Bytes since others had their turn. */
  #held = 0;
  /** Sources of which a column was too much, as hexadecimal. */
  readonly failed: Set<string> = new Set();

  /** Takes: `budget`, how many bytes the question may cost. */
  constructor(
    trx: Trx,
    cache: ScanCache,
    row: VaultRow,
    chain: ChainState,
    budget: number = LIMITS.scannedBytes,
  ) {
    this.#budget = budget;
    this.#trx = trx;
    this.#cache = cache;
    this.#row = row;
    this.#chain = chain;
  }

  /** How many bytes were read: a column by its first probe, and what each further one compares. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Add the records whose sealed value is in the range of one of the probes.
   *
   * Sees:    of each entry and bound, the side and the first block that differs.
   * Fails:   `malformed`: a left half that is none.
   */
  async addSealed(
    probes: readonly SealedScan[],
    found: RecordSet,
  ): Promise<Result<void, Malformed>> {
    const byColumn = groupBy(probes);
    for await (const [column, chunk] of this.#chunks("sealed", byColumn)) {
      for (const { low, high } of byColumn.get(column) ?? []) {
        for (const part of ofEqualSize(chunk, rightBytes(low.length))) {
          const bits = low.length === 17 ? 8 : (4 * low.length) / 17;
          const inside = evaluateSealed(bits, part.bytes, { below: low, greatest: high });
          if (!inside.ok) return fail(inside.error);
          addMarked(found, part.records, inside.value);
        }
        await this.#breathe(chunk.bytes.length);
      }
    }
    return ok(undefined);
  }

  /** Add the records that carry the keyword of one of the probes. */
  async addTagged(probes: readonly TagScan[], found: RecordSet): Promise<void> {
    const byColumn = groupBy(probes);
    for await (const [column, chunk] of this.#chunks("tags", byColumn)) {
      const tokens = (byColumn.get(column) ?? []).map((probe) => probe.token);
      const lists = { lists: chunk.bytes, offsets: chunk.offsets };
      // Thousands of tokens at once would keep everybody else waiting for seconds.
      const perToken = NONCE_BYTES * chunk.records.length;
      const atOnce = Math.max(1, Math.floor(BREATH_BYTES / perToken));
      for (let at = 0; at < tokens.length; at += atOnce) {
        const some = tokens.slice(at, at + atOnce);
        for (const marks of evaluateTags(lists, some)) addMarked(found, chunk.records, marks);
        await this.#breathe(perToken * some.length);
      }
    }
  }

  /** The chunks of the probes' columns, until the question has cost as much as it may. */
  async *#chunks(
    kind: ScanKind,
    probes: ReadonlyMap<number, readonly { readonly cell: CellHandle }[]>,
  ): AsyncGenerator<readonly [number, ScanChunk]> {
    const columns = [...probes.keys()];
    for await (const { column, chunk } of scanColumns(
      this.#trx,
      this.#cache,
      this.#row,
      kind,
      columns,
    )) {
      this.#bytes += costOf(kind, chunk, probes.get(column)?.length ?? 0);
      if (this.#bytes > this.#budget) {
        this.#giveUp(columns.slice(columns.indexOf(column)), probes);
        return;
      }
      yield [column, chunk];
    }
  }

  /** Let other requests have their turn, when as many bytes as that were read without. */
  async #breathe(bytes: number): Promise<void> {
    this.#held += bytes;
    if (this.#held <= BREATH_BYTES) return;
    this.#held = 0;
    await breathe();
  }

  #giveUp(
    columns: readonly number[],
    probes: ReadonlyMap<number, readonly { readonly cell: CellHandle }[]>,
  ): void {
    for (const column of columns) {
      const cell = probes.get(column)?.[0]?.cell;
      const source = cell === undefined ? undefined : named(this.#chain.cells, cell)?.source;
      if (source !== undefined) this.failed.add(toHex(source));
    }
  }
}

/** What some probes of one column read of a part of it. Source: spec/api.md §3. */
function costOf(kind: ScanKind, { bytes, records }: ScanChunk, probes: number): number {
  const further = kind === "tags" ? NONCE_BYTES * records.length : bytes.length;
  return bytes.length + Math.max(0, probes - 1) * further;
}

function groupBy<T extends { readonly column: number }>(
  probes: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const probe of probes) {
    const group = groups.get(probe.column);
    if (group === undefined) groups.set(probe.column, [probe]);
    else group.push(probe);
  }
  return groups;
}

function addMarked(found: RecordSet, records: Uint32Array, marks: Uint8Array): void {
  for (let at = 0; at < marks.length; at += 1) {
    if (marks[at] === 1) found.add(records[at] as number);
  }
}

/** How long the right halves are that a left half is compared with. Spec: sealed-index, first table. */
function rightBytes(leftBytes: number): number {
  const blocks = leftBytes / 17;
  return blocks === 1 ? 48 : 16 + 4 * (blocks - 1) + 2;
}

interface EqualRows {
  readonly records: Uint32Array;
  readonly bytes: Bytes;
}

/** The rows of one size: all of them, unless a source has mixed widths in one column. */
function ofEqualSize(chunk: ScanChunk, size: number): readonly EqualRows[] {
  const { records, offsets, bytes } = chunk;
  if (bytes.length === records.length * size && isEven(offsets, size)) return [{ records, bytes }];
  const fit = [...records.keys()].filter(
    (at) => (offsets[at + 1] as number) - (offsets[at] as number) === size,
  );
  const out = new Uint8Array(fit.length * size);
  fit.forEach((at, index) => {
    const from = offsets[at] as number;
    out.set(bytes.subarray(from, from + size), index * size);
  });
  return [{ records: Uint32Array.from(fit, (at) => records[at] as number), bytes: out }];
}

function isEven(offsets: Uint32Array, size: number): boolean {
  return offsets.every((offset, at) => offset === at * size);
}
