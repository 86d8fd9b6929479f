import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Pattern } from "./encodings.ts";
import { finderOf } from "./finder.ts";

/** Something that should not be where it was found, or, for a control, something that should. */
export interface Hit {
  readonly secret: string;
  readonly encoding: string;
  readonly place: string;
}

/** How many bytes were looked at, and what was found in them. */
export interface Sweep {
  readonly bytes: number;
  readonly hits: readonly Hit[];
}

const CHUNK_BYTES = 8 * 1024 * 1024;

/** Look for patterns in bytes that come in chunks; one that lies across two chunks is found too. */
export function sweepChunks(
  chunks: Iterable<Buffer>,
  place: string,
  patterns: readonly Pattern[],
): Sweep {
  const overlap = Math.max(...patterns.map(({ bytes }) => bytes.length)) - 1;
  const find = finderOf(patterns);
  const found = new Map<string, Hit>();
  let tail: Buffer = Buffer.alloc(0);
  let total = 0;
  for (const chunk of chunks) {
    total += chunk.length;
    const window = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    find(window, ({ secret, encoding }) => {
      found.set(`${encoding} ${secret}`, { secret, encoding, place });
    });
    // A copy: the next chunk may come in the same buffer.
    tail = Buffer.from(window.subarray(Math.max(0, window.length - overlap)));
  }
  return { bytes: total, hits: [...found.values()] };
}

/** Look for patterns in bytes that are at hand. */
export const sweepBytes = (bytes: Buffer, place: string, patterns: readonly Pattern[]): Sweep =>
  sweepChunks([bytes], place, patterns);

/** Look for patterns in every file below a folder. */
export function sweepFolder(folder: string, patterns: readonly Pattern[]): Sweep {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return joined(files.map((file) => sweepChunks(fileChunks(file), file, patterns)));
}

/**
 * Look for patterns in the memory of running processes: all that they can write to, so their heaps,
 * stacks and shared memory, read through /proc while each is stopped.
 */
export function sweepProcesses(pids: readonly number[], patterns: readonly Pattern[]): Sweep {
  const shared = new Set<string>();
  return joined(pids.map((pid) => sweepProcess(pid, patterns, shared)));
}

function sweepProcess(pid: number, patterns: readonly Pattern[], shared: Set<string>): Sweep {
  if (!stop(pid)) return { bytes: 0, hits: [] };
  try {
    const memory = openSync(`/proc/${pid}/mem`, "r");
    try {
      const regions = regionsOf(pid).filter((region) => {
        const known = shared.has(region.shared);
        if (region.shared !== "") shared.add(region.shared);
        return !known;
      });
      return joined(
        regions.map((region) =>
          sweepChunks(memoryChunks(memory, region), `memory of ${pid}, ${region.name}`, patterns),
        ),
      );
    } finally {
      closeSync(memory);
    }
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

/** Gives: whether there is such a process; a worker of the database may have ended by itself. */
function stop(pid: number): boolean {
  try {
    return process.kill(pid, "SIGSTOP");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Processes below a process, itself included: the postmaster and its backends. */
export function processTree(root: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = parentOf(Number(name));
      return parent === undefined ? [] : [[Number(name), parent] as const];
    });
  const tree = [root];
  for (const pid of tree) {
    tree.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  }
  return tree;
}

export const joined = (sweeps: readonly Sweep[]): Sweep => ({
  bytes: sweeps.reduce((sum, { bytes }) => sum + bytes, 0),
  hits: sweeps.flatMap(({ hits }) => hits),
});

interface Region {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  /** What names memory that several processes share; empty for a process's own. */
  readonly shared: string;
}

function regionsOf(pid: number): Region[] {
  return readFileSync(`/proc/${pid}/maps`, "utf8")
    .split("\n")
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw.(.) (\S+ \S+ \d+)\s*(.*)$/.exec(line);
      if (match === null) return [];
      const [, from = "", to = "", how, place = "", name = ""] = match;
      const shared = how === "s" ? place : "";
      return [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16), name, shared }];
    });
}

/** What chunks are read into, one after the other: to clear as much for each took longer than to look. */
const CHUNK = Buffer.alloc(CHUNK_BYTES);

function* memoryChunks(memory: number, region: Region): Generator<Buffer> {
  for (let at = region.from; at < region.to; at += CHUNK_BYTES) {
    const chunk = CHUNK.subarray(0, region.to - at);
    let size = 0;
    try {
      size = readSync(memory, chunk, 0, chunk.length, at);
    } catch {
      continue; // A page of a device, or one that went away: not memory of the program.
    }
    if (!isZero(chunk.subarray(0, size))) yield chunk.subarray(0, size);
  }
}

const ZEROS = Buffer.alloc(CHUNK_BYTES);
const isZero = (chunk: Buffer): boolean => chunk.compare(ZEROS, 0, chunk.length) === 0;

function* fileChunks(path: string): Generator<Buffer> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const file = openSync(path, "r");
  try {
    for (;;) {
      const read = readSync(file, CHUNK);
      if (read === 0) return;
      yield CHUNK.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
