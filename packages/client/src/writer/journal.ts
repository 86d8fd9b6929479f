import {
  assert,
  type Bytes,
  beInteger,
  concat,
  fail,
  ok,
  type Result,
  readBeInteger,
  toHex,
} from "@salus/base";
import { CATEGORIES, type Category } from "@salus/health";
import { Digest, type RecordHandle, type VaultHandle } from "@salus/protocol";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import type { BatchHead } from "../vault/pins.ts";
import { FINGERPRINT_BYTES } from "./preparation.ts";

/** What was last sent of a record. */
export interface Sent {
  readonly revision: number;
  readonly fingerprint: Bytes;
  /** Unknown for what another home of this source has sent. */
  readonly category: Category | undefined;
  /** No tombstone, by the cloud's word: known where the fingerprint is not, and not kept. */
  readonly live?: boolean;
}

const HEAD_BYTES = 32;
const ROW_BYTES = 16 + 4 + FINGERPRINT_BYTES + 1;
const NO_CATEGORY = 255;
/** Of what another home has sent: it fits no content. */
export const NO_FINGERPRINT: Bytes = new Uint8Array(FINGERPRINT_BYTES);
/** With more files than this, the journal is written anew as one. */
const FILES_MAX = 64;

/**
 * What a source has sent into one vault, so that it sends nothing again that has not changed, and
 * knows the number and hash of its newest batch.
 *
 * One file for each batch, named by its number: `hash (32)`, then for each record `handle (16) ‖ u32
 * revision ‖ fingerprint (16) ‖ u8 category`. It may be lost: then what is uploaded again becomes an update.
 */
export class Journal {
  readonly #store: KeyStore;
  readonly #folder: string;
  readonly #sent = new Map<string, Sent>();
  #head: BatchHead | undefined;

  constructor(store: KeyStore, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  /** Read the journal of a vault. Fails: `store-damaged`. */
  static async read(store: KeyStore, vault: VaultHandle): Promise<Result<Journal, StoreDamaged>> {
    const journal = new Journal(store, `sent/${toHex(vault)}/`);
    const names = await store.list(journal.#folder);
    for (const name of names) {
      const file = await store.read(name);
      if (!file.ok) return file;
      if (file.value === undefined) continue;
      if (!journal.#enter(name, file.value)) return fail({ kind: "store-damaged", name });
    }
    if (names.length > FILES_MAX) await journal.#compact(names);
    return ok(journal);
  }

  /** The newest batch that the cloud has taken. */
  get head(): BatchHead | undefined {
    return this.#head;
  }

  sent(record: RecordHandle): Sent | undefined {
    return this.#sent.get(toHex(record));
  }

  /** Note that a batch was taken, durably. */
  async note(head: BatchHead, rows: Bytes): Promise<void> {
    const name = this.#nameOf(head.number);
    await this.#store.write(name, concat(head.hash, rows));
    assert(this.#enter(name, concat(head.hash, rows)), "a journal reads what it has written");
  }

  /**
   * Note what the cloud has of a record, where that is not what was thought; revision 0 for nothing.
   *
   * Gives:   whether it was another revision.
   */
  correct(record: RecordHandle, told: Omit<Sent, "fingerprint">): boolean {
    const name = toHex(record);
    const known = this.#sent.get(name);
    const same = (known?.revision ?? 0) === told.revision;
    if (told.revision === 0) this.#sent.delete(name);
    else {
      const fingerprint = same && known ? known.fingerprint : NO_FINGERPRINT;
      const own = same ? known?.category : undefined;
      const category = own ?? told.category ?? known?.category;
      this.#sent.set(name, { ...told, category, fingerprint });
    }
    return !same;
  }

  #enter(name: string, file: Bytes): boolean {
    const number = Number.parseInt(name.slice(this.#folder.length), 10);
    if (!Number.isSafeInteger(number) || (file.length - HEAD_BYTES) % ROW_BYTES !== 0) return false;
    if (file.length < HEAD_BYTES) return false;
    if (this.#head === undefined || number > this.#head.number) {
      this.#head = { number, hash: Digest.of(file.slice(0, HEAD_BYTES)) };
    }
    for (let at = HEAD_BYTES; at < file.length; at += ROW_BYTES) {
      const revision = readBeInteger(file.subarray(at + 16, at + 20));
      const fingerprint = file.slice(at + 20, at + 20 + FINGERPRINT_BYTES);
      const category = CATEGORIES[file[at + ROW_BYTES - 1] as number];
      this.#sent.set(toHex(file.subarray(at, at + 16)), { revision, fingerprint, category });
    }
    return true;
  }

  /** Write everything under the newest number first, then remove the rest: a crash loses nothing. */
  async #compact(names: readonly string[]): Promise<void> {
    if (this.#head === undefined) return;
    const rows = [...this.#sent].map(([record, sent]) => rowOf(hexBytes(record), sent));
    const kept = this.#nameOf(this.#head.number);
    await this.#store.write(kept, concat(this.#head.hash, ...rows));
    for (const name of names) if (name !== kept) await this.#store.remove(name);
  }

  /** Names sort as numbers do. */
  #nameOf(number: number): string {
    return `${this.#folder}${String(number).padStart(12, "0")}`;
  }
}

/** A row of the journal. */
export function journalRow(record: RecordHandle, sent: Sent): Bytes {
  return rowOf(record, sent);
}

function rowOf(record: Uint8Array, { revision, fingerprint, category }: Sent): Bytes {
  const number = category === undefined ? NO_CATEGORY : CATEGORIES.indexOf(category);
  return concat(record, beInteger(revision, 4), fingerprint, Uint8Array.of(number));
}

function hexBytes(hex: string): Bytes {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  );
}
