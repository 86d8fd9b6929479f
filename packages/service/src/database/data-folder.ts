import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { makeFolder } from "@salus/base/node";
import { StartFailure } from "../start-failure.ts";
import { canRead, type SystemUser } from "./system-user.ts";

/**
 * Make sure that a folder is there, is ours, and is closed to others.
 *
 * Takes:   `service`, the name of whose it is.
 * Fails:   `data-folder-foreign` when it holds something that no such service put there;
 *          `data-folder-unusable` when it cannot be made.
 */
export function openFolder(folder: string, service: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartFailure("data-folder-unusable", `${folder} cannot be made: ${code}`);
  }
  const marker = join(folder, `salus-${service}`);
  if (!existsSync(marker)) {
    if (readdirSync(folder).length > 0) {
      throw new StartFailure("data-folder-foreign", `${folder} holds files of something else`);
    }
    writeFileSync(marker, `Data of a Salus ${service}. One process at a time.\n`, { mode: 0o600 });
  }
  chmodSync(folder, 0o700);
}

/** Folders that are handed to a child process, open. */
export interface OpenFolders {
  /** What the child's `stdio` has after its first four. */
  readonly descriptors: readonly number[];
  /** The path by which the child reaches each. */
  readonly paths: readonly string[];
  close(): void;
}

/** Standard input, output and error, and the watcher's pipe. */
const FIRST = 4;

/**
 * Open folders so that another user's process reaches them, wherever they are.
 *
 * A server that runs as another user than we do cannot get into a folder below one that is closed to
 * it, such as `/root`. We can, and hand it the open folder: `/proc/self/fd` leads there without
 * asking at the folders on the way. So the data stays where it was asked for, and nobody's rights
 * are widened.
 *
 * Fails:   `no-system-user` on a system without `/proc` where the folders cannot be reached.
 */
export function openFolders(folders: readonly string[], user: SystemUser | undefined): OpenFolders {
  if (user === undefined) {
    return { descriptors: [], paths: folders, close: () => undefined };
  }
  if (process.platform !== "linux") {
    if (folders.every((folder) => canRead(user, folder))) return openFolders(folders, undefined);
    throw new StartFailure("no-system-user", "the database's user cannot reach its data folder");
  }
  const descriptors = folders.map((folder) => openSync(folder, "r"));
  return {
    descriptors,
    paths: descriptors.map((_, at) => `/proc/self/fd/${FIRST + at}`),
    close: () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
}

/** Where programs are copied that the server's user could not reach. */
const PROGRAMS = "/var/lib/salus";

/**
 * The folder of PostgreSQL's programs, where the server's user can reach it: as it is, else a copy.
 * A program must be found by its own path, so that an open folder does not help here.
 */
export function reachableRoot(root: string, major: number, user: SystemUser | undefined): string {
  if (user === undefined || canRead(user, join(root, "bin", "postgres"))) return root;
  const copy = join(PROGRAMS, `postgresql-${major}`);
  if (!existsSync(copy)) {
    mkdirSync(PROGRAMS, { recursive: true, mode: 0o755 });
    const draft = `${copy}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(root, draft, { recursive: true, verbatimSymlinks: true });
    putInPlace(draft, copy);
  }
  return copy;
}

/** Two servers that start for the first time may both have made a copy: either will do. */
function putInPlace(draft: string, copy: string): void {
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}
