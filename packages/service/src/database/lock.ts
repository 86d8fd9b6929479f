import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartFailure } from "../start-failure.ts";

/** An owner that is just ending, or being killed, is waited for. */
const PATIENCE_MS = 3000;

/**
 * Take a data folder for this process, so that no second one starts a server on the same files.
 *
 * The lock is a file that names its owner. `link` makes it whole or not at all. A lock whose owner is
 * gone is moved aside before it is judged for good, so that two newcomers cannot both remove it.
 *
 * Gives:   what releases the lock.
 * Fails:   `data-folder-in-use`.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const lock = join(folder, "lock");
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  const draft = join(folder, `lock.${process.pid}`);
  writeFileSync(draft, mine, { mode: 0o600 });
  const deadline = Date.now() + PATIENCE_MS;
  try {
    while (!claim(draft, lock)) {
      const theirs = read(lock);
      if (theirs === undefined) continue;
      if (!isAlive(theirs)) setAside(folder, lock, theirs);
      else if (Date.now() > deadline) throw inUse(folder, theirs);
      else await sleep(20);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (read(lock) === mine) rmSync(lock, { force: true });
  };
}

function claim(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function setAside(folder: string, lock: string, judged: string): void {
  const aside = join(folder, `lock.stale.${process.pid}`);
  try {
    renameSync(lock, aside);
  } catch {
    return; // Somebody else was quicker.
  }
  // Between reading and moving, another process may have replaced the stale lock by its own.
  if (read(aside) !== judged) claim(aside, lock);
  rmSync(aside, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function inUse(folder: string, owner: string): StartFailure {
  const pid = owner.split(" ")[0];
  return new StartFailure("data-folder-in-use", `${folder} is in use by process ${pid}`);
}

function isAlive(owner: string): boolean {
  const [pid = "", started = ""] = owner.trim().split(" ");
  if (!isRunning(Number(pid))) return false;
  // Process numbers are used again, soon in a container: the start time tells them apart.
  return startOf(Number(pid)) === started;
}

/** Whether a process of this number runs, ours or not. One that has ended and waits for its parent does not. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || fieldsOf(pid)[0] === "Z") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in ticks since boot; `0` where the system does not tell. */
function startOf(pid: number): string {
  return fieldsOf(pid)[19] ?? "0";
}

/**
 * What the system tells of a process, from its state on: field 3 of proc(5). The field before is a
 * name in parentheses, which may itself hold spaces.
 */
function fieldsOf(pid: number): readonly string[] {
  const stat = read(`/proc/${pid}/stat`) ?? "";
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
