import { type Bytes, equalBytes, ok } from "@salus/base";
import {
  type Cloud,
  certify,
  httpCloud,
  type KeyStore,
  keptEvidence,
  LogWatch,
  memoryKeyStore,
  Patient,
  PublishedLeaves,
  publishCertificates,
} from "@salus/client";
import { growTree, leafHash, merkleRoot, verifyEvidence } from "@salus/evaluate";
import type { RunningService } from "@salus/service";
import {
  ask,
  must,
  newPatient,
  newSource,
  pressure,
  readerOf,
  type Somebody,
  somebody,
  type TestPatient,
  vaultOf,
} from "@salus/testkit";
import { startDatabase, type TestDatabase } from "@salus/testkit/database";
import pg from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud } from "../../apps/cloud/src/cloud.ts";

// Goal: a cloud that shows two people two logs, or an administrator who edits, deletes, reorders or
// backdates what the log holds, is found out at the next look, and where two checkpoints contradict
// each other the evidence convinces anybody without a network.
// Method: a cloud on a real database, whose tables are changed as its administrator can; two clouds
// with one key on two copies of a database.

const HOUR = 3_600_000;
const QUERY = "Observation?code=8480-6&value-quantity=gt100";

let database: TestDatabase;
let admin: pg.Client;
let running: RunningService;
let cloud: Cloud;
let owner: TestPatient;
let reader: Somebody;

/** Start a cloud on one of the server's databases: all that start here have one id and one key. */
const serve = (name: string): Promise<RunningService> =>
  startCloud({
    data: database.folder,
    database: database.url.replace("/salus?", `/${name}?`),
    log: pino({ enabled: false }),
  });

const connect = async (name: string): Promise<pg.Client> => {
  const client = new pg.Client({ ...database.server.connection, database: name });
  client.on("error", () => undefined);
  await client.connect();
  return client;
};

/** Write a database anew as the copy of another that nobody uses at the moment. */
async function copy(from: string, to: string): Promise<void> {
  await admin.query(`drop database if exists ${to} with (force)`);
  await admin.query(`create database ${to} template ${from}`);
}

/** A patient with a grant under which somebody has read, on a database that later ones are copied from. */
beforeAll(async () => {
  database = await startDatabase();
  await database.client.end();
  admin = await connect("postgres");
  running = await serve("salus");
  cloud = httpCloud(running.url);
  owner = await newPatient(cloud);
  const source = await newSource(cloud, owner, "org-a", ["vitals"]);
  const vault = await vaultOf(source, owner.vault);
  must(await vault.upload([{ resource: pressure("p1", 150) }]));
  reader = await somebody();
  const order = { sources: "all", categories: "all", expires: Date.now() + HOUR } as const;
  must(await owner.patient.grant({ ...order, grantee: reader.identity.card }));
  for (let at = 0; at < 3; at += 1) await ask(await readerOf(cloud, reader), QUERY);
  // All of it has its place in each copy.
  must(await owner.patient.checkLog());
  await running.close();
}, 120_000);
afterAll(async () => {
  await admin.end();
  await database.stop();
});

/** The same person with what she has seen so far, at a cloud of her own. */
async function again(at: Cloud, who: Somebody & { patient?: Patient }): Promise<Patient> {
  return must(await Patient.open({ cloud: at, store: who.store }));
}

const failing = (kind: string) => ({ ok: false, error: { kind } });

