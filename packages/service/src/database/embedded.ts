import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { StartFailure } from "../start-failure.ts";
import { type Binaries, environmentOf, findBinaries } from "./binaries.ts";
import { openFolder, openFolders, reachableRoot } from "./data-folder.ts";
import { lockFolder } from "./lock.ts";
import { type Postmaster, startPostmaster, stopOrphan } from "./postmaster.ts";
import { type SystemUser, serverUser } from "./system-user.ts";
import { spawnWatched } from "./watched.ts";

/** A PostgreSQL server of our own, with its data in a folder of ours. */
export interface EmbeddedServer {
  readonly connection: pg.ClientConfig;
  readonly major: number;
  /** The postmaster's process, which is another one after a crash. */
  pid(): number;
  stop(): Promise<void>;
}

/** What happens to a server by itself. After `server-lost` it is not started again. */
export type ServerEvent = "server-ended" | "server-restarted" | "server-lost";

const ROLE = "salus";
const DATABASE = "salus";
const PORT = 5432;
/** Socket addresses hold 103 bytes on the narrowest system; PostgreSQL adds its file's name. */
const SOCKET_PATH_MAX = 103 - "/.s.PGSQL.5432.lock".length;
/** Recovery after a crash may take minutes when the log is long. */
const RECOVERY_MS = 600_000;
const RESTARTS_MAX = 5;

/**
 * Start the embedded server, making its database at the first start.
 *
 * Whatever was committed before a crash, of this process or of the server, is there again. A server
 * that ends by itself is started again.
 *
 * Fails:   as a `StartFailure`.
 */
