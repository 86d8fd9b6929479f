import { equalBytes, toHex } from "@salus/base";
import type { Query, QueryAnswer } from "@salus/protocol";
import { newSigner } from "@salus/testkit/asker";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { LABORATORY } from "./patient.ts";
import { factsOf, holds, probesFor, question, RECORDS, type Written } from "./query-oracle.ts";
import { Story } from "./story.ts";
import type { TestSource } from "./test-source.ts";

// Goal: a query finds what a plain search over the same facts finds, page by page and in order, and
// nothing that its signer may not have.
// Method: three sources whose facts are drawn from a seed; random questions against an oracle that
// knows the facts; then pages, groups, updates and grants by example.

let cloud: TestCloud;
let story: Story;
let written: Written[];

beforeAll(async () => {
  cloud = await startTestCloud();
  story = await Story.begin(cloud, 3, [LABORATORY, "vitals"]);
  written = [];
  for (const [n, source] of story.sources.entries()) {
    const facts = Array.from({ length: RECORDS }, (_, at) => factsOf(n, at));
    await story.upload(source, facts.slice(0, 40));
    await story.upload(source, facts.slice(40));
    for (const one of facts) {
      written.push({ ...one, source, handle: toHex(story.record(source, one.id)) });
    }
  }
});
afterAll(() => cloud.stop());

/** Every page of a query. */
async function pages(asker: Asker, query: Partial<Query>): Promise<readonly QueryAnswer[]> {
  const all: QueryAnswer[] = [];
  let cursor: Query["cursor"] = new Uint8Array();
  do {
    const page = await asker.query(story.vault, { ...query, cursor });
    all.push(page);
    cursor = page.cursor;
    expect(all.length).toBeLessThan(500);
  } while (cursor.length > 0);
  return all;
}

function handles(answers: readonly QueryAnswer[]): readonly string[] {
  return answers.flatMap((answer) => answer.candidates.map(({ record }) => toHex(record)));
}

describe("answers", () => {
  it("agree with an oracle that knows the facts", async () => {
    await fc.assert(
      fc.asyncProperty(question, async ({ clauses, sources, limit, sorted, descending }) => {
        const asked = sources.length === 0 ? [0, 1, 2] : sources;
        const answered = await pages(story.owner, {
          clauses: clauses.map((one) => one.flatMap((each) => probesFor(story, each))),
          order: sorted ? [story.dayColumn(undefined)] : [],
          sources: sources.map((at) => (story.sources[at] as TestSource).handle),
          ...{ limit, descending, total: true },
        });
        const found = handles(answered);
        const matching = (slack: number): string[] =>
          written
            .filter((one) => asked.some((at) => story.sources[at] === one.source))
            .filter((one) => clauses.every((any) => any.some((c) => holds(c, one, slack))))
            .map((one) => one.handle);
        expect(new Set(found).size).toBe(found.length);
        expect(matching(1)).toEqual(expect.arrayContaining([...found]));
        expect(found).toEqual(expect.arrayContaining(matching(0)));
        for (const page of answered) expect(page.total).toBe(found.length);
      }),
      { numRuns: 60 },
    );
  });

  it("hold the envelope, its revision and batch, and the wrap that opens it", async () => {
    const probe = story.wordProbes("red", [story.first]);
    const answer = await story.owner.query(story.vault, { clauses: [probe], limit: 1 });
    const [candidate] = answer.candidates;
    expect(candidate?.revision).toBe(1);
    expect(candidate?.envelope.slice(96, 112)).toEqual(candidate?.batch);
    const cell = story.cell(story.first);
    expect(answer.wraps).toHaveLength(1);
    expect(answer.wraps[0]?.cell).toEqual(cell);
    expect(answer.wraps[0]?.batch).toEqual(candidate?.batch);
  });

  it("say what they cost, and name every source with its newest batch", async () => {
    const clauses = [story.sealedProbes("dose", 1, 9)];
    const answer = await story.owner.query(story.vault, { clauses });
    expect(answer.cost.probes).toBe(3);
    expect(answer.cost.scanned).toBeGreaterThan(0);
    expect(answer.sources).toEqual(
      story.sources.map(({ handle, number, prev }) => ({
        ...{ source: handle, status: "answered", number, hash: prev },
      })),
    );
  });

  it("say nothing of an attribute that has no entry yet", async () => {
    const [probe] = story.sealedProbes("score", 1, 9, [story.first]);
    if (probe?.kind !== "sealed") throw new Error("a sealed probe");
    const unused = { ...probe, attribute: new Uint8Array(16) as typeof probe.attribute };
    const answer = await story.owner.query(story.vault, { clauses: [[unused]], total: true });
    expect(answer).toMatchObject({ candidates: [], total: 0, ended: [0] });
  });
});

