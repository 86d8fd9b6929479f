import { randomBytes } from "node:crypto";
import { closeSync, fsync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";

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

/** Make the names in a directory durable. */
export async function flushDirectory(path: string): Promise<void> {
  const directory = openSync(path, "r");
  try {
    await flush(directory);
  } finally {
    closeSync(directory);
  }
}