export async function startEmbedded(options: {
  /** Whose data is in the folder: another service's is refused. */
  readonly service: string;
  readonly folder: string;
  /** The `bin` folder of the PostgreSQL to use, instead of the one found. */
  readonly binaries?: string | undefined;
  readonly onEvent: (event: ServerEvent) => void;
}): Promise<EmbeddedServer> {
  const folder = resolve(options.folder);
  openFolder(folder, options.service);
  const release = await lockFolder(folder);
  try {
    const site = await prepare(folder, options.binaries);
    await stopOrphan(site.data);
    const running = await supervise(site, options.onEvent);
    return {
      connection: connectionTo(site, DATABASE),
      major: site.binaries.major,
      pid: running.pid,
      stop: async () => {
        await running.stop();
        rmSync(site.socket, { recursive: true, force: true });
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Everything that is known before the server runs. */
interface Site {
  readonly binaries: Binaries;
  readonly user: SystemUser | undefined;
  readonly data: string;
  readonly socket: string;
  readonly libraries: string;
  readonly log: string;
  readonly password: string;
}

async function prepare(folder: string, bin: string | undefined): Promise<Site> {
  const user = serverUser();
  const server = join(folder, "server");
  makeFor(server, user);
  const data = join(server, "postgres");
  const libraries = join(server, "libraries");
  const found = findBinaries({ folder: bin, major: majorOf(data), libraries });
  const root = reachableRoot(found.root, found.major, user);
  const binaries =
    root === found.root ? found : findBinaries({ folder: join(root, "bin"), libraries });
  const password = passwordIn(folder);
  const log = join(server, "postgres.log");
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const socket = socketFolder(server, user);
  const site = { binaries, user, data, socket, libraries, log, password };
  if (!existsSync(data)) await initialise(site);
  return site;
}

/** A folder that belongs to the server's user and is closed to others. */
function makeFor(folder: string, user: SystemUser | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
}

function majorOf(data: string): number | undefined {
  const file = join(data, "PG_VERSION");
  return existsSync(file) ? Number.parseInt(readFileSync(file, "utf8"), 10) : undefined;
}

/** The database role's password: it opens the socket, and nothing that a patient keeps closed. */
function passwordIn(folder: string): string {
  const file = join(folder, "password");
  if (!existsSync(file)) {
    const draft = `${file}.new`;
    writeFileSync(draft, randomBytes(32).toString("hex"), { mode: 0o600 });
    renameSync(draft, file);
  }
  return readFileSync(file, "utf8");
}

/**
 * Make the data in a draft folder, which gets its name when it is whole. If we end meanwhile, so does
 * what makes it.
 */
async function initialise(site: Site): Promise<void> {
  const draft = `${site.data}.new`;
  rmSync(draft, { recursive: true, force: true });
  makeFor(draft, site.user);
  const passwordFile = join(site.socket, "password.new");
  writeFileSync(passwordFile, site.password, { mode: 0o600 });
  if (site.user !== undefined) chownSync(passwordFile, site.user.uid, site.user.gid);
  const folders = openFolders([draft, site.socket, site.libraries], site.user);
  const [data = "", socket = "", libraries = ""] = folders.paths;
  const { child, ended } = spawnWatched(
    [
      join(site.binaries.root, "bin", "initdb"),
      ...["-D", data, `--username=${ROLE}`, `--pwfile=${join(socket, "password.new")}`],
      ...["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums"],
      "--no-instructions",
    ],
    {
      user: site.user,
      env: environmentOf(site.binaries, libraries),
      output: "ignore",
      errors: "pipe",
      folders,
    },
  );
  folders.close();
  const [status, said] = await Promise.all([ended, text(child.stderr as Readable)]);
  rmSync(passwordFile, { force: true });
  if (status !== 0) throw new StartFailure("postgres-failed", `initdb failed: ${said}`);
  renameSync(draft, site.data);
}

/** Beside the data where the path is short enough for a socket, else in the system's own place. */
function socketFolder(server: string, user: SystemUser | undefined): string {
  const beside = join(server, "socket");
  const fits = Buffer.byteLength(beside) <= SOCKET_PATH_MAX;
  rmSync(beside, { recursive: true, force: true });
  const socket = fits ? beside : mkdtempSync(join(tmpdir(), "salus-"));
  makeFor(socket, user);
  return socket;
}

function connectionTo(site: Site, database: string): pg.ClientConfig {
  return { host: site.socket, port: PORT, user: ROLE, password: site.password, database };
}

/** Start the server and keep it running until it is told to stop. */
async function supervise(
  site: Site,
  onEvent: (event: ServerEvent) => void,
): Promise<{ pid(): number; stop(): Promise<void> }> {
  let stopping = false;
  let postmaster = await startAndWait(site);
  let next: Promise<void> = Promise.resolve();

  const watch = (watched: Postmaster): void => {
    next = watched.ended.then(async () => {
      for (let attempt = 1; !stopping && attempt <= RESTARTS_MAX; attempt += 1) {
        onEvent("server-ended");
        try {
          postmaster = await startAndWait(site);
          onEvent("server-restarted");
          watch(postmaster);
          return;
        } catch {
          await sleep(200 * 2 ** attempt);
        }
      }
      if (!stopping) onEvent("server-lost");
    });
  };
  watch(postmaster);

  return {
    pid: () => postmaster.pid,
    stop: async () => {
      stopping = true;
      await postmaster.stop();
      await next;
      await postmaster.stop();
    },
  };
}

/**
 * Start the server and wait until it answers.
 *
 * After a crash of the postmaster alone its children take a moment to notice; until then the new one
 * refuses their shared memory and ends, so ending early is tried again.
 */
async function startAndWait(site: Site): Promise<Postmaster> {
  for (let attempt = 0; ; attempt += 1) {
    const postmaster = startPostmaster(site);
    if (await answers(site, postmaster)) {
      await makeDatabase(site);
      return postmaster;
    }
    if (attempt === RESTARTS_MAX) {
      throw new StartFailure("postgres-failed", `the server ends at once; its log is ${site.log}`);
    }
    await sleep(100 * 2 ** attempt);
  }
}

/** Gives: false when the server ended instead. */
async function answers(site: Site, postmaster: Postmaster): Promise<boolean> {
  let ended = false;
  void postmaster.ended.then(() => {
    ended = true;
  });
  const deadline = Date.now() + RECOVERY_MS;
  while (!ended && Date.now() < deadline) {
    const client = new pg.Client(connectionTo(site, "postgres"));
    client.on("error", () => undefined);
    try {
      await client.connect();
      return true;
    } catch {
      await sleep(15);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  if (!ended) await postmaster.stop();
  return false;
}

async function makeDatabase(site: Site): Promise<void> {
  const client = new pg.Client(connectionTo(site, "postgres"));
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
