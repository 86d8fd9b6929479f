import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { StartFailure } from "../start-failure.ts";
import { canRead, type SystemUser } from "./system-user.ts";

const MARKER = "salus-cloud";
/** Where a server that runs under another user keeps what it could not reach elsewhere. */
const REACHABLE = "/var/lib/salus";

/**
 * Make sure that a folder is there, is ours, and is closed to others.
 *
 * Fails:   `data-folder-foreign` when it holds something that no cloud put there.
 */
export function openFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const marker = join(folder, MARKER);
  if (!existsSync(marker)) {
    if (readdirSync(folder).length > 0) {
      throw new StartFailure("data-folder-foreign", `${folder} holds files of something else`);
    }
    writeFileSync(marker, "Data of a Salus cloud. One process at a time.\n", { mode: 0o600 });
  }
  chmodSync(folder, 0o700);
}

/**
 * The folder in which the server's files stand: the data folder itself, unless the server's user
 * cannot get there (a checkout below `/root`, say). Then it is a folder that this user can reach,
 * and a link in the data folder leads to it, so that removing the data folder starts afresh.
 */
export function serverFolder(folder: string, user: SystemUser | undefined): string {
  const link = join(folder, "server");
  if (user === undefined) return plain(link);
  if (existsSync(link)) return realpathSync(link);
  chownSync(folder, user.uid, user.gid);
  if (canRead(user, folder)) return owned(plain(link), user);
  mkdirSync(REACHABLE, { recursive: true, mode: 0o711 });
  const target = owned(plain(join(REACHABLE, randomBytes(8).toString("hex"))), user);
  symlinkSync(target, link);
  return target;
}

function plain(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

function owned(path: string, user: SystemUser): string {
  chownSync(path, user.uid, user.gid);
  return path;
}

/**
 * The folder of the programs, where the server's user can reach it: as it is, else a copy beside the
 * data.
 */
export function reachableRoot(root: string, server: string, user: SystemUser | undefined): string {
  if (user === undefined || canRead(user, join(root, "bin", "postgres"))) return root;
  const copy = join(server, "postgresql");
  if (!existsSync(copy)) {
    const draft = `${copy}.new`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(root, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, copy);
  }
  return copy;
}
