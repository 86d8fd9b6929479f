import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cloudInfoSchema, decodeAs, receiptSchema } from "@salus/protocol";
import { isRunning } from "@salus/service";
import { read } from "@salus/testkit/asker";
import { placeDatabase, scratch } from "@salus/testkit/database";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Asker } from "./asker.ts";
import type { TestCloud } from "./harness.ts";
import { Patient } from "./patient.ts";
import type { TestSource } from "./test-source.ts";

// Goal: the program says when it is ready and nothing else, ends when it is told to, and loses no
// batch that it acknowledged, nor stores one twice, whenever it or its database is killed.
// Method: the program as a process; batches sent without pause while it is killed at odd moments.

/** As it was built. */
const BUILD = process.env.SALUS_BUILD ?? join(import.meta.dirname, "../../cli/dist");

/** The program, running. */
interface Program {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
}

let folder: ReturnType<typeof scratch>;
let running: Program[];
beforeEach(() => {
  folder = scratch();
  running = [];
});
afterEach(async () => {
  for (const { child } of running) {
    child.kill("SIGKILL");
    await ended(child);
  }
  // The database notices, ends by itself, and only then are its files left alone.
  await sleep(300);
  folder.remove();
});

const data = (): string => join(folder.path, "data");

function start(...options: readonly string[]): {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
} {
  const child = spawn(process.execPath, [join(BUILD, "cloud.mjs"), ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH },
  });
  let output = "";
  let errors = "";
  child.stdout?.on("data", (bytes) => {
    output += bytes;
  });
  child.stderr?.on("data", (bytes) => {
    errors += bytes;
  });
  return { child, output: () => output, errors: () => errors };
}

async function serve(port = 0): Promise<Program> {
  const started = start("--port", String(port), "--data", data());
  while (!started.output().includes("\n")) {
    if (started.child.exitCode !== null) throw new Error(started.errors());
    await sleep(20);
  }
  const url = /^ready (http:\S+)\n$/.exec(started.output())?.[1] ?? "";
  const program = { ...started, url };
  running.push(program);
  return program;
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once("exit", (code) => resolve(code)));
}

/** What requests to a program need of it. */
async function cloudAt(url: string): Promise<TestCloud> {
  const response = await fetch(`${url}/v1/cloud`);
  const info = decodeAs(cloudInfoSchema, new Uint8Array(await response.arrayBuffer()), "info");
  if (!info.ok) throw new Error("the cloud does not say what it is");
  return { url, info: info.value, clock: { ahead: 0 } } as TestCloud;
}

describe("the program", () => {
  it("prints one line when it serves, and ends with its database on SIGTERM", async () => {
    const program = await serve();
    expect(program.output()).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
    expect((await fetch(`${program.url}/health`)).status).toBe(200);
    program.child.kill("SIGTERM");
    expect(await ended(program.child)).toBe(0);
    expect(program.output()).toMatch(/^ready [^\n]+\n$/);
    const again = await serve();
    expect((await fetch(`${again.url}/health`)).status).toBe(200);
  });

  it("ended while it makes its database, ends when that is made, and leaves nothing running", async () => {
    const { child, output } = start("--port", "0", "--data", data());
    const made = (): boolean => existsSync(join(data(), "server/postgres.new"));
    while (!made() && child.exitCode === null) await sleep(2);
    child.kill("SIGTERM");
    expect(await ended(child)).toBe(0);
    expect(output()).toBe("");
    expect(readdirSync(join(data(), "server")).filter((name) => name.includes("new"))).toEqual([]);
    expect(existsSync(join(data(), "server/postgres/postmaster.pid"))).toBe(false);
    expect(existsSync(join(data(), "lock"))).toBe(false);
  });

  it("finishes the request in hand before it ends", async () => {
    const program = await serve();
    const cloud = await cloudAt(program.url);
    const patient = new Patient(1);
    const owner = new Asker(cloud, patient.device);
    await owner.post("/v1/vaults", { links: patient.links });
    const source = patient.sources[0] as TestSource;
    const facts = Array.from({ length: 400 }, (_, at) => ({ id: `r${at}`, days: [at + 1] }));
    const batch = await patient.batch(source, facts);
    const asker = new Asker(cloud, source.signer);
    const sent = asker.request("POST", `${patient.path}/batches`, batch.body);
    await sleep(30);
    program.child.kill("SIGTERM");
    expect(read(await sent, receiptSchema).records).toBe(400);
    expect(await ended(program.child)).toBe(0);
  });

  it("waits for nobody who has connected and asked nothing, as browsers do ahead", {
    timeout: 20_000,
  }, async () => {
    const program = await serve();
    const { hostname, port } = new URL(program.url);
    const silent = connect(Number(port), hostname);
    await once(silent, "connect");
    program.child.kill("SIGTERM");
    expect(await ended(program.child)).toBe(0);
    silent.destroy();
  });

  it.each([
    [["--port", "x"], 2],
    [["--database", "mysql://db.example/salus"], 2],
    [["--nonsense"], 2],
    [["--database", "postgres://nobody@127.0.0.1:1/none"], 3],
  ])("with the options %j ends with %i and says why", async (options, code) => {
    const { child, output, errors } = start(...options);
    expect(await ended(child)).toBe(code);
    expect(output()).toBe("");
    expect(errors()).not.toBe("");
  });

  it("refuses a data folder that another program has, and an address that is taken", async () => {
    const program = await serve();
    const second = start("--port", "0", "--data", data());
    expect(await ended(second.child)).toBe(3);
    expect(second.errors()).toContain("data-folder-in-use");
    const { port } = new URL(program.url);
    const third = start("--port", port, "--data", join(folder.path, "other"));
    expect(await ended(third.child)).toBe(3);
    expect(third.errors()).toContain("address-in-use");
    expect((await fetch(`${program.url}/health`)).status).toBe(200);
  });
});

