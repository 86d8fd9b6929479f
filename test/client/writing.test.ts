import { equalBytes } from "@salus/base";
import {
  ChainCache,
  type Cloud,
  certify,
  type Exchange,
  httpCloud,
  type KeyStore,
} from "@salus/client";
import { Source } from "@salus/client/writer";
import type { Problem } from "@salus/protocol";
import {
  ask,
  type CloudProcess,
  condition,
  depression,
  glucose,
  lyingCloud,
  must,
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

// Goal: what a source uploads is there exactly once, as it was last said, whatever happens on the way.
// Method: a real cloud, and ways to lose answers, homes and keys in between.

let server: CloudProcess;
let cloud: Cloud;
const exchanges: Exchange[] = [];

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url, { onExchange: (exchange) => exchanges.push(exchange) });
});
afterAll(() => server.stop());

type Resources = ReturnType<typeof pressure>[];
const upload = (...resources: Resources) => resources.map((resource) => ({ resource }));
const many = (count: number, prefix = "p"): Resources =>
  Array.from({ length: count }, (_, n) =>
    pressure(`${prefix}${n}`, 100 + (n % 80), `2020-01-${String(1 + (n % 28)).padStart(2, "0")}`),
  );

/** Every observation with its value and revision, once verification has found nothing wrong. */
async function stored(owner: TestPatient): Promise<Record<string, readonly [number, number]>> {
  const reader = await readerOf(cloud, owner);
  expect(must(await reader.verify(owner.vault)).findings).toEqual([]);
  const found: Record<string, readonly [number, number]> = {};
  for await (const { resource, revision } of must(await reader.search("Observation"))) {
    const { value } = resource.valueQuantity as { readonly value: number };
    expect(found[String(resource.id)]).toBeUndefined();
    found[String(resource.id)] = [value, revision];
  }
  return found;
}

async function start(): Promise<{ readonly owner: TestPatient; readonly source: TestSource }> {
  const owner = await newPatient(cloud);
  const source = await newSource(cloud, owner, "org", ["vitals", "laboratory", "mental-health"]);
  return { owner, source };
}

/** The same home, opened by a program that has just started, with another way to the cloud. */
async function reopened(source: TestSource, through: Cloud): Promise<TestSource> {
  const { store, node } = source;
  const writer = must(await Source.open({ cloud: through, store, node, chains: new ChainCache() }));
  return { ...source, writer };
}

/** A cloud of which some answers are lost after they were given. */
function losing(lost: (exchange: number) => boolean): Cloud {
  let uploads = 0;
  return {
    ...cloud,
    upload: async (...asked) => {
      const receipt = await cloud.upload(...asked);
      uploads += 1;
      return lost(uploads) ? { ok: false, error: { kind: "unreachable" } } : receipt;
    },
  };
}

function refusing(honest: Cloud, detail: Problem): Cloud {
  const error = { kind: "refused", status: 409, problem: detail.kind, detail } as const;
  return { ...honest, upload: async () => ({ ok: false, error }) };
}

