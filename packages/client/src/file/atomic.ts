import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ifPresent } from "./present.ts";

/** The one step that waits for the disk: the others take microseconds, less than a turn of a thread. */
const flush: (file: number) => Promise<void> = promisify(fsync);

/**
 * Put bytes under a name so that a crash leaves the old file or the new one, and a return means that
 * the new one survives a loss of power: write beside, flush, rename, flush the directory.
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = openSync(beside, "wx", 0o600);
    try {
      writeFileSync(file, bytes);
      await flush(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  await flushDirectory(dirname(path));
}

/** The name that `writeAtomically` gives to what it has not finished. */
const DRAFT = /\.[0-9a-f]{12}\.tmp$/;

/**
 * Remove what writers left half written that were killed before they gave it its name.
 *
 * Takes:   a folder that nobody else writes into now.
 */
export function sweepDrafts(folder: string, { recursive }: { readonly recursive: boolean }): void {
  const entries = ifPresent(() => readdirSync(folder, { recursive, withFileTypes: true })) ?? [];
  for (const entry of entries) {
    if (!entry.isFile() || !DRAFT.test(entry.name)) continue;
    ifPresent(() => unlinkSync(join(entry.parentPath, entry.name)));
  }
}

/** Make the names in a directory durable. */
export async function flushDirectory(path: string): Promise<void> {
  const directory = openSync(path, "r");
  try {
    await flush(directory);
  } finally {
    closeSync(directory);
  }
}
