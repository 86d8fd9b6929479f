import { setTimeout as sleep } from "node:timers/promises";
import { type Bytes, concat, toHex, utf8 } from "@salus/base";
import {
  digest,
  leafHash,
  leafMark,
  logLeaf,
  merkleRoot,
  PUBLIC_SALT,
  verifyConsistency,
  verifyInclusion,
  verifySigned,
} from "@salus/evaluate";
import { type Checkpoint, encodeLogLeaf } from "@salus/protocol";
import {
  appendToLog,
  inTransaction,
  LOG_TABLES,
  type LogEntry,
  type LogSchema,
  LogSigner,
  MerkleLog,
  openPool,
  type Pool,
} from "@salus/service";
import { must } from "@salus/testkit";
import { SERVERS, startDatabase, type TestDatabase } from "@salus/testkit/database";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

// Goal: what a transaction enters is in the log once, if and only if the transaction is committed;
// proofs from the database verify; several processes on one database make one log.
// Method: the log on real databases, against the tree of RFC 6962 over all its leaves.

const ANN = Uint8Array.from({ length: 16 }, () => 0xaa);
const BEN = Uint8Array.from({ length: 16 }, () => 0xbb);
const SIGNER = new LogSigner(digest(utf8("a log's seed")));

const access = (owner: Bytes, name: string): LogEntry => ({
  ...{ kind: "access", of: { owner }, object: digest(utf8(name)) },
});

