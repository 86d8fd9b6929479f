import { toHex } from "@salus/base";
import { drawBatch, type Signer, scopeHandle, signCertificate } from "@salus/crypto";
import { digest, readSigned } from "@salus/evaluate";
import {
  type BatchItem,
  Digest,
  encodeMessage,
  type Problem,
  receiptSchema,
} from "@salus/protocol";
import { newSigner, read } from "@salus/testkit/asker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { type Facts, must } from "./patient.ts";
import { type BatchChange, signBatch } from "./signed-batch.ts";
import { recordsOf, Story } from "./story.ts";
import type { TestSource } from "./test-source.ts";

// Goal: a batch is stored wholly or not at all, once, and only where its source may write.
// Method: one fault in each batch; after each the database holds exactly what it held before.

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.stop());

const TABLES = [
  ...["vault", "batch", "batch_wrap", "source", "scope", "record", "index_column"],
  ...["ordered_entry", "sealed_entry", "tag_list", "author_certificate", "certificate"],
];

/** Everything that is stored, as one text. */
async function stored(): Promise<string> {
  const all: unknown[] = [];
  for (const table of TABLES) {
    const { rows } = await cloud.database.client.query(`select * from ${table} order by 1, 2`);
    all.push(rows);
  }
  return JSON.stringify(all);
}

const FACTS: Facts = { id: "a", days: [10], score: 3, words: ["red"] };

/** Send a batch that is refused, and see that nothing of it was stored. */
async function refused(
  story: Story,
  source: TestSource,
  facts: readonly Facts[],
  change?: BatchChange,
): Promise<Problem | undefined> {
  const batch = await story.batch(source, facts, change);
  const before = await stored();
  const answered = await story.send(source, batch);
  expect(await stored()).toBe(before);
  expect(answered.status).toBeGreaterThanOrEqual(400);
  return answered.problem;
}

