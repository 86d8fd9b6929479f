/**
 * Goal: one query over many sources costs what one source costs, finds exactly what stands below the
 * node that is asked, and nobody finds more than her keys allow.
 * Method: one patient with 10 hospitals of 10 departments of 10 physicians, imported by the program.
 * The database's own plans are read from its log. Then the homes of sources and the keys of readers
 * are put to what is not theirs, around the cloud's checks as well as through them.
 */
import { equalBytes, toHex } from "@salus/base";
import { type Cloud, type Identity, memoryKeyStore, openIdentity, Reader } from "@salus/client";
import { openDelivery, type SourceKeys, tagToken, unwrapBatchKey } from "@salus/crypto";
import { applyLinks, type ChainState, evaluateTags, readChain } from "@salus/evaluate";
import {
  Absent,
  BatchId,
  CellHandle,
  type Probe,
  type Query,
  ScopeHandle,
  type SourceHandle,
} from "@salus/protocol";
import { askingUnder } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "./oracle/query.ts";
import { answers } from "./oracle/search.ts";
import { connect } from "./running/cloud.ts";
import { need } from "./running/homes.ts";
import { resources, type Shape, type TestResource } from "./running/hospitals.ts";
import { type Node, OneVault } from "./running/one-vault.ts";
import type { TableRead } from "./running/plans.ts";

const TREE: Shape = {
  patients: 1,
  hospitals: 10,
  departments: 10,
  physicians: 10,
  observations: 2,
};
const PRESSURE = "Observation?code-value-quantity=8480-6$gt160";

const everything = [...resources(TREE)];

let tree: OneVault;

const ROOT: Node = [];
const HOSPITAL: Node = ["h3"];
const DEPARTMENT: Node = ["h3", "h3-d4"];
const PHYSICIAN: Node = ["h3", "h3-d4", "h3-d4-p5"];
const NODES: readonly [string, Node][] = [
  ["the root", ROOT],
  ["a hospital", HOSPITAL],
  ["a department", DEPARTMENT],
  ["a physician", PHYSICIAN],
];

beforeAll(async () => {
  tree = await OneVault.of(everything);
}, 300_000);

afterAll(() => tree?.close());

/** The ids that are below a node in the clear. */
const plain = (query: string, node: Node, among: readonly TestResource[] = everything): string[] =>
  among
    .filter((resource) => answers(resource as never, parse(query), { now: 0, reading: "literal" }))
    .filter(({ id }) => node.length === 0 || `${id}-`.includes(`-${node.at(-1)}-`))
    .map(({ id }) => id)
    .sort();

/** How the database read the ordered index for a query, which must be one request. */
async function readsFor(who: Reader, query: string, node: Node): Promise<TableRead[]> {
  await tree.find(who, query, node);
  tree.sent.length = 0;
  tree.plans.take("ordered_entry");
  await tree.find(who, query, node);
  expect(tree.sent.length).toBe(1);
  return tree.plans.take("ordered_entry");
}

/** One scan of the primary key for each predicate, and in it one range for each of `ranges`. */
function expectRanges(reads: readonly TableRead[], ranges: readonly number[]): void {
  expect(reads.map(({ loops }) => loops)).toEqual(ranges);
  for (const { node: how, index, condition, filter } of reads) {
    const wanted = { how: "Index Only Scan", index: "ordered_entry_pkey", filter: undefined };
    expect({ how, index, filter }).toEqual(wanted);
    expect(condition).toMatch(RANGE);
  }
}

/** A query of everything: every record of every source. */
const EVERYTHING: Query = {
  clauses: [],
  order: [],
  descending: false,
  sources: [],
  limit: 1000,
  cursor: new Uint8Array(0),
  total: false,
};

const NONE = Absent.of(new Uint8Array(0));

type OrderedProbe = Extract<Probe, { kind: "ordered" }>;

const RANGE =
  /^\(\(vault = .+\) AND \(index_column = p\.c\) AND \(term > p\.low\) AND \(term < p\.high\)\)$/;

describe("a query at a node of a tree of four levels and 1,000 leaves", () => {
  const recent = `${PRESSURE}&date=ge2018-01-01`;

  it.each(NODES)("finds at %s what stands there or below", async (_, node) => {
    for (const query of [PRESSURE, recent, "Observation?code=2339-0", "Observation"]) {
      expect(await tree.find(tree.reader(), query, node), query).toEqual(plain(query, node));
    }
    expect(plain("Observation", node).length).toBeGreaterThan(0);
  });

  it.each(NODES)(
    "is at %s one request, and one range for each category it may be in",
    async (_, node) => {
      const own = tree.owner.sources().flatMap(({ categories }) => categories);
      const ordered = new Set(own.filter((category) => category !== "administrative"));
      expect([...ordered].sort()).toEqual(["laboratory", "vitals"]);
      const who = tree.reader();
      expectRanges(await readsFor(who, PRESSURE, node), [ordered.size]);
    },
  );

  it("is one B-tree range for each predicate and live version, whatever the sources", async () => {
    const all = await tree.granted("all", "vitals");
    const one = await tree.granted(["h3"], "vitals");
    for (const [who, node] of [
      [all, ROOT],
      [one, ROOT],
      [one, HOSPITAL],
    ] as const) {
      expectRanges(await readsFor(who, PRESSURE, node), [1]);
      // A date is a range itself: its low bounds are one predicate, the high ones of long values another.
      expectRanges(await readsFor(who, recent, node), [1, 2]);
    }
  });
});

