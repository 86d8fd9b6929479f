import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fail, ok, type Result } from "@salus/base";

/** Another process is using the home. */
export interface HomeLocked {
  readonly kind: "home-locked";
  readonly process: number;
}

/** Homes that this process holds: two parts of one program must not share one either. */
const held = new Set<string>();

/**
 * Take a directory for this process, so that no two write one home.
 *
 * The lock names a process and when it started; one whose process is gone is taken over, so that a
 * `kill -9` needs no cleaning up. `link` fails when the name exists, so exactly one of several
 * processes that race gets it.
 *
 * Gives:   how to let go.
 */
export async function lockDirectory(
  path: string,
): Promise<Result<() => Promise<void>, HomeLocked>> {
  const directory = resolve(path);
  if (held.has(directory)) return fail({ kind: "home-locked", process: process.pid });
  held.add(directory);
  const taken = await takeLock(directory);
  if (!taken.ok) {
    held.delete(directory);
    return taken;
  }
  return ok(async () => {
    await rm(join(directory, "lock"), { force: true });
    held.delete(directory);
  });
}

async function takeLock(directory: string): Promise<Result<void, HomeLocked>> {
  const lock = join(directory, "lock");
  const mine = join(directory, `lock.${process.pid}`);
  await writeFile(mine, `${process.pid} ${await startOf(process.pid)}\n`, { mode: 0o600 });
  try {
    for (;;) {
      if (await linked(mine, lock)) return ok(undefined);
      const owner = await ownerOf(lock);
      if (owner !== undefined) return fail({ kind: "home-locked", process: owner });
      // Whoever renames the dead lock away goes on; for the others it is no longer there.
      await rename(lock, `${mine}.dead`).catch(ignoreMissing);
      await rm(`${mine}.dead`, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** The live process that holds a lock, if there is one. */
async function ownerOf(lock: string): Promise<number | undefined> {
  const text = await readFile(lock, "utf8").catch(() => "");
  const [pid, start] = text.trim().split(" ");
  const owner = Number(pid);
  if (!Number.isSafeInteger(owner) || owner <= 0 || owner === process.pid) return undefined;
  return isAlive(owner) && (await startOf(owner)) === start ? owner : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in the kernel's ticks: identifiers of processes are used again. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name in parentheses may hold spaces; the start is the 20th field after it (proc(5)).
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "unknown";
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
