/**
 * Goal: after a full run the cloud's side holds nothing of what was sealed, anywhere.
 * Method: import a patient whose every element is unmistakable, through a proxy that keeps every byte;
 * ask, grant, revoke, verify; then look for her, and for the account keys of every home, in the
 * traffic, the logs, the files, the rows, and the memory of the cloud and of the database. In each
 * place a control that must be there is looked for too: a sweep that finds it would have found her.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openHome } from "@salus/client/file";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect, postmasterOf, type RunningCloud, serve, serverFolder } from "../running/cloud.ts";
import { temporaryFolder } from "../running/folder.ts";
import { succeed } from "../running/program.ts";
import { type Recorder, record } from "../running/proxy.ts";
import { type Pattern, patternsOf } from "./encodings.ts";
import { PUBLIC_NAME, plantedBundle, plantedCount, QUESTIONS, SECRETS } from "./planted.ts";
import { joined, processTree, type Sweep, sweepBytes, sweepFolder, sweepProcess } from "./scan.ts";

const PASSPHRASE = "canaries sing in cages";
const SMALL = "vqcontrol-small-row";
const LARGE = "vqcontrol-compressible-row";
const LOGGED = "/v1/vaults/:vault/query";
const CONTROLS = [PUBLIC_NAME, SMALL, LARGE, LOGGED].flatMap((text) =>
  patternsOf(text, Buffer.from(text)),
);
const env = { SALUS_PASSPHRASE: PASSPHRASE };

const folder = temporaryFolder();
const data = join(folder.path, "cloud");
const homes = join(folder.path, "homes");
let cloud: RunningCloud;
let proxy: Recorder;
let client: pg.Client;
let patterns: readonly Pattern[];
let found = 0;

beforeAll(async () => {
  cloud = await serve(data);
  proxy = await record(cloud.url);
  const bundle = join(folder.path, "planted.json");
  writeFileSync(bundle, plantedBundle);
  const everywhere = ["--home", homes, "--cloud", proxy.url];
  await succeed(["import", bundle, ...everywhere], { env });
  for (const question of QUESTIONS) {
    const { stdout } = await succeed(["search", question, "--json", ...everywhere], { env });
    found += stdout.split("\n").filter((line) => line.includes('"resource":')).length;
  }
  await succeed(["verify", ...everywhere], { env });
  patterns = [...SECRETS, ...(await accountKeys()), ...CONTROLS];
  client = await connect(data);
  await client.query("create table control (small text, large text)");
  await client.query("insert into control values ($1, $2)", [SMALL, LARGE.repeat(2000)]);
  await client.query("checkpoint");
  // Whatever was sent to all is now in the memory that is swept next.
  await fetch(`${cloud.url}/v1/providers`).then((answer) => answer.arrayBuffer());
}, 200_000);

afterAll(async () => {
  await client.end();
  await proxy.close();
  await cloud.stop();
  folder.remove();
});

/** The root of every account in the homes: whoever has one has everything of its owner. */
async function accountKeys(): Promise<Pattern[]> {
  const unlock = { kind: "passphrase", passphrase: PASSPHRASE } as const;
  const top = await openHome(homes, unlock);
  if (!top.ok) throw new Error(`the homes do not open: ${top.error.kind}`);
  const keys: Pattern[] = [];
  for (const kind of ["patients", "sources"]) {
    for (const name of await top.value.children(kind)) {
      const home = await top.value.child(`${kind}/${name}`);
      if (!home.ok) throw new Error(`a home does not open: ${home.error.kind}`);
      const account = await home.value.store.read("account");
      if (!account.ok || account.value === undefined) throw new Error("a home has an account");
      keys.push(...patternsOf(`key of ${kind}/${name}`, Buffer.from(account.value.subarray(1))));
      await home.value.close();
    }
  }
  await top.value.close();
  if (keys.length === 0) throw new Error("there are homes with keys");
  return keys;
}

/** Nothing secret is there, and each control is. */
function expectOnly(sweep: Sweep, controls: readonly string[]): void {
  const names = new Set(CONTROLS.map(({ secret }) => secret));
  expect(sweep.hits.filter(({ secret }) => !names.has(secret))).toEqual([]);
  const seen = new Set(sweep.hits.map(({ secret }) => secret));
  for (const control of controls) expect(seen, `of ${sweep.bytes} bytes`).toContain(control);
}

describe("a planted patient", () => {
  it("is there for her reader", () => {
    expect(found).toBeGreaterThanOrEqual(QUESTIONS.length);
    expect(plantedCount).toBeGreaterThan(10);
  });

  it("is not in the traffic", () => {
    const traffic = [sweepBytes(proxy.sent(), "sent", patterns)];
    traffic.push(sweepBytes(proxy.received(), "received", patterns));
    expectOnly(joined(traffic), [PUBLIC_NAME]);
  });

  it("is not in the logs", () => {
    const { stdout, stderr } = cloud.run.said();
    expectOnly(sweepBytes(Buffer.from(stdout + stderr), "logs", patterns), [LOGGED]);
  });

  it("is not in the files of the cloud and its database, logs and write-ahead log included", () => {
    const files = joined([data, serverFolder(data)].map((path) => sweepFolder(path, patterns)));
    expectOnly(files, [PUBLIC_NAME, SMALL]);
  });

  it("is not in the rows as the database gives them, long and compressed ones included", async () => {
    const tables = await client.query<{ name: string }>(
      "select quote_ident(tablename) as name from pg_tables where schemaname = 'public'",
    );
    const sweeps: Sweep[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query({ text: `select * from ${name}`, rowMode: "array" });
      const values = rows
        .flat()
        .map((value) => (Buffer.isBuffer(value) ? value : Buffer.from(String(value))));
      sweeps.push(sweepBytes(Buffer.concat(values), name, patterns));
    }
    expectOnly(joined(sweeps), [PUBLIC_NAME, SMALL, LARGE]);
  });

  it("is not in the memory of the cloud", () => {
    const processes = processTree(cloud.pid).filter((pid) => pid !== process.pid);
    const postgres = new Set(processTree(postmasterOf(data)));
    const sweeps = processes
      .filter((pid) => !postgres.has(pid))
      .map((pid) => sweepProcess(pid, patterns));
    expectOnly(joined(sweeps), [PUBLIC_NAME]);
  });

  it("is not in the memory of the database", async () => {
    const kept = await client.query("select small, large from control");
    expect(kept.rowCount).toBe(1);
    const postmaster = postmasterOf(data);
    const sweeps = processTree(postmaster).map((pid) =>
      sweepProcess(pid, patterns, pid === postmaster),
    );
    expectOnly(joined(sweeps), [SMALL]);
  });
});
