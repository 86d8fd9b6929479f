import {
  type Bytes,
  beInteger,
  concat,
  fail,
  ok,
  type Result,
  readBeInteger,
  toHex,
} from "@salus/base";
import { Digest, type VaultHandle } from "@salus/protocol";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import type { BatchHead } from "../vault/pins.ts";

/** A signed upload whose fate is not known yet. */
export interface Undelivered {
  readonly head: BatchHead;
  readonly body: Bytes;
  /** What the journal notes when it is taken. */
  readonly rows: Bytes;
}

const HEAD_BYTES = 6 + 32 + 4;

/**
 * The batch that a source is delivering into one vault, stored before it is sent.
 *
 * After a crash nobody knows whether it was taken: the stored bytes are sent again, and the cloud
 * recognises them. Nothing is sealed twice, and no record gets in twice.
 */
export class Outbox {
  readonly #store: KeyStore;
  readonly #name: string;

  constructor(store: KeyStore, vault: VaultHandle) {
    this.#store = store;
    this.#name = `outbox/${toHex(vault)}`;
  }

  async put({ head, body, rows }: Undelivered): Promise<void> {
    const sizes = concat(beInteger(head.number, 6), head.hash, beInteger(rows.length, 4));
    await this.#store.write(this.#name, concat(sizes, rows, body));
  }

  /** What is there from a run that did not end. Fails: `store-damaged`. */
  async take(): Promise<Result<Undelivered | undefined, StoreDamaged>> {
    const stored = await this.#store.read(this.#name);
    if (!stored.ok) return stored;
    const file = stored.value;
    if (file === undefined) return ok(undefined);
    const damaged = fail({ kind: "store-damaged", name: this.#name });
    if (file.length < HEAD_BYTES) return damaged;
    const bodyAt = HEAD_BYTES + readBeInteger(file.subarray(38, HEAD_BYTES));
    if (bodyAt > file.length) return damaged;
    const number = readBeInteger(file.subarray(0, 6));
    const head = { number, hash: Digest.of(file.slice(6, 38)) };
    return ok({ head, rows: file.slice(HEAD_BYTES, bodyAt), body: file.slice(bodyAt) });
  }

  async clear(): Promise<void> {
    await this.#store.remove(this.#name);
  }
}

/** Vaults that something is left to deliver into, by hexadecimal. */
export async function undelivered(store: KeyStore): Promise<readonly string[]> {
  const names = await store.list("outbox/");
  return names.map((name) => name.slice("outbox/".length));
}
