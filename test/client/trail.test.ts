import { toHex } from "@salus/base";
import { httpCloud, LogWatch, memoryKeyStore, type Patient, type Trail } from "@salus/client";
import { digest } from "@salus/evaluate";
import {
  ask,
  type CloudProcess,
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
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

// Goal: a patient sees what was done under her grants, in the words of who did it, and nobody else
// sees those words; what is not said is not answered; nothing is lost when the cloud is killed.
// Method: real clients and a cloud in a process of its own.

const HOUR = 3_600_000;
const QUERY = "Observation?code=8480-6&value-quantity=gt100";
const wire: Uint8Array[] = [];

let server: CloudProcess;
let owner: TestPatient;
let source: TestSource;
const cloud = () =>
  httpCloud(server.url, { onExchange: ({ sent, received }) => wire.push(sent, received) });

beforeAll(async () => {
  server = await startCloudProcess();
  owner = await newPatient(cloud());
  source = await newSource(cloud(), owner, "org-a", ["vitals"]);
  const vault = await vaultOf(source, owner.vault);
  const many = Array.from({ length: 60 }, (_, at) => pressure(`p${at}`, 110 + at));
  must(await vault.upload(many.map((resource) => ({ resource }))));
}, 120_000);
afterAll(() => server.stop());

async function grantee(): Promise<Awaited<ReturnType<typeof somebody>>> {
  const reader = await somebody();
  const order = { sources: "all", categories: "all", expires: Date.now() + HOUR } as const;
  must(await owner.patient.grant({ ...order, grantee: reader.identity.card }));
  return reader;
}

/** The trail, by one look: what was answered before is in it. */
async function trailOf(patient: Patient): Promise<Trail> {
  return must(await patient.trail());
}

describe("a trail", () => {
  it("tells who asked what, pages of one search as one, and only the patient", async () => {
    const reader = await grantee();
    wire.length = 0;
    const reading = await readerOf(cloud(), reader);
    const { ids } = await ask(reading, QUERY, { pageSize: 10 });
    expect(ids).toHaveLength(60);
    must(await reading.verify(owner.vault));
    const { items, failure } = await trailOf(owner.patient);
    expect(failure).toBeUndefined();
    expect(items.map(({ findings }) => findings)).toEqual(items.map(() => []));
    expect(
      items.every((item) => toHex(item.grantee ?? digest()) === toHex(reader.identity.card.sign)),
    ).toBe(true);
    expect(items.map(({ route, said }) => [route, said?.action, said?.query])).toEqual([
      ["query", "search", QUERY],
      ["batches", "verify", ""],
      ["records", "verify", ""],
    ]);
    expect(items[0]?.requests).toBeGreaterThan(1);
    expect(items[0]?.candidates).toBe(60);
    const said = Buffer.from(QUERY);
    expect(wire.some((bytes) => Buffer.from(bytes).includes(said))).toBe(false);
  });

  it("of somebody who does not say what she does, there is an error and no answer", async () => {
    const reader = await grantee();
    const grant = owner.patient.grants().at(-1)?.grant;
    if (grant === undefined) throw new Error("a grant was given");
    const silent = reader.identity.caller(grant);
    const question = {
      ...{ clauses: [], order: [], descending: false, sources: [], limit: 10 },
      ...{ cursor: new Uint8Array(), total: false },
    };
    const before = (await trailOf(owner.patient)).items.length;
    const answer = await cloud().query(silent, owner.vault, question);
    expect(answer).toMatchObject({ ok: false, error: { problem: "trail-missing" } });
    const nonsense = { ...silent, trail: async () => new Uint8Array(40) };
    const other = await cloud().query(nonsense, owner.vault, question);
    expect(other).toMatchObject({ ok: false, error: { problem: "malformed" } });
    expect((await trailOf(owner.patient)).items).toHaveLength(before);
  });

  it("what the owner and her sources do is not in it", async () => {
    const before = (await trailOf(owner.patient)).items.length;
    const reading = await readerOf(cloud(), owner);
    await ask(reading, QUERY);
    must(await reading.verify(owner.vault));
    const vault = await vaultOf(source, owner.vault);
    must(await vault.upload([{ resource: pressure("later", 150) }]));
    expect((await trailOf(owner.patient)).items).toHaveLength(before);
  });

  it("nobody but the patient may read it, or her part of the log", async () => {
    const reader = await grantee();
    const grant = owner.patient.grants().at(-1)?.grant;
    const callers = [reader.identity.caller(grant), source.identity.caller()];
    for (const caller of callers) {
      const refused = { ok: false, error: { problem: "not-yours" } };
      expect(await cloud().trail(caller, owner.vault, 0)).toMatchObject(refused);
      expect(await cloud().ownLeaves(caller, owner.vault, 0, 1)).toMatchObject(refused);
    }
    const stranger = (await somebody()).identity.caller();
    expect(await cloud().trail(stranger, owner.vault, 0)).toMatchObject({
      error: { problem: "no-such-vault" },
    });
  });
});

it("a log that was looked at while the clock was ahead is looked at again", async () => {
  const watch = must(await LogWatch.of(memoryKeyStore(), cloud()));
  const sizeSeen = async (): Promise<number> => must(await watch.check()).statement.payload.size;
  const later = Date.now() + HOUR;
  const clock = vi.spyOn(Date, "now").mockReturnValue(later);
  const before = await sizeSeen();
  clock.mockRestore();
  await newPatient(cloud());
  expect(await sizeSeen()).toBeGreaterThan(before);
});

it("what was acknowledged before the cloud was killed is in the log once", {
  timeout: 240_000,
}, async () => {
  let links = must(await owner.patient.checkLog()).leaves;
  for (let round = 0; round < 6; round += 1) {
    // The sequencer comes by four times a second: some of these have places when the kill comes.
    for (let at = 0; at <= round; at += 1) {
      must(await owner.patient.rotate({ sources: "all", categories: ["vitals"] }));
      links += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, round * 60));
    await server.kill();
    await server.restart();
  }
  const report = must(await owner.patient.checkLog(true));
  expect(report).toMatchObject({ leaves: links, scanned: true });
});
