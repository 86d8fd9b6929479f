import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";

/** Where Linux keeps files in memory, for everybody. */
const MEMORY = "/dev/shm";
/** What all tests that run at the same time need, several times over. */
const NEEDED_BYTES = 4 * 2 ** 30;

/**
 * Have tests keep their temporary folders in memory, where a machine has room: they make some hundreds
 * of databases and remove them, and a third of a second of the processor went into each on a disk.
 * A killed process leaves the same behind in both. `npm run durability` runs on the disk.
 *
 * Gives:   what removes the folder, with what killed tests left in it.
 */
export default function keepInMemory(): () => void {
  if (!existsSync(MEMORY)) return () => undefined;
  const { bavail, bsize } = statfsSync(MEMORY);
  if (bavail * bsize < NEEDED_BYTES) return () => undefined;
  const folder = mkdtempSync(`${MEMORY}/salus-tests-`);
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
