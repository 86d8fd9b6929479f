import { type Bytes, ok, type Result } from "@salus/base";

/** A stored file does not open under the store's own key, or is not what was written. */
export interface StoreDamaged {
  readonly kind: "store-damaged";
  readonly name: string;
}

/**
 * Where an identity keeps its secrets, what it has pinned, and what it has not yet delivered.
 *
 * Names are words of `a-z0-9-` joined by `/`, such as `outbox/4f…`. A write is atomic and durable
 * when it returns: after a crash the old bytes are there or the new ones, never a mixture. One
 * process at a time owns a store. A full disk or a missing right is thrown: nobody here can act on it.
 */
export interface KeyStore {
  /**
   * Gives:   the bytes last written under this name, or nothing.
   * Fails:   `store-damaged`: never answered as nothing, for a lost pin would hide a rollback.
   */
  read(name: string): Promise<Result<Bytes | undefined, StoreDamaged>>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Remove what is there; nothing there is as good. */
  remove(name: string): Promise<void>;
  /** Gives:   the names that begin with `prefix`, in order. */
  list(prefix: string): Promise<readonly string[]>;
}

/** A store that lasts as long as the process: for tests, and for a browser tab that keeps nothing. */
export function memoryKeyStore(): KeyStore {
  const entries = new Map<string, Bytes>();
  return {
    read: async (name) => ok(entries.get(name)?.slice()),
    write: async (name, bytes) => {
      entries.set(name, Uint8Array.from(bytes));
    },
    remove: async (name) => {
      entries.delete(name);
    },
    list: async (prefix) => [...entries.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}
