/**
 * Goal: whoever can write to the database cannot change what is stored without `verify` saying so.
 * Method: a small vault, with updates, a deletion, sealed and ordered entries and two sources; then a
 * thousand random changes to its rows, one at a time, each made good again. What verifies clean
 * before and after must not verify in between.
 */
import { join } from "node:path";
import { ChainCache, type Cloud, httpCloud, memoryKeyStore, Reader } from "@salus/client";
import type { VaultHandle } from "@salus/protocol";
import type pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Choice } from "../oracle/random.ts";
import { connect, type RunningCloud, serve } from "../running/cloud.ts";
import { temporaryFolder } from "../running/folder.ts";
import { ImportedHomes, SEALED } from "../running/homes.ts";
import { lines, resources, type TestResource } from "../running/hospitals.ts";
import { succeed } from "../running/program.ts";
import { type Row, TABLES, TAMPERINGS, type Tables } from "./tampering.ts";

const SEED = 1;
const MUTATIONS = 1000;

const folder = temporaryFolder();
const homes = new ImportedHomes(join(folder.path, "homes"));
let running: RunningCloud;
let cloud: Cloud;
let database: pg.Client;
let vault: VaultHandle;
let reader: Reader;
/** What is stored, and what was after the first of two imports. */
let tables: Tables;
let earlier: Tables;
const store = memoryKeyStore();
const chains = new ChainCache();

const SHAPE = { patients: 1, hospitals: 2, departments: 1, physicians: 1, observations: 2 };
const SENSITIVE = {
  security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "PSY" }],
};

/** Of each physician's two observations one is sensitive, so that it is in the sealed index. */
function* records(changed: number): Generator<TestResource> {
  for (const resource of resources(SHAPE)) {
    const isFirst = resource.id.endsWith("-0") || resource.id.endsWith("-2");
    if (resource.resourceType !== "Observation") yield resource;
    else if (isFirst) yield { ...resource, meta: SENSITIVE };
    else yield { ...resource, note: [{ text: `version ${changed}` }] };
  }
}

beforeAll(async () => {
  running = await serve(join(folder.path, "cloud"));
  const place = ["--home", join(folder.path, "homes"), "--cloud", running.url];
  const add = (version: number): Promise<unknown> =>
    succeed(["import", "-", ...place], { input: lines(records(version)), env: SEALED });
  await add(1);
  cloud = httpCloud(running.url);
  const { owner } = await homes.patient("p0", cloud);
  vault = owner.vault;
  reader = new Reader(owner.identity, { cloud, store, chains });
  await homes.close();
  database = await connect(running.folder);
  // Whether a change would outlive a crash is no matter here, and to wait for the disk takes longest.
  await database.query("set synchronous_commit = off");
  earlier = await readTables();
  await add(2);
  tables = await readTables();
}, 120_000);

afterAll(async () => {
  await database?.end();
  await homes.close();
  await running?.stop();
  folder.remove();
});

const id = (): string => Buffer.from(vault.subarray(0, 16)).toString("hex");

async function readTables(): Promise<Tables> {
  const read: Record<string, readonly Row[]> = {};
  for (const name of TABLES) {
    const { rows } = await database.query<Row>(`select * from ${name} where vault = $1`, [id()]);
    read[name] = rows;
  }
  return read;
}

/** Have tables hold exactly these rows of the vault. Gives: whether the database could hold them. */
async function put(changed: Tables): Promise<boolean> {
  await database.query("begin");
  try {
    for (const [table, rows] of Object.entries(changed)) {
      await database.query(`delete from ${table} where vault = $1`, [id()]);
      await insert(table, rows);
    }
    await database.query("commit");
    return true;
  } catch {
    await database.query("rollback");
    return false;
  }
}

/** All rows at once: one by one they took longer than `verify`. */
async function insert(table: string, rows: readonly Row[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) return;
  const places = rows.map(
    (_, row) => `(${names.map((__, at) => `$${row * names.length + at + 1}`).join()})`,
  );
  const values = rows.flatMap((row) => names.map((name) => row[name]));
  await database.query(`insert into ${table} (${names.join()}) values ${places.join()}`, values);
}

/** What `verify` says to somebody who remembers what she has seen; `anew` reads every link again. */
async function verdict(anew = false): Promise<readonly string[]> {
  const known = anew ? new ChainCache() : chains;
  const fresh = new Reader(reader.identity, { cloud, store, chains: known });
  const verified = await fresh.verify(vault);
  if (verified.ok) return verified.value.findings.map(({ kind }) => kind);
  const { error } = verified;
  return [error.kind === "refused" ? `refused: ${error.problem}` : error.kind];
}

const same = (changed: Tables): boolean =>
  Object.entries(changed).every(([name, rows]) => canonical(rows) === canonical(tables[name]));
const canonical = (rows: readonly Row[] = []): string =>
  rows
    .map((row) => JSON.stringify(row).replaceAll(/(?<=[0-9a-f])-(?=[0-9a-f])/g, ""))
    .sort()
    .join();

/** Words that say what is wrong. A cloud that only fails to answer has not been found out. */
const NAMED =
  /^(?:(?:batch|record|row)-(?:missing|changed|added)|unreadable|chain-invalid|handle-mismatch|rollback)$/;

it("is clean before, and has everything that can be changed", async () => {
  expect(await verdict(true)).toEqual([]);
  for (const [name, rows] of Object.entries(tables)) {
    expect(rows.length, name).toBeGreaterThan(name === "vault" ? 0 : 1);
  }
});

it("says so, whatever is changed", { timeout: 600_000 }, async () => {
  const choice = new Choice(SEED);
  const verdicts: string[] = [];
  // What the last change is made good with, together with the next.
  let good: Tables = {};
  while (verdicts.length < MUTATIONS) {
    const tampering = choice.of(TAMPERINGS);
    const changed = tampering.change(tables, choice);
    if (same(changed) || !(await put({ ...good, ...changed }))) continue;
    const said = await verdict("link" in changed);
    const names = Object.keys(changed);
    good = Object.fromEntries(names.map((name) => [name, tables[name] ?? []]));
    verdicts.push(`${tampering.name}: ${[...new Set(said)].sort().join(" ")}`);
  }
  const unnamed = verdicts.filter((line) => {
    const said = line.slice(line.indexOf(": ") + 2).split(" ");
    return !said.every((word) => NAMED.test(word));
  });
  expect(unnamed).toEqual([]);
  await put(good);
  expect(await verdict(true)).toEqual([]);
});

it("says so when everything is put back to what it was before the last import", async () => {
  expect(await put(earlier)).toBe(true);
  expect(await verdict()).toContain("batch-missing");
  await put(tables);
  expect(await verdict(true)).toEqual([]);
});
