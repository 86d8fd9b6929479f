import {
  type Bytes,
  beInteger,
  concat,
  fail,
  fromHex,
  ok,
  type Result,
  readBeInteger,
  toHex,
  utf8,
} from "@salus/base";
import { digest } from "@salus/evaluate";
import { Digest, VerifyKey } from "@salus/protocol";
import type { ServiceName } from "../failure.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";

/** How far somebody has followed the leaves that are her own. */
export interface OwnPin {
  readonly salt: Bytes;
  /** How many she has verified. */
  readonly leaves: number;
  /** Of the last of them. */
  readonly index: number;
  /** How many links the chain had when the newest of them that is of a link was entered. */
  readonly links: number;
  /** Every leaf of the log before this one was looked through for hers. */
  readonly scanned: number;
  /** The complete subtrees of those. */
  readonly frontier: readonly Digest[];
}

/** What is pinned of a log. */
interface Pinned {
  readonly id: string;
  readonly key: VerifyKey;
  /** The newest checkpoint, as it was signed. */
  readonly checkpoint: Bytes;
  readonly own: ReadonlyMap<string, OwnPin>;
}

const NUMBER_BYTES = 6;
const HASH_BYTES = 32;

/**
 * The newest that somebody has seen of a service's log. It stands with her secrets, because whoever
 * could change it could hide that the log was.
 */
export class LogPins {
  readonly #store: KeyStore;
  readonly #name: string;
  #pinned: Pinned | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** When this process last held the log to it: it is not kept, so that each start looks anew. */
  checkedAt = 0;

  private constructor(store: KeyStore, name: string, stored: Pinned | undefined) {
    this.#store = store;
    this.#name = name;
    this.#pinned = stored;
  }

  /** Fails: `store-damaged`. */
  static async open(store: KeyStore, log: ServiceName): Promise<Result<LogPins, StoreDamaged>> {
    const name = `log/${log}`;
    const stored = await store.read(name);
    if (!stored.ok) return stored;
    if (stored.value === undefined) return ok(new LogPins(store, name, undefined));
    const pinned = parsePinned(stored.value);
    return pinned === undefined
      ? fail({ kind: "store-damaged", name })
      : ok(new LogPins(store, name, pinned));
  }

  /** Do something alone, so that an answer which was slow is not pinned over a newer one. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** The service's id and key, once they were seen. */
  get service(): Pick<Pinned, "id" | "key"> | undefined {
    return this.#pinned;
  }

  /** The newest checkpoint, as it was signed. */
  get checkpoint(): Bytes | undefined {
    const bytes = this.#pinned?.checkpoint;
    return bytes === undefined || bytes.length === 0 ? undefined : bytes;
  }

  own(handle: Uint8Array): OwnPin | undefined {
    return this.#pinned?.own.get(toHex(handle));
  }

  async pinService(id: string, key: VerifyKey): Promise<void> {
    await this.#write({ id, key, checkpoint: new Uint8Array(0), own: new Map() });
  }

  async pinCheckpoint(checkpoint: Bytes): Promise<void> {
    if (this.#pinned !== undefined) await this.#write({ ...this.#pinned, checkpoint });
  }

  async pinOwn(handle: Uint8Array, pin: OwnPin): Promise<void> {
    if (this.#pinned === undefined) return;
    const own = new Map(this.#pinned.own).set(toHex(handle), pin);
    await this.#write({ ...this.#pinned, own });
  }

  /** Keep what shows that the log has lied: it may never say so again. */
  async keepEvidence(evidence: Bytes): Promise<void> {
    await this.#store.write(`${EVIDENCE}${toHex(digest(evidence))}`, evidence);
  }

  async #write(next: Pinned): Promise<void> {
    await this.#store.write(this.#name, encodePinned(next));
    this.#pinned = next;
  }
}

const EVIDENCE = "evidence/";

/** What a store has kept against logs: to be handed to anybody, who checks it with `verifyEvidence`. */
export async function keptEvidence(
  store: KeyStore,
): Promise<Result<readonly Bytes[], StoreDamaged>> {
  const kept: Bytes[] = [];
  for (const name of await store.list(EVIDENCE)) {
    const read = await store.read(name);
    if (!read.ok) return read;
    if (read.value !== undefined) kept.push(read.value);
  }
  return ok(kept);
}

function encodePinned({ id, key, checkpoint, own }: Pinned): Bytes {
  const parts: Uint8Array[] = [sized(utf8(id)), key, sized(checkpoint)];
  for (const [name, pin] of [...own].sort()) {
    const handle = fromHex(name);
    if (!handle.ok) continue;
    const { salt, leaves, index, links, scanned, frontier } = pin;
    const numbers = [leaves, index, links, scanned, frontier.length];
    parts.push(
      handle.value,
      salt,
      ...numbers.map((it) => beInteger(it, NUMBER_BYTES)),
      ...frontier,
    );
  }
  return concat(...parts);
}

function sized(bytes: Uint8Array): Bytes {
  return concat(beInteger(bytes.length, NUMBER_BYTES), bytes);
}

/** Nothing when it is not what was written. */
function parsePinned(bytes: Bytes): Pinned | undefined {
  let at = 0;
  const take = (size: number): Bytes => {
    at += size;
    return bytes.slice(at - size, at);
  };
  const number = (): number => readBeInteger(take(NUMBER_BYTES));
  const hash = (): Bytes => take(HASH_BYTES);
  if (bytes.length < 2 * NUMBER_BYTES + HASH_BYTES) return undefined;
  const id = new TextDecoder().decode(take(number()));
  const key = hash();
  const checkpoint = take(number());
  const own = new Map<string, OwnPin>();
  while (at < bytes.length) {
    const [name, salt] = [toHex(hash()), hash()];
    const [leaves, index, links, scanned, count] = [
      number(),
      number(),
      number(),
      number(),
      number(),
    ];
    if (at + count * HASH_BYTES > bytes.length) return undefined;
    const frontier = Array.from({ length: count }, () => Digest.of(hash()));
    own.set(name, { salt, leaves, index, links, scanned, frontier });
  }
  const whole = at === bytes.length && key.length === HASH_BYTES;
  return whole ? { id, key: VerifyKey.of(key), checkpoint, own } : undefined;
}
