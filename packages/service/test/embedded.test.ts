import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type EmbeddedServer, isRunning, startEmbedded } from "@salus/service";
import { DEBIAN, placeDatabase, SERVERS, scratch } from "@salus/testkit/database";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// Goal: the embedded server keeps what was committed, whatever was killed; its data is closed to
// others and to a second cloud; and what cannot be started says why.
// Method: real servers, real signals.

let folder: ReturnType<typeof scratch>;
beforeEach(() => {
  folder = scratch();
});
afterEach(() => folder.remove());

const data = (): string => join(folder.path, "data");

function start(
  binaries?: string,
  onEvent: (event: string) => void = () => undefined,
): Promise<EmbeddedServer> {
  return startEmbedded({ service: "test", folder: data(), binaries, onEvent });
}

/** As though one had been started here before: to make a database takes longer than most of these tests. */
function startAgain(onEvent?: (event: string) => void): Promise<EmbeddedServer> {
  placeDatabase(data(), "test");
  return start(undefined, onEvent);
}

async function query(server: EmbeddedServer, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** A cloud's process that holds a server until it is killed. */
async function holder(): Promise<{ readonly pid: number; readonly server: number }> {
  placeDatabase(data(), "test");
  const script = `
    import { startEmbedded } from "@salus/service";
    import pg from "pg";
    const server = await startEmbedded({ service: "test", folder: process.argv[1], onEvent: () => {} });
    const client = new pg.Client(server.connection);
    await client.connect();
    await client.query("create table kept (n int)");
    await client.query("insert into kept values (1), (2)");
    process.stdout.write("up " + server.pid() + "\\n");
    setInterval(() => {}, 1000);
  `;
  const { child, said } = await begin(script);
  return { pid: child.pid ?? 0, server: Number(said.split(" ")[1]) };
}

/** Run a script until its first line. */
async function begin(
  script: string,
): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const flags = ["--import", "tsx", "--input-type=module", "--eval", script, data()];
  const child = spawn(process.execPath, flags, { cwd: import.meta.dirname, stdio: "pipe" });
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (bytes) => resolve(String(bytes)));
    child.stderr.once("data", (bytes) => reject(new Error(String(bytes))));
  });
  return { child, said };
}

/** Processes that name a folder, or have it open: what makes a database knows it by a descriptor. */
function workingIn(folderPath: string): readonly number[] {
  const real = realpathSync(folderPath);
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== process.pid && opens(pid, real));
}

function opens(pid: number, folderPath: string): boolean {
  try {
    const files = readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`);
    return [`/proc/${pid}/cwd`, ...files].some((path) => readlinkSync(path) === folderPath);
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  for (let at = 0; at < 500 && isRunning(pid); at += 1) await sleep(20);
}

describe.each(SERVERS)("%s", (_, binaries) => {
  it("starts, keeps data over a stop, and is durable, UTF-8 and on a socket alone", async () => {
    const first = await start(binaries);
    await query(first, "create table kept (t text)");
    await query(first, "insert into kept values ('ä')");
    const settings = await query(
      first,
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
        current_setting('synchronous_commit') as sync, current_setting('data_checksums') as sums,
        current_setting('listen_addresses') as listen, current_setting('server_encoding') as enc`,
    );
    expect(settings).toEqual([
      { fsync: "on", pages: "on", sync: "on", sums: "on", listen: "", enc: "UTF8" },
    ]);
    await first.stop();
    expect(isRunning(first.pid())).toBe(false);
    const second = await start(binaries);
    expect(await query(second, "select t from kept")).toEqual([{ t: "ä" }]);
    await second.stop();
  });

  it("asks for a password, and closes its files to others", async () => {
    const server = await start(binaries);
    const client = new pg.Client({ ...server.connection, password: "guess" });
    await expect(client.connect()).rejects.toMatchObject({ code: "28P01" });
    for (const path of ["", "password", "server", "server/postgres", "server/socket"]) {
      expect(statSync(join(data(), path)).mode & 0o077, path).toBe(0);
    }
    await server.stop();
  });
});

