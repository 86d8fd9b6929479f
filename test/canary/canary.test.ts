/**
 * Goal: of what patients have recorded, and of what is asked about them, nothing can be found in the
 * cloud: not in its memory, nor its database's, nor in its files, its logs, or on the wire; and no key.
 * Method: a record whose every element can be told apart, imported, searched, granted, read by somebody
 * else, verified, exported and revoked through a proxy that keeps every byte. Then every place is
 * swept for it in every encoding. In every place something harmless was put before, which must be
 * found: a sweep that finds nothing has shown nothing.
 */
import { writeFileSync } from "node:fs";
import { connect as dial, type Socket } from "node:net";
import { join } from "node:path";
import { openIdentity } from "@salus/client";
import { derive, Key } from "@salus/crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, postmasterOf, type RunningCloud, serve, serverFolder } from "../running/cloud.ts";
import { temporaryFolder } from "../running/folder.ts";
import { ImportedHomes, need, SEALED } from "../running/homes.ts";
import { succeed } from "../running/program.ts";
import { type Recorder, record } from "../running/proxy.ts";
import { StandingProgram } from "../running/standing-program.ts";
import { type Pattern, patternsOf } from "./encodings.ts";
import { PUBLIC_NAME, plantedBundle, plantedCount, QUESTIONS, SECRETS } from "./planted.ts";
import {
  type Hit,
  joined,
  processTree,
  type Sweep,
  sweepBytes,
  sweepFolder,
  sweepProcesses,
} from "./scan.ts";

const control = (text: string): Pattern[] => patternsOf(text, Buffer.from(text)).slice(0, 1);

/** Harmless texts, one for each place. */
const CONTROLS = {
  name: PUBLIC_NAME,
  small: "qxheron-control-in-a-short-value",
  long: "qxheron-control-in-a-long-value",
  packed: "qxheron-control-in-a-packed-value",
  log: "qxheron-control-in-the-database-log",
  ready: "ready http://127.0.0.1:",
  route: "/v1/vaults/:vault/query",
  request: "qxheron-control-in-a-request",
};

const folder = temporaryFolder();
const home = join(folder.path, "homes");
const homes = new ImportedHomes(home);
const open: Socket[] = [];
let cloud: RunningCloud;
let proxy: Recorder;
let database: pg.Client;
let patterns: readonly Pattern[];
let keys: readonly Pattern[];

beforeAll(async () => {
  cloud = await serve(join(folder.path, "cloud"));
  proxy = await record(cloud.url);
  await everythingOnce();
  keys = await secretKeys();
  database = await connect(cloud.folder);
  await plantControls();
  patterns = [...SECRETS, ...keys, ...Object.values(CONTROLS).flatMap(control)];
}, 180_000);

afterAll(async () => {
  for (const socket of open) socket.destroy();
  await database?.end();
  await proxy?.close();
  await cloud?.stop();
  folder.remove();
});

/** What people do with the program, from the first import to a revocation. */
async function everythingOnce(): Promise<void> {
  const file = join(folder.path, "planted.json");
  writeFileSync(file, plantedBundle);
  const place = ["--home", home, "--cloud", proxy.url];
  const program = new StandingProgram();
  const say = async (...args: string[]): Promise<string> =>
    (await succeed(args, { env: SEALED }, program.run)).stdout;
  const run = (...args: string[]): Promise<string> => say(...args, ...place);
  await run("import", file);
  await say("keys", "add", "reader", "--home", home);
  const granted = await run(
    "grant",
    ...WHOSE,
    "--to",
    "reader",
    "--category",
    "all",
    "--until",
    "30d",
  );
  for (const question of QUESTIONS) {
    const found = await run("search", question, "--json");
    expect(found.split("\n").length, question).toBeGreaterThan(2);
  }
  expect(await run("search", "Observation", "--as", "reader", "--json")).toContain("qzheron7");
  expect((await run("export", "--json")).match(/qzheron7/g)?.length).toBeGreaterThan(plantedCount);
  await run("verify");
  await run("inspect", ...WHOSE);
  await run("show", ...WHOSE);
  await run("revoke", granted.trim(), ...WHOSE);
  await run("reindex");
  program.stop();
}

const WHOSE = ["--patient", "qzheron7-patient-id"];

/** Secrets that open something, from the homes of everybody who took part. */
async function secretKeys(): Promise<readonly Pattern[]> {
  const found: Pattern[] = [];
  for (const name of [
    "patients/qzheron7-patient-id",
    "sources/canary-hospital",
    "readers/reader",
  ]) {
    const { owned } = need(await openIdentity((await homes.home(name)).store));
    const [root] = owned.roots;
    if (root === undefined) throw new Error(`${name} has no root`);
    for (const key of [root, derive(root, "sign-seed"), derive(root, "kem-seed")]) {
      const written = patternsOf(`${key.purpose} of ${name}`, Buffer.from(Key.reveal(key)));
      found.push(...written.filter(({ encoding }) => !/utf-16|HEX/.test(encoding)));
    }
  }
  await homes.close();
  return found;
}