describe("L-01: an administrator changes what the log holds", () => {
  let clerk: pg.Client;
  let victim: Patient;
  /** Where her accesses stand, by the tables: in the tree, and among her own. */
  let accesses: readonly { readonly leaf: number; readonly number: number }[];

  beforeEach(async () => {
    await copy("salus", "changed");
    running = await serve("changed");
    cloud = httpCloud(running.url);
    clerk = await connect("changed");
    // Somebody with her keys who has not looked before: the second device of hers, say.
    const store = memoryKeyStore();
    for (const name of await owner.store.list("")) {
      const bytes = must(await owner.store.read(name));
      if (bytes !== undefined && !name.startsWith("log/")) await store.write(name, bytes);
    }
    const { Patient } = await import("@salus/client");
    victim = must(await Patient.open({ cloud, store }));
    const { rows } = await clerk.query(
      "select leaf::int, number::int from log_own where kind = 'access' order by number",
    );
    accesses = rows;
  });
  afterEach(async () => {
    await clerk.end();
    await running.close();
  });

  const nth = (at: number): { readonly leaf: number; readonly number: number } => {
    const found = accesses[at];
    if (found === undefined) throw new Error("she was asked more than once");
    return found;
  };

  /** Make the tree anew from its leaves, and all that is derived from them: no table betrays it. */
  async function rebuild(): Promise<void> {
    const { rows } = await clerk.query<{ bytes: Buffer }>(
      "select bytes from log_leaf order by leaf",
    );
    const hashes = rows.map(({ bytes }) => leafHash(bytes));
    const { nodes, root } = growTree(0, [], hashes);
    await clerk.query("delete from log_node");
    for (const { level, position, hash } of nodes) {
      await clerk.query("insert into log_node values ($1, $2, $3)", [level, position, hash]);
    }
    await clerk.query("update log_head set root = $1, size = $2", [root, rows.length]);
  }

  it("nothing is wrong before", async () => {
    expect(await victim.checkLog()).toMatchObject({ ok: true, value: { scanned: true } });
    const { items } = must(await victim.trail());
    expect(items.flatMap(({ findings }) => findings)).toEqual([]);
    expect(items.reduce((sum, { requests }) => sum + requests, 0)).toBe(accesses.length);
  });

  it.each([
    ["edits a leaf", "update log_leaf set bytes = set_byte(bytes, 20, 7) where leaf = $1"],
    ["edits what a leaf is of", "update log_own set object = sha256('other') where leaf = $1"],
    ["backdates an access", "update log_own set time = time - 86400000 where leaf = $1"],
    ["says that it was something else", "update log_own set kind = 'account' where leaf = $1"],
    ["moves it", "update log_own set leaf = leaf - 1 where leaf = $1"],
    ["deletes an access", "delete from log_own where leaf = $1"],
  ])("L-01: %s", async (_, sql) => {
    await clerk.query(sql, [nth(1).leaf]);
    expect(await victim.checkLog()).toMatchObject(failing("not-logged"));
  });

  it("L-01: deletes a leaf", async () => {
    await clerk.query("delete from log_leaf where leaf = $1", [nth(1).leaf]);
    const checked = await victim.checkLog();
    expect(checked.ok).toBe(false);
  });

  it("L-01: exchanges two accesses", async () => {
    await clerk.query(
      `update log_own o set leaf = p.leaf, time = p.time, object = p.object
        from log_own p where o.number + p.number = $1 and o.number in ($2, $3)`,
      [nth(0).number + nth(1).number, nth(0).number, nth(1).number],
    );
    expect(await victim.checkLog()).toMatchObject(failing("not-logged"));
  });

  it("L-01: deletes an access and closes the gap", async () => {
    await clerk.query("delete from log_own where number = $1", [nth(1).number]);
    await clerk.query("update log_own set number = number - 1 where number > $1", [nth(1).number]);
    await clerk.query("update log_owner set leaves = leaves - 1");
    expect(await victim.checkLog()).toMatchObject(failing("not-logged"));
  });

  it("L-01: hides the newest accesses from her who has not seen them", async () => {
    await clerk.query(
      "delete from trail where request in (select object from log_own where number >= $1)",
      [nth(1).number],
    );
    await clerk.query("delete from log_own where number >= $1", [nth(1).number]);
    await clerk.query("update log_owner set leaves = $1", [nth(1).number]);
    expect(await victim.checkLog()).toMatchObject(failing("not-logged"));
  });

  it("L-01: deletes what an access was", async () => {
    await clerk.query(
      "delete from trail where request = (select object from log_own where leaf = $1)",
      [nth(1).leaf],
    );
    const { items } = must(await victim.trail());
    expect(items.flatMap(({ findings }) => findings)).toEqual(["entry-missing"]);
  });

  it("L-01: puts another entry in the place of what was said", async () => {
    await clerk.query(
      "update trail set entry = (select entry from trail order by request limit 1)",
    );
    const { items } = must(await victim.trail());
    const findings = items.flatMap(({ findings: some }) => some);
    expect(findings).toHaveLength(accesses.length - 1);
    expect(new Set(findings)).toEqual(new Set(["not-signed"]));
  });

  it("L-01: invents an access", async () => {
    await clerk.query(`insert into log_own
      select owner, number + 1, leaf, kind, time, sha256('never') from log_own
      order by number desc limit 1`);
    await clerk.query(`insert into trail select vault, sha256('never'), "grant", route, 1, capability, entry
      from trail limit 1`);
    expect(await victim.checkLog()).toMatchObject(failing("not-logged"));
  });

  it("L-01: edits a leaf before somebody who looks for her certificates among all", async () => {
    const issuer = await somebody();
    const stated = { role: "department", node: "d", parent: "o", name: "D" } as const;
    const certificate = certify(issuer.identity, { ...stated, card: reader.identity.card });
    must(await publishCertificates(cloud, issuer.identity, [certificate]));
    const look = async (): Promise<PublishedLeaves> =>
      new PublishedLeaves(must(await LogWatch.of(memoryKeyStore(), cloud)));
    const leaves = await look();
    must(await leaves.update());
    expect(leaves.find(certificate)).toMatchObject({ time: expect.any(Number) });
    await clerk.query("update log_leaf set bytes = set_byte(bytes, 20, 7) where leaf = $1", [
      nth(1).leaf,
    ]);
    expect(await (await look()).update()).toMatchObject(failing("log-inconsistent"));
  });

  it("L-01: rewrites the whole tree, and is held to what she has seen", async () => {
    must(await victim.checkLog());
    await clerk.query("update log_leaf set bytes = set_byte(bytes, 20, 7) where leaf = $1", [
      nth(1).leaf,
    ]);
    await rebuild();
    const checked = await victim.checkLog();
    expect(checked).toMatchObject(failing("log-fork"));
    if (checked.ok || checked.error.kind !== "log-fork") return;
    expect(verifyEvidence(checked.error.evidence ?? new Uint8Array())).toMatchObject({
      ok: true,
      value: { kind: "log-fork" },
    });
  });

  it("L-01: rewrites the whole tree, and lets it grow before she looks", async () => {
    must(await victim.checkLog());
    await clerk.query("update log_leaf set bytes = set_byte(bytes, 20, 7) where leaf = $1", [
      nth(1).leaf,
    ]);
    await rebuild();
    await newPatient(cloud);
    const checked = await victim.checkLog();
    expect(checked).toMatchObject(failing("log-inconsistent"));
    if (checked.ok || checked.error.kind !== "log-inconsistent") return;
    expect(verifyEvidence(checked.error.evidence ?? new Uint8Array())).toMatchObject({
      ok: true,
      value: { kind: "log-inconsistent" },
    });
  });

  it("L-01: takes the log back to an earlier state", async () => {
    must(await victim.checkLog());
    await clerk.query("delete from log_leaf where leaf >= $1", [nth(1).leaf]);
    await clerk.query("delete from log_own where leaf >= $1", [nth(1).leaf]);
    await rebuild();
    expect(await victim.checkLog()).toMatchObject(failing("log-rollback"));
  });

  it("L-01: changes what she has verified already, and is found by a second look at all", async () => {
    must(await victim.checkLog());
    await clerk.query("update log_leaf set bytes = set_byte(bytes, 20, 7) where leaf = $1", [
      nth(1).leaf,
    ]);
    expect((await victim.checkLog(true)).ok).toBe(false);
    expect((await victim.trail()).ok).toBe(false);
  });

  it("L-01: exchanges the log's key", async () => {
    must(await victim.checkLog());
    const lying: Cloud = { ...cloud, checkpoint: async () => ok({ checkpoint: await foreign() }) };
    const watch = must(await LogWatch.of(owner.store, lying));
    expect(await watch.check()).toMatchObject(failing("log-key-changed"));
  });

  /** A checkpoint of the same log under somebody else's key. */
  async function foreign(): Promise<Bytes> {
    const { LogSigner, signCheckpoint } = await import("@salus/service");
    const { id } = must(await cloud.about());
    const head = { log: id, size: 1000, root: merkleRoot([]), time: Date.now() };
    return signCheckpoint(new LogSigner(new Uint8Array(32).fill(5)), head);
  }
});

