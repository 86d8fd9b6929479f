import {
  ChainCache,
  type Cloud,
  type Exchange,
  httpCloud,
  type KeyStore,
  type Resource,
} from "@salus/client";
import { type RecordChange, Source, type SourceVault } from "@salus/client/writer";
import {
  ask,
  type CloudProcess,
  condition,
  depression,
  glucose,
  must,
  newPatient,
  newSource,
  observation,
  pressure,
  readerOf,
  somebody,
  startCloudProcess,
  type TestPatient,
  type TestSource,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Goal: changes of one vault are made together or not at all, whoever else writes and whatever breaks.
// Method: a real cloud; several homes of one source; answers and homes that are lost.

let server: CloudProcess;
let cloud: Cloud;
const exchanges: Exchange[] = [];

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url, { onExchange: (exchange) => exchanges.push(exchange) });
});
afterAll(() => server.stop());

async function start(): Promise<{ readonly owner: TestPatient; readonly source: TestSource }> {
  const owner = await newPatient(cloud);
  const source = await newSource(cloud, owner, "org", ["vitals", "laboratory", "mental-health"]);
  return { owner, source };
}

/** The vault, in a program that has just started with this home. */
async function opened(
  { node }: TestSource,
  { vault }: TestPatient,
  store: KeyStore,
  through: Cloud = cloud,
): Promise<SourceVault> {
  const options = { cloud: through, store, node, chains: new ChainCache() };
  return must(await must(await Source.open(options)).open(vault));
}

/** Another home of a source, which has the keys and remembers nothing. */
async function emptyHome({ store }: TestSource): Promise<KeyStore> {
  const { store: other } = await somebody();
  await other.write("account", must(await store.read("account")) ?? new Uint8Array(0));
  return other;
}

const put = (resource: Resource, expects?: number): RecordChange => ({
  kind: "put",
  resource,
  ...(expects !== undefined && { expects }),
});
const gone = (id: string, expects?: number): RecordChange => ({
  kind: "delete",
  resourceType: "Observation",
  id,
  ...(expects !== undefined && { expects }),
});

/** Every observation by its value and revision, once verification has found nothing wrong. */
async function stored(owner: TestPatient): Promise<Record<string, readonly [number, number]>> {
  const reader = await readerOf(cloud, owner);
  expect(must(await reader.verify(owner.vault)).findings).toEqual([]);
  const found: Record<string, readonly [number, number]> = {};
  for await (const { resource, revision } of must(await reader.search("Observation"))) {
    found[String(resource.id)] = [(resource.valueQuantity as { value: number }).value, revision];
  }
  return found;
}