describe.each(SERVERS)("on %s", (_, binaries) => {
  let database: TestDatabase;
  let pool: Pool<LogSchema>;
  let log: MerkleLog;
  let faults: unknown[];
  beforeAll(async () => {
    database = await startDatabase(binaries);
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    await database.client.query("drop schema public cascade");
    await database.client.query("create schema public");
    for (const statement of LOG_TABLES) await database.client.query(statement);
    const connection = database.server.connection;
    pool = openPool({ connection, max: 4, settings: {}, onLost: () => undefined });
    faults = [];
    log = await open();
  });
  afterEach(() => pool.end());

  const open = (signer = SIGNER): Promise<MerkleLog> =>
    MerkleLog.open({
      ...{ db: pool.db, id: "a service", signer, now: Date.now },
      onFault: (error) => faults.push(error),
    });

  const enter = (...entries: readonly LogEntry[]): Promise<void> =>
    appendToLog(pool.db, Date.now(), entries);

  async function checkpoint(): Promise<Checkpoint> {
    return must(verifySigned("checkpoint", await log.checkpoint(), SIGNER.key)).payload;
  }

  async function allLeaves(): Promise<readonly Bytes[]> {
    const page = await log.leaves(0);
    expect(page.more).toBe(false);
    return page.leaves;
  }

  it("an empty log has a checkpoint", async () => {
    expect(await checkpoint()).toMatchObject({ log: "a service", size: 0, root: merkleRoot([]) });
    expect(must(await log.consistency(0, 0)).proof).toEqual([]);
  });

  it("what is rolled back is not entered, and what is committed is, once", async () => {
    await inTransaction(pool.db, async (trx) => {
      await appendToLog(trx, Date.now(), [access(ANN, "undone")]);
      return { ok: false, error: { kind: "changed-my-mind" } };
    });
    await inTransaction(pool.db, async (trx) => {
      await appendToLog(trx, Date.now(), [access(ANN, "done")]);
      return { ok: true, value: undefined };
    });
    await log.settle();
    await log.settle();
    expect(await checkpoint()).toMatchObject({ size: 1 });
    const page = must(await log.ownLeaves(ANN, 0, 1));
    expect(page.leaves.map(({ object }) => object)).toEqual([digest(utf8("done"))]);
  });

  it("proofs verify for every leaf and every two sizes", async () => {
    const roots = [merkleRoot([])];
    for (let size = 1; size <= 20; size += 1) {
      await enter(access(size % 3 === 0 ? BEN : ANN, `entry ${size}`));
      await log.settle();
      const head = await checkpoint();
      expect(head.root).toEqual(merkleRoot(await allLeaves()));
      roots.push(head.root);
      for (let from = 0; from <= size; from += 1) {
        const { proof } = must(await log.consistency(from, size));
        const older = { size: from, root: roots[from] as (typeof roots)[0] };
        expect(verifyConsistency(older, head, proof).ok).toBe(true);
      }
    }
    const head = await checkpoint();
    for (const [index, leaf] of (await allLeaves()).entries()) {
      const { proof } = must(await log.inclusion(index, head.size));
      expect(verifyInclusion(head, index, leafHash(leaf), proof).ok).toBe(true);
    }
  });

  it("an owner finds her leaves, numbered without gaps, and nobody else does", async () => {
    await enter(access(ANN, "a0"), access(BEN, "b0"), access(ANN, "a1"));
    await enter({ kind: "certificate", of: "public", object: digest(utf8("c")) });
    await enter({ kind: "look-up", of: "nobody", object: digest(utf8("l")) });
    await log.settle();
    await enter(access(ANN, "a2"));
    await log.settle();
    const head = await checkpoint();
    const leaves = await allLeaves();
    const { salt, leaves: own } = must(await log.ownLeaves(ANN, 0, head.size));
    expect(own.map(({ number }) => number)).toEqual([0, 1, 2]);
    expect(own.map(({ object }) => toHex(object))).toEqual(
      ["a0", "a1", "a2"].map((name) => toHex(digest(utf8(name)))),
    );
    for (const { index, proof, ...content } of own) {
      const leaf = encodeLogLeaf(logLeaf(salt, content));
      expect(leaf).toEqual(leaves[index]);
      expect(verifyInclusion(head, index, leafHash(leaf), proof).ok).toBe(true);
    }
    expect(must(await log.ownLeaves(ANN, 2, head.size)).leaves).toHaveLength(1);
    expect(must(await log.ownLeaves(ANN, 0, 2)).leaves).toHaveLength(1);
    expect(leaves.some((leaf) => contains(leaf, ANN) || contains(leaf, BEN))).toBe(false);
    const open = logLeaf(PUBLIC_SALT, {
      ...{ kind: "certificate", number: 0, object: digest(utf8("c")) },
      time: 0,
    });
    expect(leaves.filter((leaf) => contains(leaf, open.commitment))).toHaveLength(1);
    expect(leaves.filter((leaf) => contains(leaf, leafMark(salt, 1)))).toHaveLength(1);
  });

  it("leaves of an owner who is forgotten stay, and open for nobody", async () => {
    await enter(access(ANN, "a0"), access(BEN, "b0"));
    await log.settle();
    const before = await checkpoint();
    for (const table of ["log_pending", "log_own", "log_owner"]) {
      await sql`delete from ${sql.table(table)} where owner = ${ANN}::uuid`.execute(pool.db);
    }
    await log.settle();
    expect((await checkpoint()).root).toEqual(before.root);
    const page = must(await log.ownLeaves(ANN, 0, 2));
    expect(page).toMatchObject({ salt: new Uint8Array(32), leaves: [] });
    expect(must(await log.ownLeaves(BEN, 0, 2)).leaves).toHaveLength(1);
  });

  it("several processes on one database make one log, and lose and double nothing", async () => {
    const logs = [log, await open(), await open()];
    const count = 60;
    await Promise.all(
      Array.from({ length: count }, async (_, at) => {
        await enter(access(at % 2 === 0 ? ANN : BEN, `entry ${at}`));
        await logs[at % 3]?.settle();
      }),
    );
    for (const one of logs) await one.settle();
    const head = await checkpoint();
    expect(head).toMatchObject({ size: count, root: merkleRoot(await allLeaves()) });
    const own = [ANN, BEN].map(async (owner) => must(await log.ownLeaves(owner, 0, count)).leaves);
    const objects = (await Promise.all(own)).flat().map(({ object }) => toHex(object));
    const entered = Array.from({ length: count }, (_, at) => toHex(digest(utf8(`entry ${at}`))));
    expect(objects.sort()).toEqual(entered.sort());
    expect(faults).toEqual([]);
  });

  it("gives places by itself within a second, and stops when it is closed", async () => {
    log.start();
    await enter(access(ANN, "a0"));
    const began = Date.now();
    while ((await allLeaves()).length === 0 && Date.now() - began < 20_000) await sleep(20);
    await log.close();
    await enter(access(ANN, "a1"));
    await sleep(600);
    expect(await allLeaves()).toHaveLength(1);
  });

  it("a checkpoint has what was entered before it was asked for, by whichever process", async () => {
    const logs = [log, await open(), await open()];
    await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const name = `entry ${at}`;
        await enter(access(ANN, name));
        const signed = await logs[at % 3]?.checkpoint();
        const { size } = must(verifySigned("checkpoint", signed ?? new Uint8Array())).payload;
        const { leaves } = must(await log.ownLeaves(ANN, 0, size));
        expect(leaves.map(({ object }) => toHex(object))).toContain(toHex(digest(utf8(name))));
      }),
    );
    expect(faults).toEqual([]);
  });

  it("a transaction that is cut off while places are given leaves all as it was", async () => {
    await enter(access(ANN, "a0"));
    await log.settle();
    await enter(access(ANN, "a1"));
    // The last statement of the sequencer cannot be carried out, so that all before it is undone.
    await database.client.query("alter table log_head add constraint stop check (size < 2)");
    await log.settle();
    expect(faults).toHaveLength(1);
    expect(await allLeaves()).toHaveLength(1);
    await database.client.query("alter table log_head drop constraint stop");
    await log.settle();
    const head = await checkpoint();
    expect(head).toMatchObject({ size: 2, root: merkleRoot(await allLeaves()) });
    expect(must(await log.ownLeaves(ANN, 0, 2)).leaves).toHaveLength(2);
  });

  it("puts nothing on top of a tree that was changed", async () => {
    await enter(access(ANN, "a0"), access(ANN, "a1"), access(ANN, "a2"));
    await log.settle();
    await database.client.query("update log_node set hash = sha256('other') where level = 1");
    await enter(access(ANN, "a3"));
    await log.settle();
    expect(await checkpoint()).toMatchObject({ size: 3 });
    expect(faults).toMatchObject([
      { message: "the log was changed" },
      { message: "the log was changed" },
    ]);
  });

  it("refuses a key that clients have not pinned", async () => {
    await expect(open(new LogSigner(digest(utf8("another"))))).rejects.toMatchObject({
      kind: "wrong-service-keys",
    });
  });

  it("refuses places that the tree does not have", async () => {
    await enter(access(ANN, "a0"));
    await log.settle();
    const malformed = { ok: false, error: { kind: "malformed" } };
    expect(await log.consistency(0, 2)).toMatchObject(malformed);
    expect(await log.consistency(1, 0)).toMatchObject(malformed);
    expect(await log.inclusion(1, 1)).toMatchObject(malformed);
    expect(await log.inclusion(0, 2)).toMatchObject(malformed);
    expect(await log.ownLeaves(ANN, 0, 2)).toMatchObject(malformed);
  });
});

function contains(bytes: Bytes, part: Uint8Array): boolean {
  return toHex(concat(bytes)).includes(toHex(part));
}