describe("groups", () => {
  const dayOf = (handle: string, descending: boolean): number | undefined => {
    const days = written.find((one) => one.handle === handle)?.days;
    return days === undefined ? undefined : descending ? Math.max(...days) : Math.min(...days);
  };

  it.each([
    [false, 7],
    [true, 7],
    [false, 1000],
  ])("sort by a column, descending %s, %i a page", async (descending, limit) => {
    const order = [story.dayColumn(undefined)];
    const answered = await pages(story.owner, { order, descending, limit });
    const all = answered.flatMap((page) => page.candidates);
    const sorted = all.filter(({ group }) => group === 0).map(({ record }) => toHex(record));
    const rest = all.filter(({ group }) => group === 1);
    const days = sorted.map((handle) => dayOf(handle, descending) ?? 0);
    expect(days).toEqual(days.toSorted((a, b) => (descending ? b - a : a - b)));
    expect(sorted.length).toBe(written.filter((one) => one.days !== undefined).length);
    expect(rest.length).toBe(written.length - sorted.length);
    expect(all.slice(0, sorted.length).every(({ group }) => group === 0)).toBe(true);
    expect(
      all.every(({ group, term }) => (group === 0 ? term.length === 16 : term.length === 0)),
    ).toBe(true);
    expect(answered.at(-1)?.ended).toEqual([0, 1]);
  });

  it("take from each in turn, name those that ended, and show a candidate once", async () => {
    const order = [story.dayColumn(story.first), story.dayColumn(story.second)];
    const answered = await pages(story.owner, { order, limit: 10 });
    const [first] = answered;
    expect(first?.candidates.map(({ group }) => group)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    expect(first?.ended).toEqual([]);
    const found = handles(answered);
    expect(new Set(found).size).toBe(written.length);
    expect(found.length).toBe(written.length);
    const after = new Set<number>();
    for (const page of answered) {
      for (const { group } of page.candidates) expect(after.has(group)).toBe(false);
      for (const group of page.ended) after.add(group);
    }
  });

  it.each([7, 1000])(
    "show a candidate in the first group that has it, %i a page",
    async (limit) => {
      const days = written.filter((one) => one.days !== undefined);
      const mine = days.filter((one) => one.source === story.first);
      const groupsOf = async (columns: Query["order"]): Promise<number[]> => {
        const answered = await pages(story.owner, { order: columns, limit });
        const all = answered.flatMap((page) => page.candidates);
        expect(new Set(handles(answered)).size).toBe(all.length);
        return [0, 1, 2].map((group) => all.filter((one) => one.group === group).length);
      };
      const own = story.dayColumn(story.first);
      const root = story.dayColumn(undefined);
      const rest = written.length - days.length;
      expect(await groupsOf([own, root])).toEqual([mine.length, days.length - mine.length, rest]);
      expect(await groupsOf([root, own])).toEqual([days.length, 0, rest]);
    },
  );

  it("sort few candidates as they sort many", async () => {
    const order = [story.dayColumn(undefined)];
    const clauses = [story.wordProbes("red", [story.first])];
    const few = await pages(story.owner, { clauses, order, limit: 5 });
    const one = handles(await pages(story.owner, { clauses, order }));
    expect(handles(few)).toEqual(one);
    const many = handles(await pages(story.owner, { order })).filter((it) => one.includes(it));
    expect(many).toEqual(one);
    const both = [story.dayColumn(undefined), story.dayColumn(story.first)];
    const groups = await pages(story.owner, { clauses, order: both });
    expect(groups[0]?.candidates.some(({ group }) => group === 1)).toBe(false);
  });
});

describe("grants", () => {
  it("show a grantee her sources and cells, and nothing else", async () => {
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first, story.second]));
    await story.sync();
    const asker = new Asker(cloud, grantee, grant);
    const answered = await pages(asker, { clauses: [[story.dayProbe(undefined, 2, 65_000)]] });
    const mine = written.filter((one) => one.source !== story.sources[2] && one.days !== undefined);
    expect(handles(answered).toSorted()).toEqual(mine.map((one) => one.handle).toSorted());
    const all = await pages(asker, { total: true });
    expect(all[0]?.total).toBe(2 * RECORDS);
    expect(all[0]?.sources.map(({ source }) => toHex(source)).toSorted()).toEqual(
      [story.first, story.second].map(({ handle }) => toHex(handle)).toSorted(),
    );
  });

  it("refuse what is outside", async () => {
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    const asker = new Asker(cloud, grantee, grant);
    const asked = (query: Partial<Query>): Promise<unknown> => asker.query(story.vault, query);
    await expect(asked({ clauses: [story.wordProbes("red")] })).rejects.toThrow("outside-grant");
    await expect(asked({ clauses: [story.sealedProbes("score", 1, 2)] })).rejects.toThrow(
      "outside-grant",
    );
    await expect(asked({ clauses: [[story.dayProbe(story.second, 2, 3)]] })).rejects.toThrow(
      "outside-grant",
    );
    await expect(asked({ order: [story.dayColumn(story.second)] })).rejects.toThrow(
      "outside-grant",
    );
    await expect(asked({ sources: [story.second.handle] })).rejects.toThrow("outside-grant");
  });

  it("name unknown scopes, cells and sources", async () => {
    const other = await Story.begin(cloud);
    const asked = (query: Partial<Query>): Promise<unknown> =>
      story.owner.query(story.vault, query);
    await expect(asked({ clauses: [[other.dayProbe(undefined, 2, 3)]] })).rejects.toThrow(
      "unknown-scope",
    );
    await expect(asked({ order: [other.dayColumn(undefined)] })).rejects.toThrow("unknown-scope");
    await expect(asked({ clauses: [other.wordProbes("red")] })).rejects.toThrow("unknown-cell");
    await expect(asked({ sources: [other.first.handle] })).rejects.toThrow("unknown-source");
  });
});

