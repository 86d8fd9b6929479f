import { readdirSync, readFileSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { assert, type Bytes, concat, fail, ok, type Result } from "@salus/base";
import { makeFolder } from "@salus/base/node";
import { type Key, openStored, sealStored } from "@salus/crypto";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { flushDirectory, writeAtomically } from "./atomic.ts";
import { ifPresent } from "./present.ts";

const NAME = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;
const CLEAR = 0;
const SEALED = 1;

/**
 * A store in the files of one directory.
 *
 * Only what waits for the disk gives way to other work: for a small file the steps in between take
 * microseconds, less than handing them to another thread.
 *
 * Takes:   `key`, the home's, under which every file is sealed, or none for a home in the clear.
 * Leaks:   to whoever reads the files: their names, sizes and times; without a key, everything.
 */
export function fileStore(directory: string, key: Key<"home"> | undefined): KeyStore {
  const pathOf = (name: string): string => {
    assert(NAME.test(name), "a stored name is words joined by slashes");
    return join(directory, name);
  };
  /** Folders that are known to be there. */
  const folders = new Set<string>();
  return {
    read: async (name) => {
      const path = pathOf(name);
      const stored = ifPresent(() => readFileSync(path));
      return stored === undefined ? ok(undefined) : decode(name, stored, key);
    },
    write: async (name, bytes) => {
      const path = pathOf(name);
      const folder = dirname(path);
      if (!folders.has(folder)) {
        const made = makeFolder(folder);
        if (made !== undefined) await flushDirectory(dirname(made));
        folders.add(folder);
      }
      await writeAtomically(path, encode(name, bytes, key));
    },
    remove: async (name) => {
      const path = pathOf(name);
      ifPresent(() => unlinkSync(path));
    },
    list: async (prefix) => {
      // Only the folder that the prefix leads into: a source has one for each of its vaults.
      const folder = join(directory, prefix.slice(0, prefix.lastIndexOf("/") + 1));
      const options = { recursive: true, withFileTypes: true } as const;
      const entries = ifPresent(() => readdirSync(folder, options)) ?? [];
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
        .filter((name) => NAME.test(name) && name.startsWith(prefix))
        .sort();
    },
  };
}

/** `u8 0 ‖ bytes` in the clear, else `u8 1 ‖ sealed`. Source: spec/keys.md §5. */
export function encode(name: string, bytes: Uint8Array, key: Key<"home"> | undefined): Bytes {
  return key === undefined
    ? concat(Uint8Array.of(CLEAR), bytes)
    : concat(Uint8Array.of(SEALED), sealStored(key, name, bytes));
}

/** The bytes that `encode` was given under this name and key. Fails: `store-damaged`. */
export function decode(
  name: string,
  stored: Uint8Array,
  key: Key<"home"> | undefined,
): Result<Bytes, StoreDamaged> {
  const kind = key === undefined ? CLEAR : SEALED;
  if (stored[0] !== kind) return fail({ kind: "store-damaged", name });
  const body = Uint8Array.from(stored.subarray(1));
  const secret = key === undefined ? body : openStored(key, name, body);
  return secret === undefined ? fail({ kind: "store-damaged", name }) : ok(secret);
}