describe("records", () => {
  it("are created, updated, left alone when they have not changed, and deleted", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    must(await vault.upload(upload(pressure("a", 120), pressure("b", 130), pressure("c", 140))));
    const again = upload(pressure("a", 120), pressure("b", 131));
    expect(must(await vault.upload(again))).toMatchObject({ records: 1, unchanged: 1 });
    const gone = [
      { resourceType: "Observation", id: "c" },
      { resourceType: "Observation", id: "never" },
    ];
    expect(must(await vault.remove(gone))).toMatchObject({
      records: 1,
      refused: [{ id: "never", problem: "not-stored" }],
    });
    expect(must(await vault.remove(gone.slice(0, 1)))).toMatchObject({ records: 0, unchanged: 1 });
    expect(await stored(owner)).toEqual({ a: [120, 1], b: [131, 2] });
    const reader = await readerOf(cloud, owner);
    expect((await ask(reader, "Observation?value-quantity=130")).ids).toEqual([]);
    // What was deleted can come back: it is the same record.
    must(await vault.upload(upload(pressure("c", 141))));
    expect(await stored(owner)).toEqual({ a: [120, 1], b: [131, 2], c: [141, 3] });
  });

  it("that come twice in one upload become two revisions, the last one counting", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    const values = upload(pressure("a", 1), pressure("a", 2), pressure("a", 2), pressure("a", 3));
    expect(must(await vault.upload(values))).toMatchObject({ records: 3, unchanged: 1 });
    expect(await stored(owner)).toEqual({ a: [3, 3] });
  });

  it("that cannot be taken are named, and the others are taken", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    const strange = [
      { resourceType: "Observation" },
      { id: "no-type" },
      { resourceType: "Spaceship", id: "1" },
      { ...pressure("bad-date", 120), effectiveDateTime: "yesterday" },
      condition("no-cell", "38341003", "Hypertensive disorder"),
      { resourceType: "Observation", id: "../x" },
      [],
      null,
    ];
    const mixed = [...upload(pressure("good", 120)), ...strange.map((resource) => ({ resource }))];
    const report = must(await vault.upload(mixed as never));
    expect(report.refused.map(({ problem }) => problem).sort()).toEqual([
      "bad-date",
      "bad-id",
      "bad-id",
      "missing-type",
      "no-cell",
      "not-an-object",
      "not-an-object",
      "unknown-type",
    ]);
    expect(report).toMatchObject({ records: 1 });
    expect(await stored(owner)).toEqual({ good: [120, 1] });
    expect(JSON.stringify(report.refused)).not.toContain("yesterday");
  });

  it("of a sensitive category are found without an ordered index", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    const dates = ["2019-01-01", "2020-06-01", "2021-01-01"];
    must(await vault.upload(upload(...dates.map((at, n) => depression(`d${n}`, at)))));
    const reader = await readerOf(cloud, owner);
    const { ids, report } = await ask(reader, "Condition?onset-date=ge2020-01-01&_sort=onset-date");
    expect(ids).toEqual(["Condition/d1", "Condition/d2"]);
    expect(report).toMatchObject({ findings: [], cost: { candidates: 2 } });
    for await (const item of reader.inspect(owner.vault)) {
      expect(must(item).entries.filter(([kind]) => kind === 1)).toEqual([]);
    }
    expect(must(await reader.verify(owner.vault)).findings).toEqual([]);
  });
});

describe("an author", () => {
  it("below the organisation signs under her certificate, and only as herself", async () => {
    const { owner, source } = await start();
    const [ward, doctor] = [(await somebody()).identity, (await somebody()).identity];
    const notBefore = Date.now() - 60_000;
    const department = { role: "department", node: "ward", parent: "org", name: "Ward" } as const;
    const physician = { role: "physician", node: "dr", parent: "ward", name: "Dr. A" } as const;
    const certificates = [
      certify(source.identity, { ...department, card: ward.card, notBefore }),
      certify(ward, { ...physician, card: doctor.card, notBefore }),
    ];
    const author = { signer: doctor.signer, certificates };
    const vault = await vaultOf(source, owner.vault);
    const resource = pressure("signed", 150);
    must(await vault.upload([{ resource, path: ["ward", "dr"], author }]));
    const reader = await readerOf(cloud, owner);
    expect(await ask(reader, "Observation")).toMatchObject({
      ids: ["Observation/signed"],
      report: { findings: [] },
    });
    expect(must(await reader.verify(owner.vault)).findings).toEqual([]);
    // The cloud takes what is certified; who she says that she is, the reader judges.
    const elsewhere = [{ resource: pressure("false", 150), path: ["surgery"], author }];
    must(await vault.upload(elsewhere));
    const { ids, report } = await ask(reader, "Observation");
    expect(ids).toEqual(["Observation/signed"]);
    expect(report.findings).toMatchObject([{ kind: "unreadable" }]);
    // And without the certificates nobody takes it.
    const uncertified = { signer: doctor.signer, certificates: certificates.slice(1) };
    const refused = [{ resource: pressure("no", 1), path: ["ward", "dr"], author: uncertified }];
    expect(await vault.upload(refused)).toMatchObject({ error: { problem: "not-yours" } });
  });
});