describe("changes of one vault", () => {
  it("are made together: new ones, others, and deletions", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    must(await vault.commit([put(pressure("a", 1)), put(pressure("b", 2)), put(glucose("c", 3))]));
    exchanges.length = 0;
    const made = must(
      await vault.commit([
        put(pressure("a", 10), 1),
        gone("b"),
        put(glucose("c", 3), 1),
        put(pressure("d", 4), 0),
        gone("never"),
      ]),
    );
    expect(exchanges.filter(({ path }) => path.endsWith("/batches"))).toHaveLength(1);
    expect(made.map(({ revision, stood }) => [revision, stood])).toEqual([
      [2, true],
      [2, true],
      [1, true],
      [1, false],
      [0, false],
    ]);
    expect(made.map((change) => change.made !== undefined)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect(new Set(made.flatMap((change) => change.made?.batch ?? [])).size).toBe(1);
    expect(await stored(owner)).toEqual({ a: [10, 2], c: [3, 1], d: [4, 1] });
    // What was deleted can come back, and is new then.
    expect(must(await vault.commit([gone("b"), put(pressure("d", 5))]))).toMatchObject([
      { revision: 2, stood: false, made: undefined },
      { revision: 2, stood: true },
    ]);
    expect(must(await vault.commit([put(pressure("b", 6), 2)]))).toMatchObject([
      { revision: 3, stood: false },
    ]);
  });

  it("are not made at all when one of them cannot be", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    must(await vault.commit([put(pressure("a", 1))]));
    const good = put(pressure("good", 1));
    const bad: readonly [RecordChange, object][] = [
      [put(pressure("a", 2), 0), { kind: "revision-conflict", change: 1, revision: 1 }],
      [put(pressure("new", 2), 3), { kind: "revision-conflict", change: 1, revision: 0 }],
      [gone("a", 4), { kind: "revision-conflict", change: 1, revision: 1 }],
      [put(pressure("a", 1), 2), { kind: "revision-conflict", change: 1, revision: 1 }],
      [put(pressure("good", 2)), { kind: "repeated-record", change: 1 }],
      [
        put({ ...pressure("x", 2), effectiveDateTime: "yesterday" }),
        { kind: "refused-record", change: 1, refused: { problem: "bad-date" } },
      ],
      [
        put(condition("x", "38341003", "Hypertensive disorder")),
        { kind: "refused-record", change: 1, refused: { problem: "no-cell" } },
      ],
      [
        put({ ...pressure("x", 2), category: manyCodings(1100) }),
        { kind: "refused-record", change: 1, refused: { problem: "too-many-values" } },
      ],
    ];
    for (const [change, error] of bad) {
      expect(await vault.commit([good, change])).toMatchObject({ ok: false, error });
    }
    const records = Array.from({ length: 1001 }, (_, n) => put(pressure(`r${n}`, n)));
    expect(await vault.commit(records)).toMatchObject({
      error: { kind: "too-many-changes", what: "records", most: 1000 },
    });
    const note = [{ text: "x".repeat(4_000_000) }];
    const large = [1, 2, 3, 4].map((n) => put({ ...pressure(`l${n}`, n), note }));
    expect(await vault.commit(large)).toMatchObject({
      error: { kind: "too-many-changes", what: "bytes" },
    });
    expect(await stored(owner)).toEqual({ a: [1, 1] });
    expect(await source.store.list("outbox/")).toEqual([]);
  });

  it("carry what is known only when they are sealed", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    const stamped = (resource: Resource): RecordChange => ({
      kind: "put",
      resource,
      stamp: (it, { revision, at }) => ({
        ...it,
        meta: { versionId: String(revision), lastUpdated: new Date(at).toISOString() },
      }),
    });
    must(await vault.commit([stamped(pressure("a", 1))]));
    const [made] = must(await vault.commit([stamped(pressure("a", 2))]));
    expect(made?.made?.resource).toMatchObject({ meta: { versionId: "2" } });
    const reader = await readerOf(cloud, owner);
    for await (const { resource, sealedAt } of must(await reader.search("Observation"))) {
      const lastUpdated = new Date(sealedAt).toISOString();
      expect(resource.meta).toEqual({ versionId: "2", lastUpdated });
    }
    // The same content again is the same, whatever the stamp would say now.
    expect(must(await vault.commit([stamped(pressure("a", 2))]))).toMatchObject([
      { revision: 2, made: undefined },
    ]);
  });

  it("may move a record to another category", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    const moved = (category: "vital-signs" | "laboratory", value: number): Resource =>
      observation({ id: "m", code: "2339-0", unit: "mg/dL", at: "2020-01-01", category, value });
    must(await vault.commit([put(moved("vital-signs", 100)), put(pressure("stays", 120))]));
    const grantee = await somebody();
    must(
      await owner.patient.grant({
        grantee: grantee.identity.card,
        sources: "all",
        categories: ["vitals"],
        expires: Date.now() + 3_600_000,
      }),
    );
    expect(must(await vault.commit([put(moved("laboratory", 101), 1)]))).toMatchObject([
      { revision: 2, stood: true },
    ]);
    expect(await stored(owner)).toEqual({ m: [101, 2], stays: [120, 1] });
    const theirs = await readerOf(cloud, grantee);
    expect((await ask(theirs, "Observation")).ids).toEqual(["Observation/stays"]);
    expect(must(await theirs.verify(owner.vault)).findings).toEqual([]);
  });
});

