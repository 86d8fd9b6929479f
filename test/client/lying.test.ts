import { equalBytes } from "@salus/base";
import { ChainCache, type Cloud, httpCloud, memoryKeyStore, Reader } from "@salus/client";
import { Digest, type QueryAnswer, type RecordsPage } from "@salus/protocol";
import {
  ask,
  type CloudProcess,
  condition,
  depression,
  dice,
  flipped,
  glucose,
  type Lies,
  lyingCloud,
  must,
  mutate,
  newPatient,
  newSource,
  pressure,
  readerOf,
  somebody,
  startCloudProcess,
  type TestPatient,
  type TestSource,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Goal: whatever the cloud changes, drops, doubles, exchanges or shows again from the past, nobody is
// told something false without being told so too.
// Method: an honest cloud behind one that tells one lie at a time; then hundreds of random changes of
// everything that verification reads.

let server: CloudProcess;
let cloud: Cloud;
let owner: TestPatient;
let sources: readonly TestSource[];
/** What the cloud said before the newest batch. */
let past: { readonly query: QueryAnswer; readonly records: RecordsPage };

const QUERY = "Observation?value-quantity=gt100&_sort=date";

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
  owner = await newPatient(cloud);
  const categories = ["vitals", "laboratory", "conditions"] as const;
  sources = [
    await newSource(cloud, owner, "org-a", categories),
    await newSource(cloud, owner, "org-b", categories),
  ];
  for (const [n, source] of sources.entries()) {
    const vault = await vaultOf(source, owner.vault);
    for (let batch = 0; batch < 3; batch += 1) {
      const at = `2021-0${batch + 1}-1${n}`;
      const resources = [
        pressure(`p${n}${batch}`, 120 + batch, at),
        glucose(`g${n}${batch}`, 130 + batch, at),
        condition(`c${n}${batch}`, "38341003", "Hypertensive disorder", at),
      ];
      must(await vault.upload(resources.map((resource) => ({ resource, path: ["ward"] }))));
    }
  }
  past = await tellPast();
  const vault = await vaultOf(await first(), owner.vault);
  must(await vault.upload([{ resource: pressure("p00", 155, "2021-01-10") }]));
  must(await vault.remove([{ resourceType: "Observation", id: "g00" }]));
}, 120_000);
afterAll(() => server.stop());

async function first(): Promise<TestSource> {
  const [source] = sources;
  if (source === undefined) throw new Error("there are sources");
  return source;
}

async function tellPast(): Promise<typeof past> {
  let query: QueryAnswer | undefined;
  const listening = lyingCloud(cloud, {
    query: (answer) => {
      query = answer;
      return answer;
    },
  });
  await ask(await readerOf(listening, owner), QUERY);
  const caller = owner.identity.caller();
  const { handle: source } = await first();
  const question = { source, after: new Uint8Array(0), limit: 500, entries: true };
  const records = await cloud.records(caller, owner.vault, question as never);
  if (query === undefined) throw new Error("the question was asked");
  return { query, records: must(records) };
}

/** Somebody who has seen the vault as it is: what she has pinned is in the store. */
async function witness(lies: Lies): Promise<Reader> {
  const honest = await readerOf(cloud, owner);
  await ask(honest, QUERY);
  const told: number[] = [];
  const verified = must(await honest.verify(owner.vault, (records) => told.push(records)));
  expect(verified.findings).toEqual([]);
  expect(told.at(-1)).toBe(verified.records);
  return readerOf(lyingCloud(cloud, lies), owner);
}

/** A lie about a page of candidates. */
type QueryLie = (answer: QueryAnswer) => QueryAnswer;

function candidates(
  change: (all: QueryAnswer["candidates"]) => QueryAnswer["candidates"],
): QueryLie {
  return (answer) => ({ ...answer, candidates: change(answer.candidates) });
}

function changedFirst(change: (one: QueryAnswer["candidates"][number]) => object): QueryLie {
  return candidates(([one, ...rest]) =>
    one === undefined ? [] : [{ ...one, ...change(one) }, ...rest],
  );
}