describe("an interrupted upload", () => {
  it("is resumed with the stored bytes when the answer was lost", async () => {
    const { owner, source } = await start();
    const dying = await reopened(
      source,
      losing(() => true),
    );
    const lost = await (await vaultOf(dying, owner.vault)).upload(upload(...many(20)));
    expect(lost).toEqual({ ok: false, error: { kind: "unreachable" } });
    expect(await source.store.list("outbox/")).toHaveLength(1);
    exchanges.length = 0;
    const back = await reopened(source, cloud);
    expect(must(await back.writer.resume())).toEqual({ batches: 1 });
    const vault = await vaultOf(back, owner.vault);
    expect(must(await vault.upload(upload(...many(20))))).toMatchObject({
      records: 0,
      unchanged: 20,
    });
    expect(exchanges.filter(({ path }) => path.endsWith("/batches"))).toHaveLength(1);
    expect(await source.store.list("outbox/")).toEqual([]);
    expect(Object.values(await stored(owner)).map(([, revision]) => revision)).toEqual(
      Array(20).fill(1),
    );
  });

  it("goes on where it stopped, whichever batch was lost", async () => {
    const resources = many(1010);
    for (const lostAt of [1, 2]) {
      const { owner, source } = await start();
      const dying = await reopened(
        source,
        losing((uploads) => uploads === lostAt),
      );
      const lost = await (await vaultOf(dying, owner.vault)).upload(upload(...resources));
      expect(lost.ok).toBe(false);
      // Without starting anew, too: the same object delivers what is left before anything else.
      const vault = await vaultOf(
        lostAt === 2 ? dying : await reopened(source, cloud),
        owner.vault,
      );
      const report = must(await vault.upload(upload(...resources)));
      expect(report.records + report.unchanged).toBe(1010);
      expect(report.unchanged).toBe(500 * lostAt);
      const found = await stored(owner);
      expect(Object.keys(found)).toHaveLength(1010);
      expect(Object.values(found).every(([, revision]) => revision === 1)).toBe(true);
    }
  });

  it("survives a cloud that is killed while it answers", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    const uploading = vault.upload(upload(...many(1500)));
    await new Promise((resolve) => setTimeout(resolve, 400));
    await server.kill();
    await server.restart();
    expect(must(await uploading)).toMatchObject({ records: 1500 });
    expect(Object.keys(await stored(owner))).toHaveLength(1500);
  });
});

describe("a home", () => {
  it("that was lost costs updates instead of duplicates", async () => {
    const { owner, source } = await start();
    must(await (await vaultOf(source, owner.vault)).upload(upload(...many(5))));
    const account = must(await source.store.read("account"));
    const { store } = await somebody();
    await store.write("account", account ?? new Uint8Array(0));
    const vault = await vaultOf(await reopened({ ...source, store }, cloud), owner.vault);
    expect(must(await vault.upload(upload(...many(6))))).toMatchObject({ records: 6 });
    const found = await stored(owner);
    expect(found.p0).toEqual([100, 2]);
    expect(found.p5).toEqual([105, 1]);
    // And from then on it knows again what it has sent.
    expect(must(await vault.upload(upload(...many(6))))).toMatchObject({ unchanged: 6 });
  });

  it("that is used from two programs at once loses nothing", async () => {
    const { owner, source } = await start();
    const copy: KeyStore = { ...source.store };
    const [one, two] = [
      await vaultOf(await reopened(source, cloud), owner.vault),
      await vaultOf(await reopened({ ...source, store: copy }, cloud), owner.vault),
    ];
    for (let round = 0; round < 3; round += 1) {
      must(await one.upload(upload(pressure("shared", 100 + round), pressure(`a${round}`, 1))));
      must(await two.upload(upload(pressure("shared", 200 + round), pressure(`b${round}`, 2))));
    }
    const found = await stored(owner);
    expect(found.shared).toEqual([202, 6]);
    expect(Object.keys(found)).toHaveLength(7);
  });

  it("does not go on by a cloud that has forgotten what it acknowledged", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    must(await vault.upload(upload(pressure("a", 1))));
    must(await vault.upload(upload(pressure("b", 2))));
    const amnesia = lyingCloud(cloud, { batches: (page) => ({ ...page, batches: [] }) });
    const none = { kind: "batch-number", number: 1, hash: new Uint8Array(32) as never } as const;
    const again = await vaultOf(await reopened(source, refusing(amnesia, none)), owner.vault);
    expect(await again.upload(upload(pressure("c", 3)))).toMatchObject({
      error: { kind: "rollback", what: "batch" },
    });
  });

  it("seals no revision again because a cloud says that it has an older one", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    must(await vault.upload(upload(pressure("a", 1), pressure("a", 2))));
    const forgetful = lyingCloud(cloud, {
      revisions: ({ revisions: [told] }) => ({ revisions: told ? [{ ...told, revision: 1 }] : [] }),
    });
    const older = { kind: "revision-conflict", record: Buffer.alloc(16) as never, revision: 1 };
    const lying = refusing(forgetful, older as Problem);
    const again = await vaultOf(await reopened(source, lying), owner.vault);
    const answer = await again.upload(upload(pressure("a", 3)));
    expect(answer).toMatchObject({ error: { kind: "rollback", what: "batch" } });
  });

  it("does not take a receipt for another batch", async () => {
    const { owner, source } = await start();
    const confused = lyingCloud(cloud, {
      upload: (receipt) => ({ ...receipt, number: receipt.number + 1 }),
    });
    const vault = await vaultOf(await reopened(source, confused), owner.vault);
    expect(await vault.upload(upload(pressure("a", 1)))).toMatchObject({
      error: { kind: "malformed-answer", what: "receipt" },
    });
  });
});

