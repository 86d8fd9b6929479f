import { equalBytes, ok, type Result, toHex } from "@salus/base";
import { digest, type ItemLeaf, type SourceState, verifySigned } from "@salus/evaluate";
import type { BatchId, BatchStatement, StoredBatch } from "@salus/protocol";
import type { Cloud } from "../../cloud/port.ts";
import type { ClientError } from "../../failure.ts";
import { storedBatches, verifyStoredBatch } from "../../vault/batches.ts";
import type { BatchHead } from "../../vault/pins.ts";
import type { Access } from "../access.ts";
import type { Finding } from "../findings.ts";

/** What the newest batches say of a record. */
export interface Signed {
  /** The newest revision and its envelope. */
  readonly record: ItemLeaf;
  /** The entries of that revision: of the record's own batch, or of a later one that made them again. */
  readonly entries: ItemLeaf;
  readonly batch: BatchId;
  /** The version of the index policy that the entries were made under. */
  readonly policyVersion: number;
}

/** A revision that a later batch has replaced. */
export type Earlier = Pick<Signed, "record" | "batch">;

/** The batches of one source, verified as far as they are there. */
export interface BatchWalk {
  readonly batches: number;
  /** By the hexadecimal of the record's handle. */
  readonly signed: ReadonlyMap<string, Signed>;
  /** What was signed before that, of records that have changed, by the same. */
  readonly earlier: ReadonlyMap<string, readonly Earlier[]>;
  readonly findings: readonly Finding[];
}

/**
 * Walk the batches of a source, note what they sign of each record, and name those that are missing
 * or changed. What stands behind a faulty one is verified by itself.
 *
 * Takes:   `pinned`, the newest batch that was seen: the walk must reach it.
 * Fails:   any `CloudError`.
 * Source:  spec/batch.md §6.
 */
export async function walkBatches(
  cloud: Cloud,
  access: Access,
  source: SourceState,
  pinned: BatchHead | undefined,
): Promise<Result<BatchWalk, ClientError>> {
  const walker = new Walker(access, source);
  const from = { cloud, caller: access.caller, vault: access.vault, source };
  for await (const stored of storedBatches(from, 1)) {
    if (!stored.ok) return stored;
    walker.step(stored.value);
  }
  return ok(walker.end(pinned));
}

/** A number is the cloud's word until the batch is seen: it may be any. */
const MISSING_MAX = 1000;

class Walker {
  readonly #access: Access;
  readonly #source: SourceState;
  readonly #signed = new Map<string, Signed>();
  readonly #earlier = new Map<string, Earlier[]>();
  readonly #findings: Finding[] = [];
  readonly #hashes = new Map<number, BatchHead>();
  #last: BatchHead | undefined;
  #batches = 0;

  constructor(access: Access, source: SourceState) {
    this.#access = access;
    this.#source = source;
  }

  step(stored: StoredBatch): void {
    const { vault } = this.#access;
    const next = (this.#last?.number ?? 0) + 1;
    const batch = verifyStoredBatch(stored, vault, this.#source, this.#last);
    if (batch.ok) {
      this.#compare(batch.value.statement);
      this.#enter(batch.value.leaves, batch.value.statement, batch.value.head);
      return;
    }
    if (batch.error.kind === "batch-changed") this.#stepOver(stored, next);
    else this.#skipTo(stored, next);
  }

  end(pinned: BatchHead | undefined): BatchWalk {
    const { vault, pins } = this.#access;
    const { source } = this.#source;
    const last = this.#last?.number ?? 0;
    this.#missing(last + 1, pinned?.number ?? 0);
    const seen = pinned && this.#hashes.get(pinned.number);
    if (seen !== undefined && pinned !== undefined && !equalBytes(seen.hash, pinned.hash)) {
      this.#findings.push({ kind: "batch-changed", vault, source, number: pinned.number });
    }
    if (this.#last !== undefined && this.#findings.length === 0) pins.pinBatch(source, this.#last);
    const [signed, earlier] = [this.#signed, this.#earlier];
    return { batches: this.#batches, signed, earlier, findings: this.#findings };
  }

  /**
   * Hold the link that a source saw against the one that the reader is shown in its place: neither can
   * be told apart from the truth by who sees it alone.
   */
  #compare({ head, batch, number }: BatchStatement): void {
    const { vault, chain } = this.#access;
    const shown = chain.hashes[head.seq];
    // What the source saw may have come since the reader fetched the chain.
    if (shown === undefined || equalBytes(shown, head.hash)) return;
    const { source } = this.#source;
    this.#findings.push({ kind: "other-chain", vault, source, batch, number });
  }

  /** A batch that was changed: what its statement says of its place may still hold. */
  #stepOver(stored: StoredBatch, number: number): void {
    const { vault } = this.#access;
    const { source, key } = this.#source;
    this.#findings.push({ kind: "batch-changed", vault, source, number });
    const statement = verifySigned("batch", stored.statement, key);
    // Where even the statement is gone, whatever follows cannot be linked to it.
    this.#last = { number, hash: statement.ok ? statement.value.hash : digest(stored.statement) };
  }

  /** Batches are missing before this one: name them, and go on with it. */
  #skipTo(stored: StoredBatch, next: number): void {
    const statement = verifySigned("batch", stored.statement, this.#source.key);
    if (!statement.ok) return;
    const { number, prev } = statement.value.payload;
    this.#missing(next, number - 1);
    this.#last = { number: number - 1, hash: prev };
    this.step(stored);
  }

  /** Name the batches from one number to another: of very many, the first ones and the last. */
  #missing(from: number, to: number): void {
    const { vault } = this.#access;
    const { source } = this.#source;
    for (let number = from; number <= to; number += 1) {
      if (number - from === MISSING_MAX) number = to;
      this.#findings.push({ kind: "batch-missing", vault, source, number });
    }
  }

  #enter(
    leaves: readonly ItemLeaf[],
    { batch, policyVersion }: Pick<BatchStatement, "batch" | "policyVersion">,
    head: BatchHead,
  ): void {
    this.#batches += 1;
    this.#last = head;
    this.#hashes.set(head.number, head);
    for (const leaf of leaves) {
      const name = toHex(leaf.record);
      const known = this.#signed.get(name);
      if (leaf.kind === "record") {
        if (known !== undefined) this.#replaced(name, known);
        this.#signed.set(name, { record: leaf, entries: leaf, batch, policyVersion });
      } else if (known !== undefined && known.record.revision === leaf.revision) {
        this.#signed.set(name, { ...known, entries: leaf, batch, policyVersion });
      }
    }
  }

  #replaced(name: string, { record, batch }: Signed): void {
    const earlier = this.#earlier.get(name);
    if (earlier === undefined) this.#earlier.set(name, [{ record, batch }]);
    else earlier.push({ record, batch });
  }
}
