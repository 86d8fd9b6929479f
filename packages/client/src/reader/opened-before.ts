import { type Bytes, equalBytes, toHex } from "@salus/base";
import type { OpenedRecord } from "@salus/crypto";
import { type ChainState, digest } from "@salus/evaluate";
import type { BatchId, RecordHandle } from "@salus/protocol";
import type { Identity } from "../identity.ts";

/** An envelope as the cloud answers it. */
export interface Sealed {
  readonly record: RecordHandle;
  readonly revision: number;
  readonly batch: BatchId;
  readonly envelope: Bytes;
}

/** Of contents, with what a record has around it in memory. */
const KEPT_BYTES = 33_554_432;
const AROUND_BYTES = 1024;

interface Kept {
  readonly chain: ChainState;
  readonly opened: OpenedRecord;
}

/**
 * Records that an identity has opened and verified lately, by the hash of their envelopes: whoever asks
 * many questions meets the same ones again, and the same bytes under the same chain mean the same.
 *
 * It is as secret as the identity's keys, and lives no longer than it.
 */
export class OpenedBefore {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  /** The one of an identity. */
  static of(identity: Identity): OpenedBefore {
    const known = owners.get(identity) ?? new OpenedBefore();
    owners.set(identity, known);
    return known;
  }

  /** What the envelope was opened to, under this very state of the chain, as what it is now asked for. */
  find(chain: ChainState, { envelope, record, revision }: Sealed): OpenedRecord | undefined {
    const name = toHex(digest(envelope));
    const kept = this.#kept.get(name);
    if (kept === undefined || kept.chain !== chain) return undefined;
    const { header } = kept.opened;
    if (!equalBytes(header.record, record) || header.revision !== revision) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept.opened;
  }

  keep(chain: ChainState, { envelope }: Sealed, opened: OpenedRecord): void {
    const name = toHex(digest(envelope));
    this.#drop(name);
    this.#kept.set(name, { chain, opened });
    this.#bytes += weightOf(opened);
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#drop(oldest);
    }
  }

  #drop(name: string): void {
    const kept = this.#kept.get(name);
    if (kept === undefined) return;
    this.#kept.delete(name);
    this.#bytes -= weightOf(kept.opened);
  }
}

const owners = new WeakMap<Identity, OpenedBefore>();

function weightOf({ content }: OpenedRecord): number {
  return content.body.length + AROUND_BYTES;
}
