import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const ROOT = join(import.meta.dirname, "..");
/** What a build reads; the two files change with every package that is installed. */
const INPUTS = [
  "apps",
  "packages",
  "tools",
  "package-lock.json",
  "node_modules/.package-lock.json",
];
/** None of these goes into a program. */
const LEFT_OUT = new Set(["node_modules", "dist", "test"]);
/** No build takes so long: whoever holds the lock is gone, and its number is another process's. */
const ABANDONED_MS = 600_000;
const POLL_MS = 100;

/**
 * Run a build where what it would make is not there already, and never two into one folder: every
 * `npm run salus` begins with it, and several of them run side by side.
 *
 * Takes:   `how`, its options: another way of building is another program.
 */
export async function buildOnce(out, how, build) {
  const mark = join(out, "built-from");
  const wanted = await digestOf(how);
  const isThere = async () => (await readFile(mark, "utf8").catch(() => "")) === wanted;
  if (await isThere()) return;
  await mkdir(out, { recursive: true });
  const lock = join(out, "building");
  while (!(await take(lock))) await wait(POLL_MS);
  try {
    if (await isThere()) return;
    await rm(mark, { force: true });
    await build();
    await writeFile(mark, wanted);
  } finally {
    await rm(lock, { force: true });
  }
}

/** Changes with every file that a build reads. */
async function digestOf(how) {
  const hash = createHash("sha256").update(JSON.stringify(how));
  for (const input of INPUTS) await add(hash, join(ROOT, input));
  return hash.digest("hex");
}

async function add(hash, path) {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    hash.update(`${relative(ROOT, path)} ${found.size} ${found.mtimeMs}\n`);
    return;
  }
  const names = (await readdir(path)).filter((name) => !LEFT_OUT.has(name)).sort();
  for (const name of names) await add(hash, join(path, name));
}

/** Whether the lock is ours. One whose process is gone, or that is too old, is taken away. */
async function take(lock) {
  try {
    const file = await open(lock, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const held = await stat(lock).catch(() => undefined);
  const holder = Number(await readFile(lock, "utf8").catch(() => ""));
  const old = held !== undefined && Date.now() - held.mtimeMs > ABANDONED_MS;
  if (old || (holder > 0 && !isAlive(holder))) await rm(lock, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