async function plantControls(): Promise<void> {
  const { small, long, packed, log, request } = CONTROLS;
  await database.query("create table control (short text, long text, packed text)");
  await database.query("alter table control alter column long set storage external");
  const far = (text: string): string => `${"padding ".repeat(600)}${text}`;
  await database.query("insert into control values ($1, $2, $3)", [small, far(long), far(packed)]);
  const compressed = await database.query(
    "select pg_column_compression(packed) as how from control",
  );
  expect(compressed.rows[0].how).not.toBeNull();
  await database.query(`do $$ begin raise log '${log}'; end $$`);
  await database.query("checkpoint");
  const { hostname, port } = new URL(cloud.url);
  const socket = dial(Number(port), hostname);
  await new Promise<void>((resolve) => {
    socket.write(`GET /health HTTP/1.1\r\nx-control: ${request}`, () => resolve());
  });
  // Half a request: the cloud holds it until the rest comes.
  await new Promise((resolve) => setTimeout(resolve, 100));
  open.push(socket);
}

/** Every value of every table as it is read, whatever the database has made of it on its disk. */
async function sweepRows(): Promise<Sweep> {
  const tables = await database.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  const sweeps: Sweep[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await database.query<Record<string, unknown>>(`select * from "${name}"`);
    const values = rows.flatMap((row) => Object.values(row)).map(bytesOf);
    sweeps.push(sweepBytes(Buffer.concat(values), `rows of ${name}`, patterns));
  }
  return joined(sweeps);
}

const bytesOf = (value: unknown): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.from(`${String(value)}\n`);

/** Every file of the cloud and its database, wherever the latter stands. */
function sweepFiles(): Sweep {
  const apart = serverFolder(cloud.folder);
  const folders = apart.startsWith(cloud.folder) ? [cloud.folder] : [cloud.folder, apart];
  return joined(folders.map((path) => sweepFolder(path, patterns)));
}

/** What was found there, apart from the control that must be. */
function expectOnly({ bytes, hits }: Sweep, controls: readonly string[], least: number): void {
  expect(bytes).toBeGreaterThan(least);
  const harmless = new Set<string>(Object.values(CONTROLS));
  const secrets: Hit[] = hits.filter(({ secret }) => !harmless.has(secret));
  expect(secrets).toEqual([]);
  for (const one of controls) expect(hits.map(({ secret }) => secret)).toContain(one);
}

describe("nothing that was recorded or asked, and no key, is found", { timeout: 180_000 }, () => {
  it("on the wire", () => {
    expectOnly(sweepBytes(proxy.sent(), "sent", patterns), [CONTROLS.name], 50_000);
    expectOnly(sweepBytes(proxy.received(), "received", patterns), [CONTROLS.name], 50_000);
  });

  it("in the cloud's memory", () => {
    expectOnly(sweepProcesses([cloud.pid], patterns), [CONTROLS.request], 50_000_000);
  });

  it("in the database's memory", () => {
    const servers = processTree(postmasterOf(cloud.folder));
    expect(servers.length).toBeGreaterThan(5);
    expectOnly(sweepProcesses(servers, patterns), [CONTROLS.small], 50_000_000);
  });

  it("in the files: heap, index, TOAST, write-ahead log, the database's log, and all else", () => {
    const { name, small, long, log } = CONTROLS;
    const files = sweepFiles();
    expectOnly(files, [name, small, long, log], 20_000_000);
    const places = files.hits.filter(({ secret }) => secret === small).map(({ place }) => place);
    for (const part of ["/pg_wal/", "/base/"]) {
      expect(places).toContainEqual(expect.stringContaining(part));
    }
  });

  it("in the database's rows, even where it has packed them", async () => {
    const { name, small, long, packed } = CONTROLS;
    expectOnly(await sweepRows(), [name, small, long, packed], 50_000);
  });

  it("in the cloud's log", () => {
    const { stdout, stderr } = cloud.run.said();
    const said = sweepBytes(Buffer.from(stdout + stderr), "the cloud's log", patterns);
    expectOnly(said, [CONTROLS.ready, CONTROLS.route], 1000);
  });
});

describe("the sweep itself", () => {
  it("finds every secret in the homes, where it belongs, once they are open", async () => {
    const opened = need(await openIdentity((await homes.home("readers/reader")).store));
    const bytes = Buffer.concat(opened.owned.roots.map(Key.reveal));
    await homes.close();
    expect(sweepBytes(bytes, "a home", keys).hits.length).toBe(1);
    expect(sweepBytes(Buffer.from(plantedBundle), "the input", SECRETS).hits.length).toBe(4);
    expect(sweepFolder(home, patterns).hits).toEqual([]);
  });
});
