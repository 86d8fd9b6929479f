import { equalBytes, ok, toHex } from "@salus/base";
import { ChainCache, type Cloud, type Exchange, httpCloud, Patient } from "@salus/client";
import { unwrapBatchKey } from "@salus/crypto";
import { splitEnvelope } from "@salus/evaluate";
import { CATEGORIES, compileSearch } from "@salus/health";
import { Absent, type QueryAnswer } from "@salus/protocol";
import {
  ask,
  type CloudProcess,
  depression,
  glucose,
  must,
  newPatient,
  newSource,
  pressure,
  readerOf,
  somebody,
  startCloudProcess,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addGrant } from "../../packages/client/src/patient/rotation.ts";
import { type Access, openAccesses } from "../../packages/client/src/reader/access.ts";
import { Opener, wrapsByName } from "../../packages/client/src/reader/opener.ts";
import { type Plan, planSearch } from "../../packages/client/src/reader/plan.ts";
import { EVERYTHING } from "../running/everything.ts";

// Goal: a question is answered over all sources at once, and everybody finds and opens exactly what the
// patient has let her: no other category, no other source, nothing that was written after a revocation.
// Method: a real cloud; small vaults with several sources, asked by owner, grantees and sources.

let server: CloudProcess;
let cloud: Cloud;
const exchanges: Exchange[] = [];

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url, { onExchange: (exchange) => exchanges.push(exchange) });
});
afterAll(() => server.stop());

const HOUR = 3_600_000;
const upload = (...resources: ReturnType<typeof pressure>[]) =>
  resources.map((resource) => ({ resource }));

/** A cloud that is lost after so many appends. */
function lostAfter(appends: number): Cloud {
  let done = 0;
  return {
    ...cloud,
    appendChain: async (...asked) => {
      done += 1;
      if (done > appends) return { ok: false, error: { kind: "unreachable" } };
      return cloud.appendChain(...asked);
    },
  };
}

describe("a change of more links than one append has", () => {
  it("that was interrupted is finished at the next sync", async () => {
    const owner = await newPatient(cloud);
    const cards = await Promise.all(Array.from({ length: 10 }, () => somebody()));
    const sources = must(
      await owner.patient.admitAll(
        cards.map(({ identity }) => ({ card: identity.card, categories: CATEGORIES })),
      ),
    );
    const [one, two] = [await somebody(), await somebody()];
    const expires = Date.now() + HOUR;
    const order = { sources, categories: "all", expires } as const;
    const ended = must(await owner.patient.grant({ ...order, grantee: one.identity.card }));
    must(await owner.patient.grant({ ...order, grantee: two.identity.card }));
    const { store } = owner;
    const interrupted = must(await Patient.open({ store, cloud: lostAfter(1) }));
    expect(await interrupted.revoke(ended)).toMatchObject({ error: { kind: "unreachable" } });
    const again = must(await Patient.open({ store, cloud }));
    expect(again.sources().some(({ categories }) => categories.length === 0)).toBe(true);
    must(await again.sync());
    const categories = again.sources().map((source) => source.categories.length);
    expect(categories).toEqual(Array(10).fill(CATEGORIES.length));
    const stays = again.grants().filter(({ status }) => status === "live");
    expect(stays.map(({ grantee }) => toHex(grantee))).toEqual([toHex(two.identity.card.sign)]);
    const given = again.chain.grants.get(toHex(stays[0]?.grant ?? new Uint8Array(0)))?.terms;
    // Those of before, and those that took their places: more than other statements can hold.
    expect(given?.cells).toHaveLength(2 * 10 * CATEGORIES.length);
    const afresh = must(await Patient.open({ store, cloud, chains: new ChainCache() }));
    expect(afresh.chain.head).toEqual(again.chain.head);
    const { seq } = must(await again.sync());
    expect(must(await again.sync())).toEqual({ seq });
  });

  it("is made where more grants end at once than an append can hold", async () => {
    const owner = await newPatient(cloud);
    const source = await newSource(cloud, owner, "org", ["vitals"]);
    const { card } = (await somebody()).identity;
    const { notBefore, expires } = { notBefore: 1, expires: 2 };
    const [cell] = owner.patient.chain.cells.values();
    if (cell === undefined) throw new Error("it has a cell");
    must(
      await owner.patient.change(async (draft) => {
        for (let n = 0; n < 300; n += 1) {
          const to = { grantee: card.sign, suite: card.suite, kem: card.kem };
          const none = { cells: [], scopes: [], period: [] as const, purpose: "TREAT" };
          const request = Absent.of(new Uint8Array(0));
          const terms = { ...to, ...none, request, sources: [source.handle], notBefore, expires };
          await addGrant(draft, terms, draft.cells(), []);
        }
        return ok(undefined);
      }),
    );
    must(await owner.patient.sync());
    expect(new Set(owner.patient.grants().map(({ status }) => status))).toEqual(
      new Set(["revoked"]),
    );
  });
});