describe("a batch", () => {
  it("is stored once, however often it is sent", async () => {
    const story = await Story.begin(cloud);
    const batch = await story.batch(story.first, [FACTS, { ...FACTS, id: "b" }]);
    const first = read(await story.send(story.first, batch), receiptSchema);
    const before = await stored();
    const second = read(await story.send(story.first, batch), receiptSchema);
    expect(first).toMatchObject({ number: 1, records: 2, entries: 8, replayed: false });
    expect(second).toEqual({ ...first, replayed: true });
    expect(await stored()).toBe(before);
  });

  it("is stored once when it is sent many times at once", async () => {
    const story = await Story.begin(cloud);
    const batch = await story.batch(story.first, [FACTS]);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => story.send(story.first, batch)),
    );
    const receipts = answers.map((answered) => read(answered, receiptSchema));
    expect(receipts.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it("replaces the entries of the revision before", async () => {
    const story = await Story.begin(cloud);
    await story.upload(story.first, [FACTS]);
    const moved: Facts = { id: "a", revision: 2, days: [20, 30], dose: 5 };
    await story.upload(story.first, [moved]);
    const page = await recordsOf(story.owner, story);
    expect(page.records).toHaveLength(1);
    expect(page.records[0]?.revision).toBe(2);
    expect(page.records[0]?.entries).toHaveLength(5);
    const { rows } = await cloud.database.client.query(
      "select count(*)::int as n from tag_list where vault = $1",
      [Buffer.from(story.vault.slice(0, 16))],
    );
    expect(rows[0]?.n).toBe(0);
  });

  it("that deletes leaves a tombstone, which is listed and not found", async () => {
    const story = await Story.begin(cloud);
    await story.upload(story.first, [FACTS]);
    await story.upload(story.first, [{ id: "a", revision: 2, tombstone: true }]);
    expect((await story.owner.query(story.vault, {})).candidates).toEqual([]);
    const page = await recordsOf(story.owner, story);
    expect(page.records).toMatchObject([{ revision: 2, entries: [] }]);
  });

  it("of index items replaces entries and leaves the envelope", async () => {
    const story = await Story.begin(cloud);
    await story.upload(story.first, [FACTS]);
    const before = await recordsOf(story.owner, story);
    const entries = story.entries(story.first, { id: "a", days: [7], words: ["blue"] });
    const record = story.record(story.first, "a");
    await story.upload(story.first, [], { items: [{ record, revision: 1, entries }] });
    const after = await recordsOf(story.owner, story);
    expect(after.records[0]?.entries.map(({ entry }) => entry)).toEqual(entries);
    expect(after.records[0]?.envelope).toEqual(before.records[0]?.envelope);
    expect(after.records[0]?.batch).toEqual(before.records[0]?.batch);
    expect(after.records[0]?.entries[0]?.batch).not.toEqual(before.records[0]?.batch);
  });

  it("by a certified author brings the certificates that readers need", async () => {
    const story = await Story.begin(cloud);
    const department = newSigner();
    const physician = newSigner();
    const certificates = [
      certify(story.first.signer, department, "department", "ward", "hospital"),
      certify(department, physician, "physician", "doctor", "ward"),
    ];
    await story.upload(story.first, [FACTS], { author: physician, certificates });
    const answer = await story.owner.query(story.vault, {});
    expect(answer.certificates.map(toHex).toSorted()).toEqual(certificates.map(toHex).toSorted());
  });

  it("introduces scopes below its organisation, for itself alone", async () => {
    const story = await Story.begin(cloud, 2);
    const ward: Facts = { id: "w", ward: 5 };
    const scopes = [scopeHandle(story.wardKey(story.first))];
    expect(await refused(story, story.first, [ward])).toEqual({ kind: "unknown-scope" });
    await story.upload(story.first, [ward], { scopes });
    await story.upload(story.first, [{ ...ward, id: "v" }]);
    const claimed = await refused(story, story.second, [FACTS], { scopes });
    expect(claimed).toEqual({ kind: "not-yours" });
    const entries = story.entries(story.first, ward);
    const borrowed = await story.batch(story.second, [FACTS]);
    const [item] = borrowed.upload.items as [BatchItem & { envelope: Uint8Array<ArrayBuffer> }];
    const items = [{ ...item, entries }];
    const { wraps } = borrowed.upload;
    const read = readSigned("batch", borrowed.upload.statement);
    const { batch } = must(read).unverified;
    const forged = signBatch(story, story.second, { batch, wraps, items, scopes: [] });
    const before = await stored();
    expect((await story.send(story.second, forged)).problem).toEqual({ kind: "not-yours" });
    expect(await stored()).toBe(before);
  });
});

function certify(
  issuer: Signer,
  subject: Signer,
  role: "department" | "physician",
  node: string,
  parent: string,
): Uint8Array<ArrayBuffer> {
  const kem = new Uint8Array(32) as never;
  return signCertificate(issuer, {
    ...{ subject: subject.key, role, node, parent, name: node, identifiers: [] },
    ...{ suite: 2, kem, notBefore: 0, expires: 10_000 },
  });
}

describe("a batch is refused, and nothing of it stored,", () => {
  it("when its number is not the next, saying which is", async () => {
    const story = await Story.begin(cloud);
    await story.upload(story.first, [FACTS]);
    const next = { number: 2, hash: story.first.prev };
    const later: Facts = { ...FACTS, id: "b" };
    for (const statement of [{ number: 3 }, { number: 1 }]) {
      const problem = await refused(story, story.first, [later], { statement });
      expect(problem).toEqual({ kind: "batch-number", ...next });
    }
    const prev = Digest.of(new Uint8Array(32));
    const problem = await refused(story, story.first, [later], { statement: { prev } });
    expect(problem).toEqual({ kind: "batch-number", ...next });
  });

  it("when two come out of order", async () => {
    const story = await Story.begin(cloud);
    const first = await story.batch(story.first, [FACTS]);
    first.commit();
    const second = await story.batch(story.first, [{ ...FACTS, id: "b" }]);
    const early = await story.send(story.first, second);
    expect(early.problem?.kind).toBe("batch-number");
    expect((await story.send(story.first, first)).status).toBe(200);
    expect((await story.send(story.first, second)).status).toBe(200);
  });

  it("when its handle was used for another", async () => {
    const story = await Story.begin(cloud);
    const batch = drawBatch();
    await story.upload(story.first, [FACTS], { batch });
    const problem = await refused(story, story.first, [{ ...FACTS, id: "b" }], { batch });
    expect(problem).toEqual({ kind: "batch-reused" });
  });

  it("when a record has moved on, saying to what", async () => {
    const story = await Story.begin(cloud);
    const record = story.record(story.first, "a");
    const early = await refused(story, story.first, [{ ...FACTS, revision: 2 }]);
    expect(early).toEqual({ kind: "revision-conflict", record, revision: 0 });
    await story.upload(story.first, [FACTS]);
    await story.upload(story.first, [{ ...FACTS, revision: 2 }]);
    const fresh: Facts = { ...FACTS, id: "b" };
    const problem = await refused(story, story.first, [fresh, { ...FACTS, revision: 2 }]);
    expect(problem).toEqual({ kind: "revision-conflict", record, revision: 2 });
    const items = [{ record, revision: 1, entries: [] }];
    const index = await refused(story, story.first, [], { items });
    expect(index).toEqual({ kind: "revision-conflict", record, revision: 2 });
  });

  it("when it gives entries to a tombstone", async () => {
    const story = await Story.begin(cloud);
    await story.upload(story.first, [{ id: "a", tombstone: true }]);
    const entries = story.entries(story.first, FACTS);
    const items = [{ record: story.record(story.first, "a"), revision: 1, entries }];
    const problem = await refused(story, story.first, [], { items });
    expect(problem?.kind).toBe("malformed");
  });

  it("when root or wraps are not those that were signed", async () => {
    const story = await Story.begin(cloud);
    for (const statement of [
      { root: Digest.of(new Uint8Array(32)) },
      { wraps: Digest.of(new Uint8Array(32)) },
    ]) {
      const problem = await refused(story, story.first, [FACTS], { statement });
      expect(problem).toEqual({ kind: "root-mismatch" });
    }
  });

  it("when the chain has no link like the head that it names", async () => {
    const story = await Story.begin(cloud);
    const hash = Digest.of(new Uint8Array(32));
    for (const head of [
      { seq: 1, hash },
      { seq: 9999, hash: digest(story.links[0] as Uint8Array) },
    ]) {
      const problem = await refused(story, story.first, [FACTS], { statement: { head } });
      expect(problem).toEqual({ kind: "chain-fork" });
    }
  });

  it("when it is another source's, another vault's, or signed by another key", async () => {
    const story = await Story.begin(cloud, 2);
    const other = await Story.begin(cloud);
    const { first, second } = story;
    const change = { statement: { source: first.handle, number: 1 } };
    expect(await refused(story, second, [FACTS], change)).toEqual({ kind: "wrong-key" });
    const whole = await story.batch(first, [FACTS]);
    expect((await story.send(second, whole)).problem).toEqual({ kind: "not-yours" });
    expect((await other.send(other.first, whole)).problem).toEqual({ kind: "unknown-vault" });
    const signer = newSigner();
    expect(await refused(story, first, [FACTS], { signer })).toEqual({ kind: "wrong-key" });
  });

  it("when cell, scope or record are another source's", async () => {
    const story = await Story.begin(cloud, 2);
    const { first, second } = story;
    await story.upload(first, [FACTS]);
    const record = story.record(first, "a");
    const foreign = await refused(story, second, [], {
      items: [{ record, revision: 1, entries: [] }],
    });
    expect(foreign).toEqual({ kind: "not-yours" });
    const mine = await story.upload(second, [{ ...FACTS, id: "mine" }]);
    expect(mine.records).toBe(1);
    const entries = story.entries(first, { id: "mine", days: [4] });
    const items = [{ record: story.record(second, "mine"), revision: 1, entries }];
    expect(await refused(story, second, [], { items })).toEqual({ kind: "not-yours" });
    const cells = story.entries(first, { id: "mine", words: ["red"] });
    const inCell = [{ record: story.record(second, "mine"), revision: 1, entries: cells }];
    expect(await refused(story, second, [], { items: inCell })).toEqual({ kind: "not-yours" });
  });

  it("when its author is not certified below the source", async () => {
    const story = await Story.begin(cloud);
    const stranger = newSigner();
    const problem = await refused(story, story.first, [FACTS], { author: stranger });
    expect(problem).toEqual({ kind: "not-yours" });
    const certificates = [certify(newSigner(), stranger, "department", "ward", "hospital")];
    const elsewhere = await refused(story, story.first, [FACTS], {
      author: stranger,
      certificates,
    });
    expect(elsewhere).toEqual({ kind: "not-yours" });
  });

  it("when its author is suspended, however much strangers say of her", async () => {
    const story = await Story.begin(cloud);
    const author = newSigner();
    const above = story.first.signer;
    const certificate = certify(above, author, "department", "ward", "hospital");
    const of = digest(certificate);
    // What stands first by its hash is read first, and more than is ever read stands first.
    await cloud.database.client.query(
      `insert into provider_statement (place, hash, type, bytes) select $1,
        int8send(n) || decode(repeat('00', 24), 'hex'), 'certificate/status', $2
        from generate_series(1, 20000) as n`,
      [Buffer.from(of), Buffer.alloc(200)],
    );
    const signed = above.sign("certificate/status", {
      ...{ certificate: of, status: "suspended", seq: 1, time: 1 },
    });
    const told = await new Asker(cloud, above).post("/v1/providers", { certificates: [signed] });
    expect(told.status).toBe(200);
    const change = { author, certificates: [certificate] };
    const problem = await refused(story, story.first, [FACTS], change);
    expect(problem).toEqual({ kind: "certificate-suspended" });
  });

  it("when its cell, its scope or its source is over", async () => {
    const story = await Story.begin(cloud, 2);
    const { first, second } = story;
    story.append("chain/generation", {
      closes: { cells: [story.cell(first)], scopes: [story.scope(second)] },
    });
    await story.sync();
    expect(await refused(story, first, [{ id: "a" }])).toEqual({ kind: "not-live" });
    expect(await refused(story, second, [FACTS])).toEqual({ kind: "not-live" });
    story.openCell(first);
    await story.sync();
    await story.upload(first, [FACTS]);
    const { handle, signer, kem } = first;
    story.append("chain/roster", { op: "end", source: handle, key: signer.key, ...kem.public });
    await story.sync();
    expect(await refused(story, first, [{ ...FACTS, id: "b" }])).toEqual({ kind: "not-live" });
  });

  it("when it says a thing twice, or wraps what it does not seal", async () => {
    const story = await Story.begin(cloud);
    const twice = await refused(story, story.first, [FACTS, FACTS]);
    expect(twice).toEqual({ kind: "malformed", what: "record named twice" });
    const whole = await story.batch(story.first, [FACTS]);
    const { upload } = whole;
    const bare = encodeMessage({ ...upload, wraps: [] });
    const asker = new Asker(cloud, story.first.signer);
    const answered = await asker.request("POST", `${story.path}/batches`, bare);
    expect(answered.problem).toEqual({ kind: "malformed", what: "wraps" });
  });
});