describe("keys", () => {
  it("that were rotated while a source was writing are picked up", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    must(await vault.upload(upload(pressure("a", 150, "2020-01-01"))));
    must(await owner.patient.rotate({ sources: "all", categories: "all" }));
    must(await vault.upload(upload(pressure("b", 151, "2020-01-02"))));
    const reader = await readerOf(cloud, owner);
    const { ids } = await ask(reader, "Observation?value-quantity=gt140&_sort=-date");
    expect(ids).toEqual(["Observation/b", "Observation/a"]);
    const cells = new Set<string>();
    for await (const item of reader.inspect(owner.vault)) {
      cells.add(Buffer.from(must(item).envelope.subarray(72, 88)).toString("hex"));
    }
    expect(cells.size).toBe(2);
  });

  it("that are new find old records again once they are indexed anew", async () => {
    const { owner, source } = await start();
    const vault = await vaultOf(source, owner.vault);
    const resources = upload(pressure("a", 150, "2020-01-01"), glucose("g", 150, "2020-01-01"));
    must(await vault.upload(resources));
    const rows = async () => {
      const scopes = new Set<string>();
      for await (const item of (await readerOf(cloud, owner)).inspect(owner.vault)) {
        for (const row of must(item).entries) {
          scopes.add(Buffer.from(row.subarray(1, 17)).toString("hex"));
        }
      }
      return scopes;
    };
    const before = await rows();
    must(await owner.patient.rotate({ sources: "all", categories: "all" }));
    const changed = [...resources.slice(1), ...upload(pressure("a", 151, "2020-01-01"))];
    expect(must(await vault.reindex([...changed, ...upload(pressure("new", 1))]))).toMatchObject({
      records: 1,
      refused: [{ problem: "changed" }, { problem: "not-stored" }],
    });
    expect(must(await vault.reindex(resources))).toMatchObject({ records: 2, refused: [] });
    const after = await rows();
    expect([...after].filter((scope) => before.has(scope))).toEqual([]);
    expect(await stored(owner)).toEqual({ a: [150, 1], g: [150, 1] });
    const reader = await readerOf(cloud, owner);
    const { ids } = await ask(reader, "Observation?value-quantity=gt140");
    expect(ids).toHaveLength(2);
  });

  it("let the patient write herself", async () => {
    const owner = await newPatient(cloud);
    const own = await newSource(cloud, owner, "patient", ["vitals"], owner);
    const vault = await vaultOf(own, owner.vault);
    must(await vault.upload([{ resource: pressure("home", 118), assigned: "patient" }]));
    const reader = await readerOf(cloud, owner);
    const answer = must(await reader.search("Observation"));
    for await (const { origin } of answer) {
      expect(origin).toMatchObject({ path: ["patient"], assigned: "patient" });
      expect(equalBytes(origin.source, own.handle)).toBe(true);
    }
    expect(answer.report().cost.matches).toBe(1);
  });
});