describe("completeness", () => {
  it("says stale, hidden and answered of a grantee's sources", async () => {
    const tale = await Story.begin(cloud, 3);
    for (const source of tale.sources) await tale.upload(source, [{ id: "a", days: [5] }]);
    const [first, second, third] = tale.sources as [TestSource, TestSource, TestSource];
    const grantee = newSigner();
    const own = { scopes: tale.sources.map((source) => tale.scope(source)) };
    const grant = await tale.grant(tale.terms(grantee, tale.sources, own));
    const { handle, signer, kem } = third;
    tale.append("chain/roster", { op: "end", source: handle, key: signer.key, ...kem.public });
    const closes = { cells: [tale.cell(second)], scopes: [] };
    tale.append("chain/generation", { closes });
    tale.openCell(second);
    await tale.sync();
    const answer = await new Asker(cloud, grantee, grant).query(tale.vault, {});
    const statusOf = (source: TestSource): string | undefined =>
      answer.sources.find((one) => equalBytes(one.source, source.handle))?.status;
    expect(tale.sources.map(statusOf)).toEqual(["answered", "stale", "hidden"]);
    expect(answer.candidates).toHaveLength(2);
    expect(answer.sources.every(({ number }) => number === 1)).toBe(true);
    const path = `${tale.path}/batches?source=${toHex(third.handle)}`;
    const listed = await new Asker(cloud, grantee, grant).get(path);
    expect(listed.problem).toEqual({ kind: "not-live" });
    const owners = await tale.owner.query(tale.vault, {});
    expect(owners.candidates).toHaveLength(3);
    expect(first.number).toBe(1);
  });

  it("says stale of every source when a scope of the root has a successor", async () => {
    const tale = await Story.begin(cloud, 2);
    const grantee = newSigner();
    const grant = await tale.grant(tale.terms(grantee, tale.sources));
    tale.append("chain/generation", { closes: { cells: [], scopes: [tale.scope(undefined)] } });
    tale.openScope(undefined);
    await tale.sync();
    const answer = await new Asker(cloud, grantee, grant).query(tale.vault, {});
    expect(answer.sources.map(({ status }) => status)).toEqual(["stale", "stale"]);
  });
});