describe("keys of another node", () => {
  /** The ordered probes, one for each category, that the owner sends for a node. */
  const probesAt = async (node: Node): Promise<OrderedProbe[]> => {
    await tree.find(tree.reader(), "Observation?code-value-quantity=8480-6$gt10", node);
    return (tree.sent.at(-1)?.clauses.flat() ?? []).filter((probe) => probe.kind === "ordered");
  };
  const askWith = (clause: readonly Probe[]): ReturnType<Cloud["query"]> =>
    tree.cloud.query(tree.owner.identity.caller(), tree.vault, {
      ...EVERYTHING,
      clauses: [clause],
    });

  it("find nothing at a sibling, nor above or below", async () => {
    const sibling = ["h3", "h3-d4", "h3-d4-p6"];
    const sets: OrderedProbe[][] = [];
    for (const node of [ROOT, HOSPITAL, ["h4"], DEPARTMENT, ["h3", "h3-d5"], PHYSICIAN, sibling]) {
      sets.push(await probesAt(node));
    }
    for (const mine of sets) {
      expect(mine.length).toBe(2);
      for (const other of sets) {
        const moved = mine.map((probe, at) => ({
          ...probe,
          scope: other[at]?.scope ?? probe.scope,
        }));
        const { candidates } = need(await askWith(moved));
        expect(candidates.length > 0).toBe(mine === other);
      }
    }
  });

  it("name a scope that does not exist when they are wrong", async () => {
    const [mine] = await probesAt(HOSPITAL);
    if (mine === undefined) throw new Error("there is a probe");
    const scope = ScopeHandle.of(mine.scope.map((byte, at) => (at === 0 ? byte ^ 1 : byte)));
    const answer = await askWith([{ ...mine, scope }]);
    expect(answer).toMatchObject({ ok: false, error: { problem: "unknown-scope" } });
  });
});

describe("what a source's home can do", () => {
  let identity: Identity;
  let mine: SourceHandle;
  let chain: ChainState;
  let keys: SourceKeys[];

  beforeAll(async () => {
    identity = need(await openIdentity((await tree.homes.home("sources/h3")).store));
    mine = tree.sourceNamed("h3");
    chain = await wholeChain();
    keys = [];
    for (const { seq, to, wrap } of chain.deliveries) {
      if (!equalBytes(to, mine)) continue;
      keys.push(need(await openDelivery(identity.kem, { vault: tree.vault, to, seq }, wrap)));
    }
  });

  async function wholeChain(): Promise<ChainState> {
    const first = need(await tree.cloud.chain(identity.caller(), tree.vault, 0));
    let links = first;
    let state = need(readChain(links.links));
    while (links.more) {
      links = need(await tree.cloud.chain(identity.caller(), tree.vault, state.head.seq + 1));
      state = need(applyLinks(state, links.links));
    }
    return state;
  }

  it("is given keys of its own cells and of the categories it writes, and no others", () => {
    const cells = keys.flatMap((delivery) => delivery.cells);
    expect(cells.length).toBeGreaterThan(0);
    for (const { cell } of cells) {
      const writer = chain.cells.get(toHex(cell))?.source;
      expect(writer !== undefined && equalBytes(writer, mine)).toBe(true);
    }
    const categories = new Set(cells.map(({ category }) => category));
    expect([...categories].sort()).toEqual(["laboratory", "vitals"]);
    for (const { category } of keys.flatMap((delivery) => delivery.scopes)) {
      expect(categories).toContain(category);
    }
  });

  it("opens no record, not even one that it wrote", async () => {
    const database = await connect(tree.data);
    const { rows } = await database.query(
      "select b.handle, w.cell, w.suite, w.enc, w.ct from batch_wrap w join batch b using (vault, batch)",
    );
    await database.end();
    expect(rows.length).toBeGreaterThan(20);
    const bytes = (handle: string): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(Buffer.from(handle.replaceAll("-", ""), "hex"));
    for (const { handle, cell, suite, enc, ct } of rows) {
      const batch = BatchId.of(bytes(handle));
      const to = { vault: tree.vault, cell: CellHandle.of(bytes(cell)), batch };
      const wrap = { suite, enc: Uint8Array.from(enc), ct: Uint8Array.from(ct) };
      expect(await unwrapBatchKey(identity.kem, to, wrap as never)).toMatchObject({ ok: false });
    }
  });

  it("finds its own tags, and none of another source's or category's, without any cloud's help", async () => {
    const database = await connect(tree.data);
    const { rows } = await database.query(`
      select replace(c.place::text, '-', '') as cell, t.tags
      from tag_list t join index_column c using (vault, index_column)`);
    await database.end();
    const attributeOf = (category: string): string => `${category}/Observation/status`;
    const found = new Map<string, number>();
    for (const { cell, category, index } of keys.flatMap((delivery) => delivery.cells)) {
      const token = tagToken(index, { attribute: attributeOf(category), keyword: "final" });
      for (const { cell: place, tags } of rows) {
        const offsets = Uint32Array.of(0, tags.length);
        const [carries] = evaluateTags({ lists: Uint8Array.from(tags), offsets }, [token]);
        if (carries?.[0] === 1) {
          expect(place).toBe(toHex(cell));
          found.set(category, (found.get(category) ?? 0) + 1);
        }
      }
    }
    expect(Object.fromEntries(found)).toEqual({ laboratory: 100, vitals: 100 });
  });

  it("is not answered: no vault to read, no query, no envelope, nothing of another source", async () => {
    const asSource = new Reader(identity, { cloud: tree.cloud, store: memoryKeyStore() });
    expect(need(await asSource.vaults())).toEqual([]);
    const [query] = tree.sent;
    if (query === undefined) throw new Error("queries were sent");
    const asked = await tree.cloud.query(identity.caller(), tree.vault, query);
    expect(asked).toMatchObject({ ok: false, error: { kind: "refused" } });
    const own = { source: mine, after: NONE, limit: 100, entries: true };
    const records = need(await tree.cloud.records(identity.caller(), tree.vault, own));
    expect(records.records.length).toBe(100);
    for (const { envelope } of records.records) expect(envelope.length).toBe(0);
    const theirs = { ...own, source: tree.sourceNamed("h4") };
    const refused = await tree.cloud.records(identity.caller(), tree.vault, theirs);
    expect(refused).toMatchObject({ ok: false, error: { kind: "refused" } });
    const batches = await tree.cloud.batches(
      identity.caller(),
      tree.vault,
      tree.sourceNamed("h4"),
      1,
    );
    expect(batches).toMatchObject({ ok: false, error: { kind: "refused" } });
  });
});