describe("several homes of one source", () => {
  it("make changes in turn, and are told of each other's when they expected none", async () => {
    const { owner, source } = await start();
    const one = await vaultOf(source, owner.vault);
    const other = await opened(source, owner, await emptyHome(source));
    must(await one.commit([put(pressure("a", 1)), put(pressure("b", 1)), put(glucose("c", 1))]));
    expect(
      must(await other.commit([put(pressure("a", 2)), put(pressure("d", 2), 0)])),
    ).toMatchObject([
      { revision: 2, stood: true },
      { revision: 1, stood: false },
    ]);
    expect(await one.commit([put(pressure("new", 1)), put(pressure("a", 3), 1)])).toMatchObject({
      error: { kind: "revision-conflict", change: 1, revision: 2 },
    });
    // What is so by what this home remembers is asked for, when nothing else is sent that would tell.
    expect(must(await one.commit([put(pressure("a", 1))]))).toMatchObject([{ revision: 3 }]);
    // Nor does it have to know the category of what the other has written.
    expect(must(await other.commit([gone("c"), gone("a", 3)]))).toMatchObject([
      { revision: 2, stood: true },
      { revision: 4, stood: true },
    ]);
    expect(must(await one.commit([put(glucose("c", 5)), put(pressure("a", 6))]))).toMatchObject([
      { revision: 3, stood: false },
      { revision: 5, stood: false },
    ]);
    expect(await stored(owner)).toEqual({ a: [6, 5], b: [1, 1], c: [5, 3], d: [2, 1] });
  });

  it("lose nothing when they commit at the same time", async () => {
    const { owner, source } = await start();
    const homes = await Promise.all([1, 2, 3].map(() => emptyHome(source)));
    const vaults = await Promise.all(homes.map((home) => opened(source, owner, home)));
    const made = await Promise.all(
      vaults.flatMap((vault, at) =>
        [0, 1].map((n) =>
          vault.commit([put(pressure("all", 10 * at + n)), put(pressure(`h${at}${n}`, 1))]),
        ),
      ),
    );
    const revisions = made.map((changes) => must(changes)[0]?.revision);
    expect(revisions.sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const found = await stored(owner);
    expect(found.all?.[1]).toBe(6);
    expect(Object.keys(found)).toHaveLength(7);
  });
});

describe("an interrupted commit", () => {
  it("is delivered before anything else, all of it, once", async () => {
    const { owner, source } = await start();
    const losing: Cloud = {
      ...cloud,
      upload: async (...asked) => {
        await cloud.upload(...asked);
        return { ok: false, error: { kind: "unreachable" } };
      },
    };
    const dying = await opened(source, owner, source.store, losing);
    const changes = [put(pressure("a", 1), 0), put(depression("d", "2020-01-01"), 0)];
    expect(await dying.commit(changes)).toMatchObject({ error: { kind: "unreachable" } });
    expect(await source.store.list("outbox/")).toHaveLength(1);
    const back = await opened(source, owner, source.store);
    expect(await source.store.list("outbox/")).toEqual([]);
    expect(await back.commit(changes)).toMatchObject({
      error: { kind: "revision-conflict", change: 0, revision: 1 },
    });
    expect(must(await back.commit([put(pressure("a", 1), 1), gone("a2")]))).toMatchObject([
      { revision: 1, made: undefined },
      { revision: 0, made: undefined },
    ]);
    expect(await stored(owner)).toEqual({ a: [1, 1] });
  });

  it("that never arrived is sent when something else is written", async () => {
    const { owner, source } = await start();
    let away = true;
    const through: Cloud = {
      ...cloud,
      upload: async (...asked) =>
        away ? { ok: false, error: { kind: "unreachable" } } : cloud.upload(...asked),
    };
    const vault = await opened(source, owner, source.store, through);
    expect(await vault.commit([put(pressure("a", 1))])).toMatchObject({
      error: { kind: "unreachable" },
    });
    away = false;
    expect(must(await vault.commit([put(pressure("a", 2)), put(pressure("b", 1))]))).toMatchObject([
      { revision: 2, stood: true },
      { revision: 1, stood: false },
    ]);
    expect(await stored(owner)).toEqual({ a: [2, 2], b: [1, 1] });
  });
});

function manyCodings(count: number): readonly object[] {
  return Array.from({ length: count }, (_, n) => ({
    coding: [{ system: "http://example.org/many", code: `code-${n}` }],
  }));
}