describe("after a crash", () => {
  it("of the cloud, its server ends by itself and the next cloud finds everything", async () => {
    const { pid, server } = await holder();
    process.kill(pid, "SIGKILL");
    await gone(server);
    expect(isRunning(server)).toBe(false);
    const next = await start();
    expect(await query(next, "select n from kept order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    await next.stop();
  });

  it("of the cloud, the next one does not wait for the server to notice", async () => {
    const { pid } = await holder();
    process.kill(pid, "SIGKILL");
    const next = await start();
    expect(await query(next, "select n from kept order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    await next.stop();
  });

  it("of cloud and server together, the next cloud recovers what was committed", async () => {
    const { pid, server } = await holder();
    process.kill(-server, "SIGKILL");
    process.kill(pid, "SIGKILL");
    const next = await start();
    expect(await query(next, "select n from kept order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    await next.stop();
  });

  it("of the server alone, it is started again", async () => {
    const events: string[] = [];
    const server = await startAgain((event) => events.push(event));
    await query(server, "create table kept (n int)");
    const before = server.pid();
    process.kill(before, "SIGKILL");
    while (!events.includes("server-restarted")) await sleep(20);
    expect(server.pid()).not.toBe(before);
    expect(await query(server, "select n from kept")).toEqual([]);
    await server.stop();
  });

  it("a process number that is another's by now is not believed", async () => {
    const first = await startAgain();
    await first.stop();
    const file = join(data(), "server/postgres/postmaster.pid");
    writeFileSync(file, `${process.pid}\n${join(data(), "server/postgres")}\n`);
    writeFileSync(join(data(), "lock"), `${process.pid} 1\n`);
    const second = await start();
    expect(await query(second, "select 1 as n")).toEqual([{ n: 1 }]);
    await second.stop();
  });

  it("of the cloud while the database is made, what makes it ends too", async () => {
    const script = `
      import { startEmbedded } from "@salus/service";
      process.stdout.write("up 0\\n");
      await startEmbedded({ service: "test", folder: process.argv[1], onEvent: () => {} });
    `;
    const { child } = await begin(script);
    const draft = join(data(), "server/postgres.new");
    while (!existsSync(join(draft, "PG_VERSION"))) await sleep(2);
    const [maker] = workingIn(draft);
    child.kill("SIGKILL");
    expect(maker).toBeDefined();
    for (const pid of workingIn(draft)) await gone(pid);
    expect(workingIn(draft)).toEqual([]);
    expect(existsSync(join(data(), "server/postgres"))).toBe(false);
    const next = await start();
    expect(await query(next, "select 1 as n")).toEqual([{ n: 1 }]);
    await next.stop();
  });

  it("a database that was half made is made again", async () => {
    const first = await startAgain();
    await first.stop();
    rmSync(join(data(), "server/postgres"), { recursive: true });
    mkdirSync(join(data(), "server/postgres.new"));
    writeFileSync(join(data(), "server/postgres.new/half"), "");
    const second = await start();
    expect(await query(second, "select 1 as n")).toEqual([{ n: 1 }]);
    await second.stop();
  });
});

describe("a data folder is refused", () => {
  it("while another cloud has it", async () => {
    const server = await startAgain();
    await expect(start()).rejects.toMatchObject({ kind: "data-folder-in-use" });
    expect(await query(server, "select 1 as n")).toEqual([{ n: 1 }]);
    await server.stop();
    const next = await start();
    await next.stop();
  });

  it("that holds something else", async () => {
    mkdirSync(data());
    writeFileSync(join(data(), "letter.txt"), "dear");
    await expect(start()).rejects.toMatchObject({ kind: "data-folder-foreign" });
    expect(readFileSync(join(data(), "letter.txt"), "utf8")).toBe("dear");
  });

  it("of a database that only another PostgreSQL can read", async () => {
    const server = await startAgain();
    await server.stop();
    writeFileSync(join(data(), "server/postgres/PG_VERSION"), "12\n");
    await expect(start()).rejects.toMatchObject({ kind: "wrong-postgres" });
  });

  it("when there is no PostgreSQL", async () => {
    await expect(start(folder.path)).rejects.toMatchObject({ kind: "no-postgres" });
  });
});

// Only root runs the server as somebody else, who may not get everywhere.
describe.runIf(process.getuid?.() === 0)("as root", () => {
  it("works below a folder that the server's user cannot enter", async () => {
    chmodSync(folder.path, 0o700);
    const server = await start(SERVERS.length > 1 ? DEBIAN : undefined);
    expect(await query(server, "select 1 as n")).toEqual([{ n: 1 }]);
    expect(statSync(join(data(), "server")).uid).not.toBe(0);
    await server.stop();
    const again = await start(SERVERS.length > 1 ? DEBIAN : undefined);
    expect(await query(again, "select 1 as n")).toEqual([{ n: 1 }]);
    await again.stop();
  });
});
