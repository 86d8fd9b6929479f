import type { Bytes } from "@salus/base";

/**
 * Where an identity keeps its secrets, what it has pinned, and what it has not yet delivered.
 *
 * Names are paths of lower-case words, `outbox/4f…`. A write is atomic and durable when it returns:
 * after a crash the old bytes are there or the new ones. One process at a time owns a store.
 */
export interface KeyStore {
  /** Gives:   the bytes last written under this name, or nothing. */
  read(name: string): Promise<Bytes | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Gives:   the names that begin with `prefix`, in order. */
  list(prefix: string): Promise<readonly string[]>;
}

/** A store that lasts as long as the process: for tests, and for a browser tab that keeps nothing. */
export function memoryKeyStore(): KeyStore {
  const entries = new Map<string, Bytes>();
  return {
    read: async (name) => entries.get(name)?.slice(),
    write: async (name, bytes) => {
      entries.set(name, Uint8Array.from(bytes));
    },
    remove: async (name) => {
      entries.delete(name);
    },
    list: async (prefix) => [...entries.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}