describe("a reader who was granted laboratory values of one hospital", () => {
  let who: Reader;
  const isTheirs = ({ id }: TestResource): boolean => id.startsWith("o0-h3-");
  const laboratory = everything
    .filter((resource) => isTheirs(resource) && JSON.stringify(resource).includes("laboratory"))
    .map(({ id }) => id)
    .sort();

  beforeAll(async () => {
    who = await tree.granted(["h3"], "laboratory");
  });

  it("gets exactly those, however she asks", async () => {
    expect(laboratory.length).toBe(100);
    for (const query of ["Observation", "Observation?status=final", "Observation?date=ge2000"]) {
      expect(await tree.find(who, query), query).toEqual(laboratory);
    }
    const everythingSheMay = need(await who.export({ vaults: [tree.vault] }));
    const ids: string[] = [];
    for await (const { resource } of everythingSheMay) ids.push(resource.id ?? "");
    expect(ids.sort()).toEqual(laboratory);
    expect(await tree.find(who, "Observation?code=8480-6")).toEqual([]);
    expect(await tree.find(who, "Patient")).toEqual([]);
    expect(await tree.find(who, "Observation", ["h4"])).toEqual([]);
    const high = "Observation?code-value-quantity=2339-0$gt140";
    expect(await tree.find(who, high)).toEqual(plain(high, ["h3"]));
  });

  it("is refused when she asks for more by hand", async () => {
    const [grant] = tree.owner
      .grants()
      .filter(({ grantee }) => equalBytes(grantee, who.identity.card.sign));
    if (grant === undefined) throw new Error("she has a grant");
    const caller = askingUnder(tree.owner, who, grant.grant);
    await tree.find(tree.reader(), PRESSURE, ROOT);
    const query = tree.sent.at(-1) as Query;
    const refused = { ok: false, error: { problem: "outside-grant" } };
    expect(await tree.cloud.query(caller, tree.vault, query)).toMatchObject(refused);
    const all = need(await tree.cloud.query(caller, tree.vault, EVERYTHING));
    expect(all.candidates.length).toBe(laboratory.length);
    const others = await tree.cloud.query(caller, tree.vault, {
      ...EVERYTHING,
      sources: [tree.sourceNamed("h4")],
    });
    expect(others).toMatchObject(refused);
    const records = {
      source: tree.sourceNamed("h4"),
      after: NONE,
      limit: 10,
      entries: true,
    };
    expect(await tree.cloud.records(caller, tree.vault, records)).toMatchObject(refused);
  });
});

describe("after the patient has changed the keys", () => {
  it("asks one range for each live version", async () => {
    need(await tree.owner.rotate({ sources: "all", categories: ["vitals"] }));
    const more = everything
      .filter(({ id }) => id.includes("h3-d4-p5") || id === "h3" || id === "h3-d4" || id === "p0")
      .map((one) => (one.resourceType === "Observation" ? { ...one, id: `${one.id}-again` } : one));
    await tree.add(more);
    const who = await tree.granted("all", "vitals");
    expectRanges(await readsFor(who, PRESSURE, ROOT), [2]);
    const all = [...everything, ...more.filter(({ id }) => id.endsWith("-again"))];
    expect(await tree.find(who, PRESSURE)).toEqual(plain(PRESSURE, ROOT, all));
  });
});
