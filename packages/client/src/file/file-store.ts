import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assert, type Bytes, concat, fail, ok, type Result, utf8 } from "@salus/base";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { flushDirectory, writeAtomically } from "./atomic.ts";

const NAME = /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/;
const CLEAR = 0;
const SEALED = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A store in the files of one directory.
 *
 * Takes:   `key`, 32 bytes under which every file is sealed, or none for a home in the clear.
 * Leaks:   to whoever reads the files: their names, sizes and times; without a key, everything.
 */
export function fileStore(directory: string, key: Uint8Array | undefined): KeyStore {
  const pathOf = (name: string): string => {
    assert(NAME.test(name), "a stored name is words joined by slashes");
    return join(directory, name);
  };
  return {
    read: async (name) => {
      const stored = await readFile(pathOf(name)).catch(missing);
      return stored === undefined ? ok(undefined) : decode(name, stored, key);
    },
    write: async (name, bytes) => {
      const path = pathOf(name);
      const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      if (made !== undefined) await flushDirectory(dirname(made));
      await writeAtomically(path, encode(name, bytes, key));
    },
    remove: async (name) => {
      await rm(pathOf(name), { force: true });
    },
    list: async (prefix) => {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
        .filter((name) => NAME.test(name) && name.startsWith(prefix))
        .sort();
    },
  };
}

/** `u8 0 ‖ bytes`, or `u8 1 ‖ nonce ‖ AES-256-GCM(key, nonce, bytes, aad = name)`. */
export function encode(name: string, bytes: Uint8Array, key: Uint8Array | undefined): Bytes {
  if (key === undefined) return concat(Uint8Array.of(CLEAR), bytes);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(utf8(name));
  const sealed = concat(cipher.update(bytes), cipher.final());
  return concat(Uint8Array.of(SEALED), nonce, sealed, cipher.getAuthTag());
}

/** The bytes that `encode` was given under this name and key. Fails: `store-damaged`. */
export function decode(
  name: string,
  stored: Uint8Array,
  key: Uint8Array | undefined,
): Result<Bytes, StoreDamaged> {
  if (stored[0] === CLEAR && key === undefined) return ok(Uint8Array.from(stored.subarray(1)));
  if (stored[0] !== SEALED || key === undefined || stored.length < 1 + NONCE_BYTES + TAG_BYTES) {
    return fail({ kind: "store-damaged", name });
  }
  const nonce = stored.subarray(1, 1 + NONCE_BYTES);
  const cipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(utf8(name)).setAuthTag(stored.subarray(stored.length - TAG_BYTES));
  try {
    const body = stored.subarray(1 + NONCE_BYTES, stored.length - TAG_BYTES);
    return ok(concat(cipher.update(body), cipher.final()));
  } catch {
    return fail({ kind: "store-damaged", name });
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
