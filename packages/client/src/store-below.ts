import type { KeyStore } from "./key-store.ts";

/** A part of a store as a store of its own: its names begin with `folder/` in the whole. */
export function storeBelow(store: KeyStore, folder: string): KeyStore {
  const prefix = `${folder}/`;
  return {
    read: (name) => store.read(prefix + name),
    write: (name, bytes) => store.write(prefix + name, bytes),
    remove: (name) => store.remove(prefix + name),
    list: async (names) =>
      (await store.list(prefix + names)).map((name) => name.slice(prefix.length)),
  };
}