describe("one question", () => {
  it("is answered over all sources, by one request", async () => {
    const owner = await newPatient(cloud);
    for (let n = 0; n < 4; n += 1) {
      const source = await newSource(cloud, owner, `org-${n}`, ["vitals", "laboratory"]);
      const vault = await vaultOf(source, owner.vault);
      const values = upload(
        pressure(`low-${n}`, 110, "2020-05-01"),
        pressure(`high-${n}`, 150 + n, `2020-05-0${n + 2}`),
        glucose(`sugar-${n}`, 150, "2020-05-01"),
      );
      expect(must(await vault.upload(values))).toMatchObject({ records: 3, refused: [] });
    }
    const reader = await readerOf(cloud, owner);
    await reader.vaults();
    exchanges.length = 0;
    const query = "Observation?code=http://loinc.org|8480-6&value-quantity=gt140&_sort=-date";
    const { ids, report } = await ask(reader, query);
    expect(ids).toEqual([3, 2, 1, 0].map((n) => `Observation/high-${n}`));
    expect(exchanges.filter(({ path }) => path.endsWith("/query"))).toHaveLength(1);
    expect(report.sources.map(({ status }) => status)).toEqual(Array(4).fill("answered"));
    expect(report.cost).toMatchObject({ requests: 1, matches: 4 });
    expect(report).toMatchObject({ findings: [], failures: [] });
  });

  it("takes a record that was updated between its pages for no fault", async () => {
    const owner = await newPatient(cloud);
    const source = await newSource(cloud, owner, "org", ["vitals"]);
    const vault = await vaultOf(source, owner.vault);
    const days = [1, 2, 3, 4, 5, 6];
    must(await vault.upload(upload(...days.map((n) => pressure(`p${n}`, 150, `2020-01-0${n}`)))));
    const reader = await readerOf(cloud, owner);
    const options = { pageSize: 1 };
    const answer = must(
      await reader.search("Observation?value-quantity=gt140&_sort=date", options),
    );
    const ids: unknown[] = [];
    for await (const { resource } of answer) {
      if (ids.push(resource.id) > 1) continue;
      must(await vault.upload(upload(pressure("p1", 150, "2021-01-01"))));
    }
    expect(ids).toEqual(days.map((n) => `p${n}`));
    expect(answer.report()).toMatchObject({ findings: [], failures: [] });
    expect(answer.report().cost.candidates).toBe(days.length + 1);
  });

  it("can be restricted to an organisation, a department, a physician", async () => {
    const owner = await newPatient(cloud);
    const [a, b] = [
      await newSource(cloud, owner, "org-a", ["vitals"]),
      await newSource(cloud, owner, "org-b", ["vitals"]),
    ];
    for (const source of [a, b]) {
      const vault = await vaultOf(source, owner.vault);
      const paths = [
        [],
        ["cardiology"],
        ["cardiology", "dr-1"],
        ["cardiology", "dr-2"],
        ["surgery"],
      ];
      const values = paths.map((path, n) => ({
        resource: pressure(`${source.node}-${n}`, 150, `2020-01-0${n + 1}`),
        path,
      }));
      must(await vault.upload(values));
    }
    const reader = await readerOf(cloud, owner);
    const at = async (...path: readonly string[]): Promise<readonly string[]> => {
      const scope = [toHex(a.handle), ...path];
      const query = "Observation?value-quantity=gt140&_sort=date";
      const { ids, report } = await ask(reader, query, { scope });
      expect(report).toMatchObject({ findings: [], failures: [], cost: { requests: 1 } });
      expect(report.sources.map(({ source }) => toHex(source))).toEqual([toHex(a.handle)]);
      return ids;
    };
    const records = (...numbers: readonly number[]) => numbers.map((n) => `Observation/org-a-${n}`);
    expect(await at()).toEqual(records(0, 1, 2, 3, 4));
    expect(await at("cardiology")).toEqual(records(1, 2, 3));
    expect(await at("cardiology", "dr-2")).toEqual(records(3));
    expect(await at("surgery")).toEqual(records(4));
    const query = "Observation?value-quantity=gt140";
    const scope = [toHex(a.handle), "nobody"];
    expect(await ask(reader, query, { scope })).toMatchObject({ ids: [] });
  });
});