describe("updates", () => {
  it("are seen by columns that were in memory already", async () => {
    const tale = await Story.begin(cloud);
    const find = async (): Promise<Record<string, number | null>> => {
      const total = async (clauses: Query["clauses"]): Promise<number | null> =>
        (await tale.owner.query(tale.vault, { clauses, total: true })).total;
      return {
        day: await total([[tale.dayProbe(undefined, 100, 200)]]),
        score: await total([tale.sealedProbes("score", 10, 20)]),
        word: await total([tale.wordProbes("red")]),
        all: await total([]),
      };
    };
    const facts = { days: [150], score: 15, words: ["red"] };
    await tale.upload(tale.first, [{ id: "a", ...facts }]);
    expect(await find()).toEqual({ day: 1, score: 1, word: 1, all: 1 });
    await tale.upload(tale.first, [
      { id: "b", ...facts },
      { id: "c", ...facts },
    ]);
    expect(await find()).toEqual({ day: 3, score: 3, word: 3, all: 3 });
    const moved = { days: [900], score: 200, words: ["blue"] };
    await tale.upload(tale.first, [{ id: "a", revision: 2, ...moved }]);
    expect(await find()).toEqual({ day: 2, score: 2, word: 2, all: 3 });
    await tale.upload(tale.first, [{ id: "b", revision: 2, tombstone: true }]);
    expect(await find()).toEqual({ day: 1, score: 1, word: 1, all: 2 });
  });
});

describe("a database that somebody robbed", () => {
  it("answers with what is left", async () => {
    const tale = await Story.begin(cloud);
    for (const id of ["a", "b", "c"]) await tale.upload(tale.first, [{ id, days: [7] }]);
    const vault = Buffer.from(tale.vault.slice(0, 16));
    const { client } = cloud.database;
    await client.query("delete from record where vault = $1 and record = 2", [vault]);
    await client.query("delete from batch where vault = $1 and batch = 3", [vault]);
    const answer = await tale.owner.query(tale.vault, {
      clauses: [[tale.dayProbe(undefined, 2, 9)]],
      limit: 2,
    });
    expect(handles([answer])).toEqual([toHex(tale.record(tale.first, "a"))]);
    const { cursor } = answer;
    const rest = await tale.owner.query(tale.vault, {
      clauses: [[tale.dayProbe(undefined, 2, 9)]],
      cursor,
    });
    expect(handles([rest])).toEqual([toHex(tale.record(tale.first, "c"))]);
    expect(rest.candidates[0]?.batch).toEqual(new Uint8Array(16));
  });
});

describe("pages", () => {
  it("end where eight megabytes are reached, and lose nothing", async () => {
    const tale = await Story.begin(cloud);
    const size = 3_000_000;
    for (const id of ["a", "b", "c", "d", "e"]) {
      await tale.upload(tale.first, [{ id, days: [id.charCodeAt(0)], size }]);
    }
    const first = await tale.owner.query(tale.vault, {});
    expect(first.candidates.length).toBe(2);
    const order = [tale.dayColumn(undefined)];
    let cursor: Query["cursor"] = new Uint8Array();
    const found: string[] = [];
    do {
      const page = await tale.owner.query(tale.vault, { order, cursor });
      found.push(...handles([page]));
      cursor = page.cursor;
    } while (cursor.length > 0);
    const expected = ["a", "b", "c", "d", "e"].map((id) => toHex(tale.record(tale.first, id)));
    expect(found).toEqual(expected);
  });

  it.each([
    ["garbage", Uint8Array.of(9, 9, 9)],
    ["the cursor of a sorted query", Uint8Array.of(3, 0, 0)],
    ["a cursor of ranges where there are none", new Uint8Array(25).fill(2, 0, 1)],
    ["a cursor that is cut", Uint8Array.of(1, 0, 0)],
  ])("refuse %s", async (_, cursor) => {
    const asked = story.owner.query(story.vault, { cursor });
    await expect(asked).rejects.toThrow("malformed");
  });
});
