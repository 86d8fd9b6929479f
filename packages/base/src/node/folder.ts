import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Nobody else looks into what keys and records stand in. */
const OWNER_ALONE = 0o700;

/**
 * Make a folder, for its owner alone, and those above it that are not there.
 *
 * It stands for `mkdir` with `recursive`, which in Node 20 never ends where the folder above is there
 * and none can be made in it: below `/proc`, say.
 *
 * Gives:   the first that was made; nothing when all were there.
 * Fails:   throws what the machine says: `EACCES`, `ENOENT`, `ENOTDIR`; `EEXIST` of what is no folder.
 */
export function makeFolder(path: string): string | undefined {
  try {
    return makeOne(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
  }
  const above = makeFolder(dirname(path));
  const made = makeOne(path);
  return above ?? made;
}

/** Make a folder in one that is there. Gives: nothing when somebody else has made it. */
function makeOne(path: string): string | undefined {
  try {
    mkdirSync(path, { mode: OWNER_ALONE });
    return path;
  } catch (error) {
    if (codeOf(error) !== "EEXIST" || !statSync(path).isDirectory()) throw error;
    return undefined;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
