import { closeSync, openSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartFailure } from "../start-failure.ts";
import { type Binaries, environmentOf } from "./binaries.ts";
import { openFolders } from "./data-folder.ts";
import { isRunning } from "./lock.ts";
import type { SystemUser } from "./system-user.ts";
import { spawnWatched, type WatchedChild } from "./watched.ts";

/** A running server. */
export interface Postmaster {
  readonly pid: number;
  /** Settles when the process has ended, however. */
  readonly ended: Promise<void>;
  /** Shut down: connections are cut, what was committed is on disk. */
  stop(): Promise<void>;
}

/**
 * What the server is told on every start, whatever its own configuration file says.
 *
 * It listens on a socket in a closed folder and nowhere else. Its log names no statement and no
 * value. Parallel queries are off: every query here is a narrow range, and their memory would come
 * from /dev/shm, which containers keep small.
 */
function settings(socket: string): Readonly<Record<string, string>> {
  return {
    listen_addresses: "",
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    max_connections: "48",
    fsync: "on",
    full_page_writes: "on",
    synchronous_commit: "on",
    shared_buffers: "256MB",
    max_wal_size: "1GB",
    checkpoint_timeout: "15min",
    autovacuum_naptime: "10s",
    max_parallel_workers_per_gather: "0",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_statement: "none",
    log_min_error_statement: "panic",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_checkpoints: "off",
  };
}

/** How long an immediate stop is put off. */
const STOP_MS = 60_000;

/** Start the server on its data, which no other server has. */
export function startPostmaster(site: {
  readonly binaries: Binaries;
  readonly data: string;
  readonly socket: string;
  readonly libraries: string;
  readonly log: string;
  readonly user: SystemUser | undefined;
}): Postmaster {
  const folders = openFolders([site.data, site.socket, site.libraries], site.user);
  const [data = "", socket = "", libraries = ""] = folders.paths;
  const flags = Object.entries(settings(socket)).map(([name, value]) => `-c${name}=${value}`);
  const program = join(site.binaries.root, "bin", "postgres");
  const log = openSync(site.log, "a", 0o600);
  const watched = spawnWatched([program, "-D", data, ...flags], {
    user: site.user,
    env: environmentOf(site.binaries, libraries),
    output: log,
    errors: log,
    folders,
  });
  closeSync(log);
  folders.close();
  const ended = watched.ended.then(() => undefined);
  return { pid: watched.child.pid ?? 0, ended, stop: () => stop(watched) };
}

/** The watcher asks first: it needs no number of a process, which may be another's by now. */
async function stop({ child, ended, end }: WatchedChild): Promise<void> {
  end();
  if (await settles(ended, 1000)) return;
  child.kill("SIGINT");
  if (await settles(ended, STOP_MS)) return;
  child.kill("SIGQUIT");
  await ended;
}

function settles(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return Promise.race([promise.then(() => true), sleep(ms, false, { ref: false })]);
}

/**
 * Shut down the server that an earlier process left behind, if there is one.
 *
 * We hold the folder's lock, so whatever server runs on this data has lost its owner. Its process
 * number is believed only when that process works in the data folder; else the number is another's
 * by now, and the file is removed, because the new server would believe it.
 */
export async function stopOrphan(data: string): Promise<void> {
  const file = join(data, "postmaster.pid");
  const pid = readPid(file);
  if (pid === undefined) return;
  if (!isRunning(pid)) return;
  if (!worksIn(pid, data)) {
    rmSync(file, { force: true });
    return;
  }
  const deadline = Date.now() + STOP_MS;
  process.kill(pid, "SIGINT");
  while (isRunning(pid) && worksIn(pid, data)) {
    if (Date.now() > deadline) {
      throw new StartFailure("postgres-failed", `an earlier server does not stop: process ${pid}`);
    }
    await sleep(20);
  }
}

function readPid(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10);
  } catch {
    return undefined;
  }
}

/** Whether a process's working folder is this one; where the system does not tell, believe so. */
function worksIn(pid: number, folder: string): boolean {
  if (process.platform !== "linux") return true;
  try {
    return realpathSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}
