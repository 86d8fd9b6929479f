import { toHex } from "@salus/base";
import { checkRoots, readSigned } from "@salus/evaluate";
import {
  batchPageSchema,
  historyPageSchema,
  RecordHandle,
  revisionsAnswerSchema,
} from "@salus/protocol";
import { newSigner, read } from "@salus/testkit/asker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { type Facts, must } from "./patient.ts";
import { recordsOf, Story } from "./story.ts";

// Goal: what was uploaded is shown whole to whom it may be shown, so that it can be verified.
// Method: the owner, the source, another source and a grantee ask for the same.

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.stop());

const FACTS: Facts = { id: "a", days: [10], score: 3, words: ["red"] };

describe("what was uploaded", () => {
  it("is listed batch by batch, so that a reader can check every root", async () => {
    const story = await Story.begin(cloud, 2);
    await story.upload(story.first, [FACTS, { ...FACTS, id: "b" }]);
    await story.upload(story.second, [FACTS]);
    await story.upload(story.first, [{ ...FACTS, revision: 2 }]);
    const path = `${story.path}/batches?source=${toHex(story.first.handle)}`;
    const page = read(await story.owner.get(path), batchPageSchema);
    expect(page.more).toBe(false);
    expect(page.batches).toHaveLength(2);
    for (const { statement, wraps, leaves } of page.batches) {
      const signed = must(readSigned("batch", statement)).unverified;
      expect(checkRoots(signed, wraps, leaves).ok).toBe(true);
    }
    const later = read(await story.owner.get(`${path}&from=2`), batchPageSchema);
    expect(later.batches).toEqual(page.batches.slice(1));
    const mine = new Asker(cloud, story.first.signer);
    expect(read(await mine.get(path), batchPageSchema)).toEqual(page);
    const other = new Asker(cloud, story.second.signer);
    expect((await other.get(path)).problem).toEqual({ kind: "not-yours" });
  });

  it("is listed record by record, with the rows of the index as they stand", async () => {
    const story = await Story.begin(cloud);
    const facts = Array.from({ length: 7 }, (_, at) => ({ ...FACTS, id: `r${at}` }));
    await story.upload(story.first, facts);
    const handles = facts.map(({ id }) => toHex(story.record(story.first, id))).toSorted();
    const first = await recordsOf(story.owner, story, { limit: 4 });
    const after = first.records.at(-1)?.record;
    expect(first.more).toBe(true);
    const second = await recordsOf(story.owner, story, { limit: 4, ...(after && { after }) });
    expect(second.more).toBe(false);
    const all = [...first.records, ...second.records];
    expect(all.map(({ record }) => toHex(record))).toEqual(handles);
    expect(all.every(({ entries, envelope }) => entries.length === 4 && envelope.length > 0)).toBe(
      true,
    );
    expect(first.wraps).toHaveLength(1);
    await cloud.database.client.query("delete from sealed_entry where vault = $1", [
      Buffer.from(story.vault.slice(0, 16)),
    ]);
    const robbed = await recordsOf(story.owner, story);
    expect(robbed.records.every(({ entries }) => entries.length === 3)).toBe(true);
  });

  it("is shown to its source without envelopes, and to a grantee by cell", async () => {
    const story = await Story.begin(cloud, 2, ["laboratory", "vitals"]);
    const vitals = { ...FACTS, id: "v", category: "vitals" };
    await story.upload(story.first, [FACTS, vitals]);
    const source = new Asker(cloud, story.first.signer);
    const own = await recordsOf(source, story);
    expect(own.records).toHaveLength(2);
    expect(own.records.every(({ envelope }) => envelope.length === 0)).toBe(true);
    expect(own.wraps).toEqual([]);
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    const reader = new Asker(cloud, grantee, grant);
    const page = await recordsOf(reader, story);
    expect(page.records.map(({ record }) => record)).toEqual([story.record(story.first, "a")]);
    const path = `${story.path}/records`;
    const question = { ...{ after: new Uint8Array(), limit: 9, entries: false } };
    const other = await reader.post(path, { ...question, source: story.second.handle });
    expect(other.problem).toEqual({ kind: "outside-grant" });
    const foreign = await source.post(path, { ...question, source: story.second.handle });
    expect(foreign.problem).toEqual({ kind: "not-yours" });
  });

  it("has revisions, which its source alone may ask for", async () => {
    const story = await Story.begin(cloud, 2);
    await story.upload(story.first, [FACTS, { ...FACTS, id: "b" }]);
    await story.upload(story.first, [{ ...FACTS, revision: 2 }]);
    await story.upload(story.second, [{ ...FACTS, id: "theirs" }]);
    const records = [
      story.record(story.first, "b"),
      RecordHandle.of(new Uint8Array(16)),
      story.record(story.first, "a"),
      story.record(story.second, "theirs"),
    ];
    const path = `${story.path}/revisions`;
    const source = new Asker(cloud, story.first.signer);
    const answer = read(await source.post(path, { records }), revisionsAnswerSchema);
    expect(answer.revisions.map(({ revision }) => revision)).toEqual([1, 0, 2, 0]);
    expect(answer.revisions.map(({ cell }) => cell.length)).toEqual([16, 0, 16, 0]);
    expect((await story.owner.post(path, { records })).problem).toEqual({ kind: "not-yours" });
  });

  it("stays as it was when it is replaced or deleted, for whom it was shown to", async () => {
    const story = await Story.begin(cloud, 2, ["laboratory", "vitals"]);
    await story.upload(story.first, [FACTS, { ...FACTS, id: "v", category: "vitals" }]);
    const before = await recordsOf(story.owner, story);
    await story.upload(story.first, [
      { ...FACTS, revision: 2, score: 4 },
      { ...FACTS, id: "v", category: "vitals", revision: 2 },
    ]);
    await story.upload(story.first, [{ id: "a", revision: 3, tombstone: true }]);
    await story.upload(story.second, [{ ...FACTS, id: "s" }]);
    const [a, v] = ["a", "v"].map((id) => story.record(story.first, id)) as [
      RecordHandle,
      RecordHandle,
    ];
    const nobody = RecordHandle.of(new Uint8Array(16));
    const history = async (
      asker: Asker,
      records: readonly RecordHandle[],
      begin = 0,
      limit = 100,
    ) => {
      const question = { records, before: begin, limit };
      return read(await asker.post(`${story.path}/history`, question), historyPageSchema);
    };
    const all = await history(story.owner, [v, nobody, a, story.record(story.second, "s")]);
    const told = all.revisions.map(({ record, revision }) => [toHex(record), revision]);
    const s = toHex(story.record(story.second, "s"));
    expect(told).toEqual([
      ...[2, 1].map((revision) => [toHex(v), revision]),
      ...[3, 2, 1].map((revision) => [toHex(a), revision]),
      [s, 1],
    ]);
    const first = before.records.find(({ record }) => toHex(record) === toHex(a));
    expect(all.revisions[4]).toEqual({
      record: first?.record,
      revision: 1,
      batch: first?.batch,
      envelope: first?.envelope,
    });
    expect(all.wraps).toHaveLength(6);
    // A page at a time, from the one before on.
    const page = await history(story.owner, [v, a], 2, 2);
    expect(page.revisions.map(({ revision }) => revision)).toEqual([1, 3]);
    expect([page.more, (await history(story.owner, [a], 3, 2)).more]).toEqual([true, false]);
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    const reader = new Asker(cloud, grantee, grant);
    const theirs = await history(reader, [v, a, story.record(story.second, "s")]);
    expect(theirs.revisions.map(({ revision }) => revision)).toEqual([3, 2, 1]);
    // Nothing is found by what it said once.
    const rows = await recordsOf(story.owner, story);
    expect(rows.records.flatMap(({ entries }) => entries)).toHaveLength(4);
  });
});