describe("K-11: a cloud shows two people two logs", () => {
  let other: RunningService;
  /** What the reader is shown. */
  let elsewhere: Cloud;
  let patient: Patient;
  let mine: LogWatch;
  let theirs: LogWatch;
  let homes: ReadonlyMap<LogWatch, KeyStore>;

  beforeEach(async () => {
    await copy("salus", "first");
    await copy("salus", "second");
    [running, other] = [await serve("first"), await serve("second")];
    [cloud, elsewhere] = [httpCloud(running.url), httpCloud(other.url)];
    patient = await again(cloud, owner);
    // Each in a store of its own: what one test pins is not for the next.
    const stores = [memoryKeyStore(), memoryKeyStore()] as const;
    [mine, theirs] = [
      must(await LogWatch.of(stores[0], cloud)),
      must(await LogWatch.of(stores[1], elsewhere)),
    ];
    homes = new Map([
      [mine, stores[0]],
      [theirs, stores[1]],
    ]);
  });
  afterEach(async () => {
    await running.close();
    await other.close();
  });

  const shown = (watch: LogWatch): Bytes => {
    if (watch.newest === undefined) throw new Error("the log was looked at");
    return watch.newest;
  };

  /** Let something happen at a cloud. */
  const grow = (at: Cloud, times = 1): Promise<readonly TestPatient[]> =>
    Promise.all(Array.from({ length: times }, () => newPatient(at)));

  it("two views of one log agree", async () => {
    must(await mine.check());
    must(await theirs.check());
    must(await mine.compare(shown(theirs)));
    await grow(cloud);
    must(await mine.compare(shown(theirs)));
  });

  it.each([
    ["log-inconsistent", 1, 2],
    ["log-inconsistent", 3, 1],
    ["log-fork", 2, 2],
  ] as const)("K-11, L-02: %s is found at the first comparing", async (kind, here, there) => {
    must(await mine.check());
    must(await theirs.check());
    await grow(cloud, here);
    await grow(elsewhere, there);
    // Nobody alone can tell.
    must(await mine.check());
    must(await theirs.check());
    const larger = here >= there ? mine : theirs;
    const smaller = here >= there ? theirs : mine;
    const compared = await larger.compare(shown(smaller));
    expect(compared).toMatchObject(failing(kind));
    if (compared.ok || !("evidence" in compared.error)) throw new Error("there is evidence");
    const { key } = must(verifyEvidence(compared.error.evidence ?? new Uint8Array()));
    expect(equalBytes(key, must(await cloud.about()).log)).toBe(true);
    const home = homes.get(larger) ?? memoryKeyStore();
    expect(must(await keptEvidence(home))).toEqual([compared.error.evidence]);
    const back = await smaller.compare(shown(larger));
    expect(back.ok).toBe(false);
  });

  it("K-11: the trail carries what a reader was shown to the patient", async () => {
    must(await mine.check());
    await grow(elsewhere, 2);
    // The reader's questions are answered by the true cloud, and her looks at the log by the other.
    const { checkpoint, consistency } = elsewhere;
    const store = memoryKeyStore();
    for (const name of await reader.store.list("")) {
      const bytes = must(await reader.store.read(name));
      if (bytes !== undefined && !name.startsWith("log/")) await store.write(name, bytes);
    }
    const split: Cloud = { ...cloud, checkpoint, consistency };
    await ask(await readerOf(split, { ...reader, store }), QUERY);
    await grow(cloud, 3);
    const { failure } = must(await patient.trail());
    expect(failure?.kind).toBe("log-inconsistent");
    must(verifyEvidence(failure?.evidence ?? new Uint8Array()));
  });
});
