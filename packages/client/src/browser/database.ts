import type { Bytes } from "@salus/base";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { StoredHome } from "./description.ts";

/** Where the browser keeps homes: what they are opened with, and what they keep, sealed. */
interface Schema extends DBSchema {
  homes: { key: string; value: StoredHome };
  /** Sealed names, by home and entry. */
  names: { key: [home: string, entry: string]; value: Bytes };
  /** Sealed values, by the same. */
  values: { key: [home: string, entry: string]; value: Bytes };
}

export type Database = IDBPDatabase<Schema>;

const NAME = "salus";
const VERSION = 1;

/** What a write waits for: that the bytes are on the disk, and not only with the system. */
export const DURABLE: IDBTransactionOptions = { durability: "strict" };

let opening: Promise<Database> | undefined;

/** The database of this origin: one connection for all who use it here. */
export function openDatabase(): Promise<Database> {
  opening ??= openDB<Schema>(NAME, VERSION, {
    upgrade: (database) => {
      database.createObjectStore("homes", { keyPath: "id" });
      database.createObjectStore("names");
      database.createObjectStore("values");
    },
    // Another tab has a newer program: it must not wait for this one.
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
    terminated: () => {
      opening = undefined;
    },
  });
  return opening;
}

/** Every entry of one home: arrays sort behind texts. */
export function entriesOf(home: string): IDBKeyRange {
  return IDBKeyRange.bound([home], [home, []]);
}

/** Remove a home from the database: what opens it, and what it kept, at once. */
export async function eraseHome(database: Database, id: string): Promise<void> {
  const all = ["homes", "names", "values"] as const;
  const erasing = database.transaction(all, "readwrite", DURABLE);
  await Promise.all([
    erasing.objectStore("homes").delete(id),
    erasing.objectStore("names").delete(entriesOf(id)),
    erasing.objectStore("values").delete(entriesOf(id)),
    erasing.done,
  ]);
}