describe("killed while it stores", () => {
  beforeEach(() => placeDatabase(data(), "cloud"));

  /** Send batch after batch until the program is killed. Gives the numbers that were acknowledged. */
  async function upload(patient: Patient, source: TestSource, cloud: TestCloud): Promise<number[]> {
    const asker = new Asker(cloud, source.signer);
    const acknowledged: number[] = [];
    for (;;) {
      const from = source.number * 5;
      const facts = Array.from({ length: 5 }, (_, at) => ({
        ...{ id: `r${from + at}`, days: [from + at + 1], score: 1, words: ["red"] },
      }));
      const batch = await patient.batch(source, facts);
      try {
        const path = `${patient.path}/batches`;
        read(await asker.request("POST", path, batch.body), receiptSchema);
      } catch {
        return acknowledged;
      }
      batch.commit();
      acknowledged.push(source.number);
    }
  }

  /** Everything that a vault must be after it lost its cloud, its database or both. */
  async function check(patient: Patient, source: TestSource, cloud: TestCloud): Promise<void> {
    const owner = new Asker(cloud, patient.device);
    const query = async (clauses: Parameters<Asker["query"]>[1]["clauses"]): Promise<number> =>
      (await owner.query(patient.vault, { clauses: clauses ?? [], total: true, limit: 1 })).total ??
      0;
    const stored = await query([]);
    const answer = await owner.query(patient.vault, { limit: 1 });
    const number = answer.sources[0]?.number ?? 0;
    expect(number).toBeGreaterThanOrEqual(source.number);
    expect(number).toBeLessThanOrEqual(source.number + 1);
    expect(stored).toBe(5 * number);
    expect(await query([[patient.dayProbe(undefined, 1, 65_000)]])).toBe(stored);
    expect(await query([patient.sealedProbes("score", 1, 1)])).toBe(stored);
    expect(await query([patient.wordProbes("red")])).toBe(stored);
    source.number = number;
    source.prev = answer.sources[0]?.hash ?? source.prev;
  }

  it.each([
    ["the cloud", (program: Program) => program.child.kill("SIGKILL")],
    [
      "its database",
      (_: Program, database: number) => {
        process.kill(-database, "SIGKILL");
      },
    ],
    [
      "both",
      (program: Program, database: number) => {
        process.kill(-database, "SIGKILL");
        program.child.kill("SIGKILL");
      },
    ],
  ])("%s: what was acknowledged is there, once", async (_, kill) => {
    let program = await serve();
    let cloud = await cloudAt(program.url);
    const patient = new Patient(1);
    const source = patient.sources[0] as TestSource;
    await new Asker(cloud, patient.device).post("/v1/vaults", { links: patient.links });
    for (const [round, wait] of [120, 37, 251].entries()) {
      const uploading = upload(patient, source, cloud);
      await sleep(wait);
      const database = databaseOf(data());
      kill(program, database);
      const acknowledged = await uploading;
      expect(acknowledged).toEqual(acknowledged.toSorted((a, b) => a - b));
      if (program.child.killed) {
        await ended(program.child);
        program = await serve();
        cloud = await cloudAt(program.url);
      }
      while ((await fetch(`${program.url}/health`)).status !== 200) await sleep(30);
      await check(patient, source, cloud);
      expect(isRunning(databaseOf(data())), `round ${round}`).toBe(true);
    }
  });
});

/** The process of the database server that works on a data folder. */
function databaseOf(folderPath: string): number {
  const file = join(folderPath, "server/postgres/postmaster.pid");
  return Number.parseInt(readFileSync(file, "utf8"), 10);
}
