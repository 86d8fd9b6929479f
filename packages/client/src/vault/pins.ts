import {
  type Bytes,
  beInteger,
  concat,
  equalBytes,
  fail,
  ok,
  type Result,
  readBeInteger,
  toHex,
} from "@salus/base";
import { type ChainHead, Digest, SourceHandle, type VaultHandle } from "@salus/protocol";
import type { KeyStore, StoreDamaged } from "../key-store.ts";

/** The newest batch of a source that was seen. */
export interface BatchHead {
  readonly number: number;
  readonly hash: Digest;
}

const HEAD_BYTES = 6 + 32;
const BATCH_BYTES = 16 + 6 + 32;

/**
 * The newest that an identity has seen of one vault: what the cloud shows later must not be older.
 *
 * Kept with the identity's secrets, because whoever could change a pin could hide a rollback.
 */
export class Pins {
  readonly #store: KeyStore;
  readonly #name: string;
  #head: ChainHead | undefined;
  readonly #batches: Map<string, BatchHead>;
  #written: Bytes;

  constructor(store: KeyStore, name: string, stored: Bytes) {
    this.#store = store;
    this.#name = name;
    this.#written = stored;
    this.#batches = new Map();
    if (stored.length === 0) return;
    this.#head = { seq: readBeInteger(stored.subarray(0, 6)), hash: digestAt(stored, 6) };
    for (let at = HEAD_BYTES; at < stored.length; at += BATCH_BYTES) {
      const number = readBeInteger(stored.subarray(at + 16, at + 22));
      const source = toHex(stored.subarray(at, at + 16));
      this.#batches.set(source, { number, hash: digestAt(stored, at + 22) });
    }
  }

  /** What is pinned of a vault; one object for all who use the store. Fails: `store-damaged`. */
  static async of(store: KeyStore, vault: VaultHandle): Promise<Result<Pins, StoreDamaged>> {
    const shared = opened.get(store) ?? new Map<string, Promise<Result<Pins, StoreDamaged>>>();
    opened.set(store, shared);
    const name = `pins/${toHex(vault)}`;
    const known = shared.get(name) ?? Pins.#read(store, name);
    shared.set(name, known);
    return known;
  }

  static async #read(store: KeyStore, name: string): Promise<Result<Pins, StoreDamaged>> {
    const stored = await store.read(name);
    if (!stored.ok) return stored;
    const bytes = stored.value ?? new Uint8Array(0);
    const batches = (bytes.length - HEAD_BYTES) / BATCH_BYTES;
    const whole = bytes.length === 0 || (Number.isInteger(batches) && batches >= 0);
    return whole ? ok(new Pins(store, name, bytes)) : fail({ kind: "store-damaged", name });
  }

  get head(): ChainHead | undefined {
    return this.#head;
  }

  batch(source: SourceHandle): BatchHead | undefined {
    return this.#batches.get(toHex(source));
  }

  pinHead(head: ChainHead): void {
    if (this.#head === undefined || head.seq > this.#head.seq) this.#head = head;
  }

  /**
   * Compare a source's newest batch with the newest that was seen, and pin what is newer.
   *
   * Gives:   false for a rollback: an older batch, or another one of the same number.
   */
  pinBatch(source: SourceHandle, seen: BatchHead): boolean {
    const pinned = this.batch(source);
    if (pinned !== undefined && seen.number < pinned.number) return false;
    if (pinned?.number === seen.number) return equalBytes(pinned.hash, seen.hash);
    if (seen.number > 0) this.#batches.set(toHex(source), seen);
    return true;
  }

  /** Make what was pinned durable. */
  async save(): Promise<void> {
    const head = this.#head;
    if (head === undefined) return;
    const parts: Bytes[] = [beInteger(head.seq, 6), head.hash];
    for (const [source, { number, hash }] of [...this.#batches].sort()) {
      const handle = SourceHandle.fromHex(source);
      if (handle.ok) parts.push(handle.value, beInteger(number, 6), hash);
    }
    const bytes = concat(...parts);
    if (equalBytes(bytes, this.#written)) return;
    await this.#store.write(this.#name, bytes);
    this.#written = bytes;
  }
}

const opened = new WeakMap<KeyStore, Map<string, Promise<Result<Pins, StoreDamaged>>>>();

function digestAt(bytes: Bytes, at: number): Digest {
  return Digest.of(bytes.slice(at, at + 32));
}
