import { type Bytes, fail, ok, type Result, toHex } from "@salus/base";
import { drawKey, type Key } from "@salus/crypto";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { freshBytes } from "../random.ts";
import { type Database, DURABLE, eraseHome, openDatabase } from "./database.ts";
import { checkStored, type HomeDamaged, type StoredHome, type StoredWay } from "./description.ts";
import { type HomeElsewhere, lockHome } from "./lock.ts";
import { browserStore } from "./store.ts";
import { type HomePasskey, type HomeUnlock, openWays, passkeyWay, passwordWay } from "./ways.ts";

/** Why a home of this browser does not open. */
export type BrowserHomeError =
  | HomeElsewhere
  | HomeDamaged
  | StoreDamaged
  | { readonly kind: "home-missing" }
  /** Neither a password nor a passkey of it. */
  | { readonly kind: "home-unopened" };

/** What a home is begun with. */
export interface NewHome {
  /** What the person calls it, in the clear; empty if she would rather not. */
  readonly label: string;
  readonly password: string;
  /** Whether others use this computer too. */
  readonly shared: boolean;
}

const HOME_ID_BYTES = 16;

/**
 * Somebody's home in this browser, open in this tab and in no other: her keys, and all else that a
 * device keeps, sealed under a key that her password or a passkey of hers opens.
 *
 * A password that is changed no longer opens it; an old copy of the disk still opens with the old one.
 */
export class BrowserHome {
  readonly id: string;
  readonly store: KeyStore;
  readonly #database: Database;
  readonly #key: Key<"home">;
  readonly #release: () => void;
  #stored: StoredHome;

  constructor(parts: Parts, store: KeyStore) {
    this.id = parts.stored.id;
    this.store = store;
    this.#database = parts.database;
    this.#key = parts.key;
    this.#release = parts.release;
    this.#stored = parts.stored;
  }

  /**
   * Begin a home. It is not listed before `admit`, and destroyed if nobody holds it.
   *
   * Cost:    one Argon2id.
   */
  static async create({ label, password, shared }: NewHome): Promise<BrowserHome> {
    const database = await openDatabase();
    const id = toHex(freshBytes(HOME_ID_BYTES));
    const key = drawKey("home");
    const ways = [await passwordWay(password, key)];
    const used = Date.now();
    const format = "salus-browser-home-v1";
    const stored: StoredHome = { format, id, label, shared, ready: false, used, ways };
    const locked = await lockHome(id);
    const store = await browserStore(database, id, key);
    if (!locked.ok || !store.ok) throw new Error("bug: a home that was just drawn is nobody's");
    await database.add("homes", stored);
    return new BrowserHome({ database, key, stored, release: locked.value }, store.value);
  }

  /**
   * Open a home. Nothing is asked of anybody: it opens without a network.
   *
   * Fails:   any `BrowserHomeError`.
   * Cost:    for a password, one Argon2id.
   */
  static async open(
    id: string,
    unlock: HomeUnlock,
  ): Promise<Result<BrowserHome, BrowserHomeError>> {
    const database = await openDatabase();
    const locked = await lockHome(id);
    if (!locked.ok) return locked;
    const release = locked.value;
    const opened = await openLocked(database, id, unlock, release);
    if (!opened.ok) release();
    return opened;
  }

  get label(): string {
    return this.#stored.label;
  }

  get shared(): boolean {
    return this.#stored.shared;
  }

  /** The ids of the passkeys that open it, base64url. */
  get passkeys(): readonly string[] {
    return this.#stored.ways.flatMap((way) => (way.kind === "passkey" ? [way.credential] : []));
  }

  /** Somebody has signed in with it: from now on it is listed. */
  admit(): Promise<void> {
    return this.#change({ ready: true, used: Date.now() });
  }

  /** Call it something else. */
  rename(label: string): Promise<void> {
    return this.#change({ label });
  }

  /** Whether something opens it: what a person is asked for again. Cost: for a password, one Argon2id. */
  async opensWith(unlock: HomeUnlock): Promise<boolean> {
    return (await openWays(this.#stored.ways, unlock)) !== undefined;
  }

  /** Let another password open it, and the old one no more. Cost: one Argon2id. */
  async replacePassword(password: string): Promise<void> {
    const way = await passwordWay(password, this.#key);
    await this.#setWays([...this.#stored.ways.filter(({ kind }) => kind !== "password"), way]);
  }

  /** Let a passkey open it too, instead of what it was let before. */
  async addPasskey(passkey: HomePasskey): Promise<void> {
    const others = this.#without(passkey.credential);
    await this.#setWays([...others, passkeyWay(passkey, this.#key)]);
  }

  /** Let a passkey open it no more. */
  removePasskey(credential: string): Promise<void> {
    return this.#setWays(this.#without(credential));
  }

  /** Give it up for others to open. */
  close(): void {
    this.#release();
  }

  /** Remove all of it, for good. */
  async destroy(): Promise<void> {
    await eraseHome(this.#database, this.id);
    this.#release();
  }

  #without(credential: string): readonly StoredWay[] {
    return this.#stored.ways.filter(
      (way) => way.kind !== "passkey" || way.credential !== credential,
    );
  }

  #setWays(ways: readonly StoredWay[]): Promise<void> {
    return this.#change({ ways });
  }

  async #change(change: Partial<StoredHome>): Promise<void> {
    const stored = { ...this.#stored, ...change };
    await putHome(this.#database, stored);
    this.#stored = stored;
  }

  toJSON(): string {
    return "[home]";
  }
}

interface Parts {
  readonly database: Database;
  readonly key: Key<"home">;
  readonly stored: StoredHome;
  readonly release: () => void;
}

async function openLocked(
  database: Database,
  id: string,
  unlock: HomeUnlock,
  release: () => void,
): Promise<Result<BrowserHome, BrowserHomeError>> {
  const found = await database.get("homes", id);
  if (found === undefined) return fail({ kind: "home-missing" });
  const stored = checkStored(found);
  if (!stored.ok) return stored;
  const key = await openWays(stored.value.ways, unlock);
  if (key === undefined) return fail({ kind: "home-unopened" });
  const store = await browserStore(database, id, key);
  if (!store.ok) return store;
  const used = { ...stored.value, used: Date.now() };
  await putHome(database, used);
  return ok(new BrowserHome({ database, key, stored: used, release }, store.value));
}

async function putHome(database: Database, home: StoredHome): Promise<void> {
  const writing = database.transaction("homes", "readwrite", DURABLE);
  await Promise.all([writing.store.put(home), writing.done]);
}

/** What a passkey's `prf` is evaluated for: another one for each home. */
export function drawPrfSalt(): Bytes {
  return freshBytes(32);
}