describe("an answer to a question", () => {
  const told: readonly (readonly [string, QueryLie])[] = [
    [
      "a bit of an envelope",
      changedFirst(({ envelope }) => ({ envelope: flipped(envelope, 3000) })),
    ],
    ["a bit of a header", changedFirst(({ envelope }) => ({ envelope: flipped(envelope, 700) }))],
    [
      "an envelope cut short",
      changedFirst(({ envelope }) => ({ envelope: envelope.slice(0, -1) })),
    ],
    ["another revision", changedFirst(({ revision }) => ({ revision: revision + 1 }))],
    ["another term", changedFirst(() => ({ term: new Uint8Array(16).fill(255) }))],
    ["a group that there is not", changedFirst(() => ({ group: 60 }))],
    [
      "one record's envelope under another's handle",
      candidates(([a, b, ...rest]) =>
        a && b ? [{ ...a, envelope: b.envelope }, { ...b, envelope: a.envelope }, ...rest] : [],
      ),
    ],
    ["a record twice", candidates(([one, ...rest]) => (one ? [one, one, ...rest] : []))],
    ["another order", candidates((all) => all.toReversed())],
    ["no wraps", (answer) => ({ ...answer, wraps: [] })],
    [
      "wraps of other batches",
      (answer) => ({
        ...answer,
        wraps: answer.wraps.map((wrap, at) => ({
          ...wrap,
          enc: answer.wraps.at(at - 1)?.enc ?? wrap.enc,
        })),
      }),
    ],
    ["nothing of a source", (answer) => ({ ...answer, sources: answer.sources.slice(1) })],
    [
      "an older batch than was seen",
      (answer) => ({
        ...answer,
        sources: answer.sources.map((source) => ({ ...source, number: source.number - 1 })),
      }),
    ],
    [
      "another batch of the same number",
      (answer) => ({
        ...answer,
        sources: answer.sources.map((source) => ({
          ...source,
          hash: Digest.of(flipped(source.hash, 5)),
        })),
      }),
    ],
    ["what was true yesterday", () => past.query],
    ["more, without end", (answer) => ({ ...answer, candidates: [], cursor: new Uint8Array(8) })],
    ["that a group has ended, and more of it", (answer) => ({ ...answer, ended: [0, 1, 2] })],
  ];

  it.each(told)("that holds %s is not taken for the truth", async (_, lie) => {
    const honest = await ask(await readerOf(cloud, owner), QUERY);
    const reader = await witness({ query: (answer) => lie(answer) });
    const { ids, report } = await ask(reader, QUERY);
    const warned =
      report.failures.length > 0 ||
      report.findings.length > 0 ||
      report.sources.some(({ status }) => status !== "answered");
    // A lie that changes nothing for the reader need not be told.
    if (JSON.stringify(ids) !== JSON.stringify(honest.ids)) expect(warned).toBe(true);
    else expect(warned || ids.length > 0).toBe(true);
    for (const id of ids) expect(honest.ids).toContain(id);
  });

  it("that leaves out a record is found out by verification", async () => {
    const hidden = must(
      await cloud.query(owner.identity.caller(), owner.vault, {
        clauses: [],
        order: [],
        descending: false,
        sources: [],
        limit: 1,
        cursor: new Uint8Array(0),
        total: false,
      }),
    ).candidates[0]?.record;
    if (hidden === undefined) throw new Error("the vault has records");
    const reader = await witness({
      records: (page) => ({
        ...page,
        records: page.records.filter(({ record }) => !equalBytes(record, hidden)),
      }),
    });
    expect(must(await reader.verify(owner.vault)).findings).toMatchObject([
      { kind: "record-missing", record: hidden },
    ]);
  });
});

