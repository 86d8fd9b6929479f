import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail, ok, type Result } from "@salus/base";
import { ifPresent } from "./present.ts";

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
 * processes that race gets it; and a dead lock is taken away only by who holds the lock on that.
 *
 * Gives:   how to let go.
 */
export function lockDirectory(path: string): Result<() => void, HomeLocked> {
  const directory = resolve(path);
  if (held.has(directory)) return fail({ kind: "home-locked", process: process.pid });
  const taken = takeLock(directory);
  if (!taken.ok) return taken;
  held.add(directory);
  return ok(() => {
    ifPresent(() => unlinkSync(join(directory, "lock")));
    held.delete(directory);
  });
}

function takeLock(directory: string): Result<void, HomeLocked> {
  const mine = join(directory, `lock.${process.pid}`);
  writeFileSync(mine, `${process.pid} ${STARTED}\n`, { mode: 0o600 });
  try {
    return take(mine, join(directory, "lock"));
  } finally {
    unlinkSync(mine);
  }
}

function take(mine: string, lock: string): Result<void, HomeLocked> {
  for (;;) {
    if (linked(mine, lock)) return ok(undefined);
    const owner = ownerOf(lock);
    if (owner !== undefined) return fail({ kind: "home-locked", process: owner });
    const cleared = clear(mine, lock);
    if (!cleared.ok) return cleared;
  }
}

/**
 * Take a dead lock away. Between seeing that it is dead and taking it away, another could have done so
 * and put a live one there: so that is done by one at a time, who looks again.
 */
function clear(mine: string, lock: string): Result<void, HomeLocked> {
  const guard = `${lock}.clearing`;
  const guarding = take(mine, guard);
  if (!guarding.ok) return guarding;
  try {
    if (ownerOf(lock) === undefined) ifPresent(() => unlinkSync(lock));
    return ok(undefined);
  } finally {
    unlinkSync(guard);
  }
}

/** The live process that holds a lock, if there is one. */
function ownerOf(lock: string): number | undefined {
  const text = ifPresent(() => readFileSync(lock, "utf8")) ?? "";
  const [pid, start] = text.trim().split(" ");
  const owner = Number(pid);
  if (!Number.isSafeInteger(owner) || owner <= 0 || owner === process.pid) return undefined;
  return isAlive(owner) && startOf(owner) === start ? owner : undefined;
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
function startOf(pid: number): string {
  const stat = ifPresent(() => readFileSync(`/proc/${pid}/stat`, "utf8")) ?? "";
  // The name in parentheses may hold spaces; the start is the 20th field after it (proc(5)).
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "unknown";
}

const STARTED = startOf(process.pid);

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