describe("a grant", () => {
  it("of laboratory values of one source gives exactly those", async () => {
    const owner = await newPatient(cloud);
    const a = await newSource(cloud, owner, "org-a", ["vitals", "laboratory", "mental-health"]);
    const b = await newSource(cloud, owner, "org-b", ["vitals", "laboratory"]);
    const inA = await vaultOf(a, owner.vault);
    const inB = await vaultOf(b, owner.vault);
    must(await inA.upload(upload(pressure("a-v", 150), glucose("a-l", 150), depression("a-m"))));
    must(await inB.upload(upload(pressure("b-v", 150), glucose("b-l", 150))));
    const doctor = await somebody();
    const [grantee, expires] = [doctor.identity.card, Date.now() + HOUR];
    // A second one of the same shows the same records, which count once.
    for (const categories of [["laboratory"], ["laboratory"]] as const) {
      must(await owner.patient.grant({ grantee, sources: [a.handle], categories, expires }));
    }
    const reader = await readerOf(cloud, doctor);
    expect(must(await reader.vaults()).map(toHex)).toEqual([toHex(owner.vault)]);
    expect((await ask(reader, "Observation")).ids).toEqual(["Observation/a-l"]);
    expect((await ask(reader, "Observation?value-quantity=gt100")).ids).toEqual([
      "Observation/a-l",
    ]);
    expect((await ask(reader, "Condition")).ids).toEqual([]);
    const exported: string[] = [];
    for await (const { resource } of must(await reader.export())) exported.push(`${resource.id}`);
    expect(exported).toEqual(["a-l"]);
    const stored: string[] = [];
    for await (const item of reader.inspect(owner.vault)) stored.push(toHex(must(item).record));
    expect(stored).toHaveLength(1);
    expect(must(await reader.verify(owner.vault))).toMatchObject({ records: 1, findings: [] });
    // What the source writes into it later is covered too.
    must(await inA.upload(upload(glucose("a-l2", 160))));
    expect([...(await ask(reader, "Observation?value-quantity=gt100")).ids].sort()).toEqual([
      "Observation/a-l",
      "Observation/a-l2",
    ]);
  });

  it("of all sources is asked at the root, and ends when it expires", async () => {
    const owner = await newPatient(cloud);
    for (const node of ["org-a", "org-b"]) {
      const source = await newSource(cloud, owner, node, ["vitals"]);
      const vault = await vaultOf(source, owner.vault);
      must(await vault.upload(upload(pressure(`${node}-1`, 150), pressure(`${node}-2`, 120))));
    }
    const doctor = await somebody();
    const expires = Date.now() + 8_000;
    const grantee = doctor.identity.card;
    must(await owner.patient.grant({ grantee, sources: "all", categories: "all", expires }));
    const reader = await readerOf(cloud, doctor);
    exchanges.length = 0;
    const { ids } = await ask(reader, "Observation?value-quantity=gt140");
    expect([...ids].sort()).toEqual(["Observation/org-a-1", "Observation/org-b-1"]);
    const queries = exchanges.filter(({ path }) => path.endsWith("/query"));
    expect(queries).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, expires - Date.now() + 50));
    const late = must(await reader.search("Observation"));
    for await (const _ of late) throw new Error("a grant that has expired gives nothing");
    expect(late.report().failures).toHaveLength(1);
  });
});

describe("a source", () => {
  it("opens nothing and finds nothing, not even its own", async () => {
    const owner = await newPatient(cloud);
    const a = await newSource(cloud, owner, "org-a", ["vitals"]);
    const vault = await vaultOf(a, owner.vault);
    must(await vault.upload(upload(pressure("1", 150))));
    const reader = await readerOf(cloud, a);
    expect(must(await reader.vaults())).toEqual([]);
    const asked = must(await reader.search("Observation", { vaults: [owner.vault] }));
    for await (const _ of asked) throw new Error("a source reads nothing");
    expect(asked.report().failures).toMatchObject([{ error: { kind: "no-vault" } }]);
    // The cloud itself says no, whatever the program asks.
    const caller = a.identity.caller();
    expect(await cloud.query(caller, owner.vault, EVERYTHING)).toMatchObject({
      error: { kind: "refused", problem: "not-yours" },
    });
    const b = await newSource(cloud, owner, "org-b", ["vitals"]);
    const { handle } = b;
    const batches = await cloud.batches(caller, owner.vault, handle, 1);
    expect(batches.ok).toBe(false);
  });

  it("that was never let in is a stranger", async () => {
    const owner = await newPatient(cloud);
    const stranger = await newSource(cloud, await newPatient(cloud), "org-x", ["vitals"]);
    expect(await stranger.writer.open(owner.vault)).toMatchObject({
      error: { kind: "refused", problem: "no-such-vault" },
    });
  });

  it("that has ended writes no more, and its records stay with the patient", async () => {
    const owner = await newPatient(cloud);
    const a = await newSource(cloud, owner, "org-a", ["vitals"]);
    const b = await newSource(cloud, owner, "org-b", ["vitals"]);
    const inA = await vaultOf(a, owner.vault);
    const inB = await vaultOf(b, owner.vault);
    must(await inA.upload(upload(pressure("a", 150))));
    must(await owner.patient.end(a.handle));
    expect(await inA.upload(upload(pressure("a2", 150)))).toMatchObject({
      error: { kind: "not-live", what: "source" },
    });
    expect(await a.writer.open(owner.vault)).toMatchObject({ error: { kind: "not-live" } });
    // The root's scope was closed, for the source knows its key; the others go on under its successor.
    must(await inB.upload(upload(pressure("b", 150))));
    const reader = await readerOf(cloud, owner);
    const { ids } = await ask(reader, "Observation?value-quantity=gt140");
    expect([...ids].sort()).toEqual(["Observation/a", "Observation/b"]);
    expect(must(await reader.verify(owner.vault)).findings).toEqual([]);
  });
});