describe("verification", () => {
  it("names the row that is missing by what it indexes", async () => {
    const reader = await witness({
      records: (page) => ({
        ...page,
        records: page.records.map((record, at) =>
          at === 0 ? { ...record, entries: record.entries.slice(1) } : record,
        ),
      }),
    });
    const { findings } = must(await reader.verify(owner.vault));
    expect(findings.length).toBeGreaterThan(0);
    for (const { kind, attribute } of findings) {
      expect(kind).toBe("row-missing");
      expect(attribute).toMatch(/^(?:vitals|laboratory|conditions)\//);
    }
  });

  it("names a batch that is missing, and one that was exchanged for an earlier one", async () => {
    const missing = await witness({
      batches: (page) => ({ ...page, batches: page.batches.toSpliced(1, 1) }),
    });
    expect(must(await missing.verify(owner.vault)).findings).toContainEqual(
      expect.objectContaining({ kind: "batch-missing", number: 2 }),
    );
    const exchanged = await witness({
      batches: (page) => ({
        ...page,
        batches: page.batches.map((batch, at, all) => all[at - 1] ?? batch),
      }),
    });
    const { findings } = must(await exchanged.verify(owner.vault));
    expect(findings.map(({ kind }) => kind)).toContain("batch-changed");
  });

  it("finds the batches that a rolled-back cloud no longer has", async () => {
    const { handle } = await first();
    const reader = await witness({
      batches: (page, _caller, _vault, source) =>
        equalBytes(source, handle) ? { ...page, batches: page.batches.slice(0, 3) } : page,
      records: (page, _caller, _vault, { source }) =>
        equalBytes(source, handle) ? past.records : page,
    });
    const { findings } = must(await reader.verify(owner.vault));
    expect(findings).toContainEqual(expect.objectContaining({ kind: "batch-missing", number: 4 }));
  });

  it("of batches that the cloud only speaks of comes to an end", async () => {
    const small = await smallVault();
    const boasting = lyingCloud(cloud, {
      query: (answer) => ({
        ...answer,
        sources: answer.sources.map((source) => ({ ...source, number: 2 ** 40 })),
      }),
    });
    await ask(await readerOf(boasting, small), QUERY);
    const { findings } = must(await (await readerOf(cloud, small)).verify(small.vault));
    expect(findings).toHaveLength(1001);
    expect(findings.at(-1)).toMatchObject({ kind: "batch-missing", number: 2 ** 40 });
  });

  it("refuses a chain that is shorter, or other, than what was seen", async () => {
    const shorter = await witness({
      chain: (page) => ({ ...page, links: page.links.slice(0, -1) }),
    });
    expect(await shorter.verify(owner.vault)).toMatchObject({
      error: { kind: "rollback", what: "chain" },
    });
    const changed = await witness({
      chain: (page) => ({ ...page, links: page.links.map((link) => flipped(link, 999)) }),
    });
    expect(await changed.verify(owner.vault)).toMatchObject({ error: { kind: "chain-invalid" } });
    const stranger = await newPatient(cloud);
    const other = must(await cloud.chain(stranger.identity.caller(), stranger.vault, 0));
    const swapped = await witness({ chain: () => other });
    expect(await swapped.verify(owner.vault)).toMatchObject({ error: { kind: "handle-mismatch" } });
  });

  /** Where a change means nothing: nobody asks for it, or its order does not count. */
  const MEANS_NOTHING =
    /^\.\w+\[\+\]$|^\.records.*\.entries\[x\]$|^\.records.*\.wraps\[[+x]\]$|\.certificates/;

  it("accepts none of many random changes", { timeout: 240_000 }, async () => {
    const frozen = await freeze(await smallVault());
    expect(must(await frozen.verify({})).findings).toEqual([]);
    for (let seed = 1; seed <= 300; seed += 1) {
      const roll = dice(seed);
      const { value, what } = mutate(frozen.said, roll, (path) => MEANS_NOTHING.test(path));
      const verified = await frozen.verify(value);
      const accepted = verified.ok && verified.value.findings.length === 0;
      expect(accepted, `seed ${seed}: ${what}`).toBe(false);
    }
  });
});

/** A vault with a record of each kind: ordered, sealed, updated, deleted. */
async function smallVault(): Promise<TestPatient> {
  const small = await newPatient(cloud);
  const source = await newSource(cloud, small, "org", ["vitals", "conditions", "mental-health"]);
  const vault = await vaultOf(source, small.vault);
  const resources = [
    pressure("p1", 120, "2021-01-01"),
    condition("c1", "38341003", "Hypertensive disorder"),
    depression("d1", "2020-02-02"),
  ];
  must(await vault.upload(resources.map((resource) => ({ resource, path: ["ward"] }))));
  must(await vault.upload([{ resource: pressure("p1", 121, "2021-01-01") }]));
  must(await vault.remove([{ resourceType: "Condition", id: "c1" }]));
  return small;
}

/** All that verification reads, and a way to verify it after it was changed. */
async function freeze(owner: TestPatient) {
  const said: Record<string, unknown[]> = { chain: [], batches: [], records: [] };
  const keep =
    (route: string) =>
    <T>(answer: T): T => {
      said[route]?.push(answer);
      return answer;
    };
  const listening = lyingCloud(cloud, {
    chain: keep("chain"),
    batches: keep("batches"),
    records: keep("records"),
  });
  const store = memoryKeyStore();
  await store.write("account", must(await owner.store.read("account")) ?? new Uint8Array(0));
  const chains = (): ChainCache => new ChainCache();
  const known = must(await Reader.open({ cloud: listening, store, chains: chains() }));
  must(await known.verify(owner.vault));
  const vaults = await cloud.vaults(owner.identity.caller(), undefined);
  const verify = async (changed: Partial<typeof said>) => {
    const left = structuredClone({ ...said, ...changed }) as typeof said;
    const next = (route: string) => async () => {
      const value = left[route]?.shift();
      return value === undefined
        ? ({ ok: false, error: { kind: "unreachable" } } as const)
        : ({ ok: true, value } as never);
    };
    const silent = {
      ...cloud,
      vaults: async () => vaults,
      chain: next("chain"),
      batches: next("batches"),
      records: next("records"),
    };
    const reader = must(await Reader.open({ cloud: silent, store, chains: chains() }));
    return reader.verify(owner.vault);
  };
  return { said, verify };
}

it("a stranger cannot make herself an owner by what the cloud says", async () => {
  const stranger = await somebody();
  const reader = await readerOf(
    lyingCloud(cloud, {
      vaults: () => ({
        vaults: [{ vault: owner.vault, role: "device", grants: [] }],
        more: false,
      }),
    }),
    stranger,
  );
  const asked = must(await reader.search("Observation"));
  for await (const _ of asked) throw new Error("a stranger reads nothing");
  expect(asked.report().failures).toHaveLength(1);
});
