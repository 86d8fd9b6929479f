import { ChainCache, type Cloud, httpCloud } from "@salus/client";
import {
  type CloudProcess,
  glucose,
  lyingCloud,
  must,
  newPatient,
  newSource,
  somebody,
  startCloudProcess,
  type TestPatient,
  type TestSource,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OrganisationWriter, PatientWriter, VaultWorld } from "../src/vaults/index.ts";
import { find, observation, ofPatient, patient, put, remove } from "./plain-records.ts";

// Goal: a gateway gives and takes what its identity may read and write, and not a record more.
// Method: a patient of two hospitals; the gateways of a grantee, a hospital and herself, all over one real cloud.

const DAY_MS = 86_400_000;
const CATEGORIES = ["administrative", "vitals", "laboratory"] as const;

let server: CloudProcess;
let cloud: Cloud;
let owner: TestPatient;
let first: TestSource;
let second: TestSource;

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
  owner = await newPatient(cloud);
  first = await newSource(cloud, owner, "first-hospital", CATEGORIES);
  second = await newSource(cloud, owner, "second-hospital", CATEGORIES);
  const [one, two] = [await vaultOf(first, owner.vault), await vaultOf(second, owner.vault)];
  const blood = [glucose("g", 90), glucose("same", 70)];
  const ofHers = [patient("17", "Okafor"), observation("bp", 150), ...blood];
  must(await one.upload(ofHers.map((resource) => ({ resource: ofPatient("17", resource) }))));
  const others = [observation("bp-2", 130), glucose("g-2", 99)];
  must(await two.upload(others.map((resource) => ({ resource: ofPatient("17", resource) }))));
});
afterAll(() => server.stop());

/** The gateway of an organisation, with somebody who reads or without. */
async function ofOrganisation(
  { store, node }: TestSource,
  reader?: TestPatient,
): Promise<VaultWorld> {
  const chains = new ChainCache();
  const card = reader?.identity.card;
  const writer = must(await OrganisationWriter.of({ cloud, store, chains, node, reader: card }));
  const known = [{ patient: "17", vault: owner.vault }];
  return new VaultWorld({ cloud, chains, writer, reader, known });
}

describe("the gateway of a grantee", () => {
  it("has one category of one source, and nothing once that is revoked", async () => {
    const grantee = await somebody();
    const grant = must(
      await owner.patient.grant({
        grantee: grantee.identity.card,
        sources: [first.handle],
        categories: ["laboratory"],
        expires: Date.now() + DAY_MS,
      }),
    );
    const world = new VaultWorld({ cloud, chains: new ChainCache(), reader: grantee });
    expect(await find(world, "Observation")).toEqual(["Observation/g", "Observation/same"]);
    expect(await find(world, "Patient")).toEqual([]);
    expect(must(await world.read("Observation", "bp"))).toBeUndefined();
    expect(must(await world.read("Observation", "g-2"))).toBeUndefined();
    expect(await world.commit([put(ofPatient("17", glucose("g", 91)))])).toMatchObject({
      error: { kind: "not-writable" },
    });
    must(await owner.patient.revoke(grant));
    expect(await find(world, "Observation")).toEqual([]);
    expect(must(await world.read("Observation", "g"))).toBeUndefined();
    expect(must(await world.everything("17", { candidatesMax: 100 }))).toBeUndefined();
  });
});

describe("the gateway of an organisation", () => {
  it("writes, and opens nothing", async () => {
    const world = await ofOrganisation(first);
    const committed = must(await world.commit([put(ofPatient("17", glucose("blind", 80)))]));
    expect(committed).toMatchObject([{ id: "blind", created: true, versionId: "1" }]);
    const unread = { error: { kind: "not-readable" } };
    expect(await world.find("Observation", { candidatesMax: 10 })).toMatchObject(unread);
    expect(await world.read("Observation", "blind")).toMatchObject(unread);
    expect(await world.history("Observation", "blind")).toMatchObject(unread);
    expect(await world.everything("17", { candidatesMax: 10 })).toMatchObject(unread);
    expect(await world.commit([remove("Observation", "g")])).toMatchObject(unread);
  });

  it("with a reader changes what it wrote, and not what another one did", async () => {
    const world = await ofOrganisation(first, owner);
    const next = ofPatient("17", observation("bp", 151));
    expect(must(await world.commit([put(next)]))).toMatchObject([{ versionId: "2" }]);
    const foreign = { error: { kind: "not-writable", id: "g-2" } };
    expect(await world.commit([put(ofPatient("17", glucose("g-2", 1)))])).toMatchObject(foreign);
    expect(await world.commit([remove("Observation", "g-2")])).toMatchObject(foreign);
    expect(must(await world.read("Observation", "g-2"))).toMatchObject({
      resource: { meta: { source: "urn:salus:source:second-hospital" } },
    });
  });
});

describe("the gateway of a patient", () => {
  it("reads all that is hers, writes as herself, and changes nobody else's", async () => {
    const chains = new ChainCache();
    const { store } = owner;
    const writer = must(await PatientWriter.of({ cloud, store, chains }));
    const world = new VaultWorld({ cloud, chains, writer, reader: owner });
    expect(await find(world, "Observation?code=2339-0")).toContain("Observation/g-2");
    must(await world.commit([put(ofPatient("17", glucose("own", 101)), "0")]));
    must(await world.commit([put(ofPatient("17", glucose("own", 102)), "1")]));
    expect(must(await world.read("Observation", "own"))).toMatchObject({
      resource: { meta: { versionId: "2", source: "urn:salus:source:patient" } },
    });
    expect(await world.commit([remove("Observation", "g")])).toMatchObject({
      error: { kind: "not-writable" },
    });
  });

  it("gives a name that two sources use once, and says so", async () => {
    const other = await vaultOf(second, owner.vault);
    must(await other.upload([{ resource: ofPatient("17", glucose("same", 71)) }]));
    const world = new VaultWorld({ cloud, chains: new ChainCache(), reader: owner });
    const found = must(await world.find("Observation?_id=same", { candidatesMax: 100 }));
    const given = [];
    for await (const match of found) given.push(must(match).resource);
    expect(given).toHaveLength(1);
    expect(found.report().missing).toEqual([expect.stringContaining("Observation/same")]);
    expect(must(await world.read("Observation", "same"))).toMatchObject({
      resource: { valueQuantity: { value: 71 } },
    });
  });
});

describe("an answer that is not whole", () => {
  it("says what is missing", async () => {
    const lying = lyingCloud(cloud, {
      query: (answer) => ({
        ...answer,
        sources: answer.sources.map((source) => ({ ...source, status: "failed" as const })),
      }),
    });
    const world = new VaultWorld({ cloud: lying, chains: new ChainCache(), reader: owner });
    const found = must(await world.find("Observation", { candidatesMax: 1_000 }));
    for await (const match of found) must(match);
    expect(found.report().missing.length).toBeGreaterThan(0);
  });

  it("is no answer where no vault gives one", async () => {
    const deaf: Cloud = {
      ...cloud,
      query: async () => ({ ok: false, error: { kind: "unreachable" } }),
    };
    const world = new VaultWorld({ cloud: deaf, chains: new ChainCache(), reader: owner });
    const found = must(await world.find("Observation", { candidatesMax: 1_000 }));
    const all = [];
    for await (const match of found) all.push(match);
    expect(all).toMatchObject([{ error: { kind: "cloud" } }]);
    expect(await world.read("Observation", "g")).toMatchObject({ error: { kind: "cloud" } });
  });
});