describe("a revocation", () => {
  it("lets the one who kept her keys find and open nothing new, and the others all", async () => {
    const owner = await newPatient(cloud);
    const a = await newSource(cloud, owner, "org-a", ["vitals"]);
    const b = await newSource(cloud, owner, "org-b", ["vitals"]);
    const [inA, inB] = [await vaultOf(a, owner.vault), await vaultOf(b, owner.vault)];
    must(await inA.upload(upload(pressure("a-old", 150))));
    must(await inB.upload(upload(pressure("b-old", 150))));
    const [leaving, staying] = [await somebody(), await somebody()];
    const expires = Date.now() + HOUR;
    const everything = { sources: "all", categories: "all", expires } as const;
    const grantee = leaving.identity.card;
    const grant = must(await owner.patient.grant({ ...everything, grantee }));
    must(await owner.patient.grant({ ...everything, grantee: staying.identity.card }));
    const said = { deed: { action: "search", query: "" }, who: { name: "", node: "" } } as const;
    const at = { cloud, ...leaving, ...said, chains: new ChainCache() };
    const [kept] = must(await openAccesses(at, owner.vault, grant));
    if (kept === undefined) throw new Error("the grant is in force");
    const asOwner = owner.identity.caller();
    must(await owner.patient.revoke(grant));
    must(await inA.upload(upload(pressure("a-new", 150))));
    must(await inB.upload(upload(pressure("b-new", 150))));

    const all = ["a-new", "a-old", "b-new", "b-old"].map((id) => `Observation/${id}`);
    const query = "Observation?value-quantity=gt140&code=8480-6";
    for (const who of [owner, staying]) {
      const reader = await readerOf(cloud, who);
      exchanges.length = 0;
      const { ids, report } = await ask(reader, query);
      expect([...ids].sort()).toEqual(all);
      expect(report.sources.map(({ status }) => status)).toEqual(["answered", "answered"]);
      expect(exchanges.filter(({ path }) => path.endsWith("/query"))).toHaveLength(1);
    }
    const gone = await readerOf(cloud, leaving);
    expect(must(await gone.vaults())).toEqual([]);

    // With a cloud that lets her ask all the same, the keys that she kept find and open nothing new.
    const { clauses } = planOf(kept, query);
    const candidates = must(await cloud.query(asOwner, owner.vault, { ...EVERYTHING, clauses }));
    const openerOfKept = new Opener(kept);
    const found = await openAll(openerOfKept, candidates);
    expect(found.map(({ opens }) => opens)).toEqual([true, true]);
    const whole = must(await cloud.query(asOwner, owner.vault, EVERYTHING));
    const tried = await openAll(openerOfKept, whole);
    expect(tried.map(({ opens }) => opens).sort()).toEqual([false, false, true, true]);
    // Not even with a cell's key in place of another's.
    for (const { envelope, opens } of tried) {
      if (opens) continue;
      const { header } = must(splitEnvelope(envelope));
      const wrap = whole.wraps.find(({ batch }) => equalBytes(batch, header.batch));
      for (const { kem } of kept.keys.cells) {
        const place = { vault: owner.vault, cell: header.cell, batch: header.batch };
        expect(wrap && (await unwrapBatchKey(kem, place, wrap)).ok).toBe(false);
      }
    }
    expect(must(await (await readerOf(cloud, owner)).verify(owner.vault)).findings).toEqual([]);
  });
});

function planOf({ keys, policy }: Access, query: string): Plan {
  const search = must(compileSearch(query, { policy, now: Date.now() }));
  const plan = planSearch(search, { keys, rootIsWhole: true });
  if (plan === undefined) throw new Error("the keys fit the question");
  return plan;
}

async function openAll(
  opener: Opener,
  { candidates, wraps, certificates }: QueryAnswer,
): Promise<{ readonly envelope: Uint8Array; readonly opens: boolean }[]> {
  opener.learn(certificates);
  const byName = wrapsByName(wraps);
  return Promise.all(
    candidates.map(async (candidate) => {
      const opened = await opener.open(candidate, byName);
      return { envelope: candidate.envelope, opens: opened.ok };
    }),
  );
}
