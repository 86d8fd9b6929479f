import { assert, type Bytes, fail, ok, type Result, toHex, utf8 } from "@salus/base";
import { type Key, openStored, sealStored } from "@salus/crypto";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { freshBytes } from "../random.ts";
import { type Database, DURABLE, entriesOf } from "./database.ts";

const NAME = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;
const ENTRY_BYTES = 16;
const BOTH = ["names", "values"] as const;

/**
 * The store of a home in the browser's database.
 *
 * Every value is sealed under its name, and every name under the number of its entry, which is drawn:
 * whoever reads the disk sees neither. One tab owns a home, so the names are kept in memory.
 *
 * Takes:   `key`, the home's.
 * Leaks:   to whoever reads the disk: how many entries there are, and their sizes.
 * Fails:   `store-damaged`: a name does not open, or stands there twice.
 */
export async function browserStore(
  database: Database,
  home: string,
  key: Key<"home">,
): Promise<Result<KeyStore, StoreDamaged>> {
  const read = await readNames(database, home, key);
  if (!read.ok) return read;
  const entries = read.value;
  return ok({
    read: async (name) => {
      assert(NAME.test(name), "a stored name is words joined by slashes");
      const entry = entries.get(name);
      if (entry === undefined) return ok(undefined);
      const sealed = await database.get("values", [home, entry]);
      const value = sealed && openStored(key, name, sealed);
      return value === undefined ? fail({ kind: "store-damaged", name }) : ok(value);
    },
    write: async (name, bytes) => {
      assert(NAME.test(name), "a stored name is words joined by slashes");
      const known = entries.get(name);
      const entry = known ?? toHex(freshBytes(ENTRY_BYTES));
      const value = sealStored(key, name, bytes);
      // Before anything is waited for: two who write one new name at once must mean one entry.
      entries.set(name, entry);
      const sealedName =
        known === undefined ? sealStored(key, nameOf(entry), utf8(name)) : undefined;
      try {
        await put(database, [home, entry], value, sealedName);
      } catch (error) {
        if (known === undefined) entries.delete(name);
        throw error;
      }
    },
    remove: async (name) => {
      const entry = entries.get(name);
      if (entry === undefined) return;
      entries.delete(name);
      const removing = database.transaction(BOTH, "readwrite", DURABLE);
      await Promise.all([
        ...BOTH.map((store) => removing.objectStore(store).delete([home, entry])),
        removing.done,
      ]);
    },
    list: async (prefix) => [...entries.keys()].filter((name) => name.startsWith(prefix)).sort(),
  });
}

/** One transaction: after a crash both are there or neither. */
async function put(
  database: Database,
  at: [home: string, entry: string],
  value: Bytes,
  name: Bytes | undefined,
): Promise<void> {
  const writing = database.transaction(BOTH, "readwrite", DURABLE);
  const puts = [writing.objectStore("values").put(value, at)];
  if (name !== undefined) puts.push(writing.objectStore("names").put(name, at));
  await Promise.all([...puts, writing.done]);
}

async function readNames(
  database: Database,
  home: string,
  key: Key<"home">,
): Promise<Result<Map<string, string>, StoreDamaged>> {
  const names = new Map<string, string>();
  const reading = database.transaction("names", "readonly");
  const [ids, sealed] = await Promise.all([
    reading.store.getAllKeys(entriesOf(home)),
    reading.store.getAll(entriesOf(home)),
  ]);
  for (const [at, [, entry]] of ids.entries()) {
    const name = decodeName(key, entry, sealed[at]);
    if (name === undefined || names.has(name)) return fail({ kind: "store-damaged", name: entry });
    names.set(name, entry);
  }
  return ok(names);
}

function decodeName(
  key: Key<"home">,
  entry: string,
  sealed: Bytes | undefined,
): string | undefined {
  const bytes = sealed && openStored(key, nameOf(entry), sealed);
  return bytes && new TextDecoder().decode(bytes);
}

/** No name that something is kept under has a colon. */
function nameOf(entry: string): string {
  return `name:${entry}`;
}
