import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ChainCache, type Cloud, httpCloud } from "@salus/client";
import { Passphrase } from "@salus/client/file";
import type { Change, World } from "@salus/gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openParty, type Whom } from "../../apps/cli/src/gateway/party.ts";
import { openRegistry } from "../../apps/cli/src/homes/clients.ts";
import { Homes } from "../../apps/cli/src/homes/homes.ts";
import { type RunningCloud, serve } from "../running/cloud.ts";
import { temporaryFolder } from "../running/folder.ts";
import { need, PASSPHRASE, SEALED } from "../running/homes.ts";
import { salus, succeed } from "../running/program.ts";

// Goal: a gateway is who it was told to be: each of the people of a folder of homes, and whoever has one home.
// Method: the program imports a record of two hospitals; then worlds are opened from the very homes that it made.

const at = (id: string): object => ({ reference: `Organization/${id}` });
const subject = { reference: "Patient/17" };
const reading = (id: string, organisation: string): object => ({
  ...{ resourceType: "Observation", id, status: "final", subject, performer: [at(organisation)] },
  code: { coding: [{ system: "http://loinc.org", code: "2339-0" }] },
});
const RESOURCES = [
  { resourceType: "Organization", id: "general", name: "General Hospital" },
  { resourceType: "Organization", id: "county", name: "County Hospital" },
  { resourceType: "Practitioner", id: "ada", name: [{ family: "Ada" }] },
  {
    ...{ resourceType: "PractitionerRole", id: "role", organization: at("general") },
    practitioner: { reference: "Practitioner/ada" },
  },
  { resourceType: "Patient", id: "17", name: [{ family: "Okafor" }] },
  reading("g1", "general"),
  reading("c1", "county"),
];

const folder = temporaryFolder();
const home = join(folder.path, "homes");
let server: RunningCloud;
let cloud: Cloud;

beforeAll(async () => {
  server = await serve(join(folder.path, "cloud"));
  cloud = httpCloud(server.url);
  const file = join(folder.path, "bundle.json");
  const entry = RESOURCES.map((resource) => ({ resource }));
  writeFileSync(file, JSON.stringify({ resourceType: "Bundle", type: "collection", entry }));
  const place = ["--home", home, "--cloud", server.url];
  await succeed(["import", file, ...place], { env: SEALED });
  const grant = ["grant", "--patient", "17", "--to", "ada", "--source", "general"];
  await succeed([...grant, "--category", "all", "--until", "30d", ...place], { env: SEALED });
}, 120_000);

afterAll(async () => {
  await server?.stop();
  folder.remove();
});

const passphrase = new Passphrase(PASSPHRASE);

/** Do something as somebody, and let go of the homes. */
async function as<T>(path: string, whom: Whom, run: (world: World) => Promise<T>): Promise<T> {
  const unlock = { kind: "passphrase", passphrase } as const;
  const homes = need(await Homes.at(path, unlock, { create: false }));
  try {
    const registry = need(await openRegistry(homes, cloud));
    const common = { cloud, chains: new ChainCache(), registry };
    return await run(need(await openParty(homes, common, whom)).world);
  } finally {
    await homes.close();
  }
}

async function find(world: World, query: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const match of need(await world.find(query, { candidatesMax: 100 }))) {
    names.push(String(need(match).resource.id));
  }
  return names.sort();
}

const put = (id: string): Change => {
  const { resourceType, ...rest } = reading(id, "general") as { readonly resourceType: string };
  return { kind: "put", resource: { resourceType, ...rest } };
};

const sourceOf = async (world: World, id: string): Promise<unknown> => {
  const stored = need(await world.read("Observation", id));
  return typeof stored === "object" ? (stored.resource.meta as { source: string }).source : stored;
};

describe("a gateway", () => {
  it("of a patient reads all of hers and writes as she, from the folder or from her own home", async () => {
    await as(home, { as: "17" }, async (world) => {
      expect(await find(world, "Observation")).toEqual(["c1", "g1"]);
      need(await world.commit([put("own")]));
    });
    await as(join(home, "patients/17"), {}, async (world) => {
      expect(await find(world, "Observation")).toEqual(["c1", "g1", "own"]);
      expect(await sourceOf(world, "own")).toBe("urn:salus:source:patient");
    });
  });

  it("of somebody whose home was taken away is nobody, and gets no other keys", async () => {
    const [place, away] = [join(home, "patients/17"), join(folder.path, "away")];
    renameSync(place, away);
    const unlock = { kind: "passphrase", passphrase } as const;
    const homes = need(await Homes.at(home, unlock, { create: false }));
    const registry = need(await openRegistry(homes, cloud));
    const opened = await openParty(
      homes,
      { cloud, chains: new ChainCache(), registry },
      { as: "17" },
    );
    await homes.close();
    expect([opened, existsSync(place)]).toMatchObject([{ error: { kind: "home-missing" } }, false]);
    renameSync(away, place);
  });

  it("of a practitioner reads what she was granted, and writes as her hospital, under her path", async () => {
    await as(home, { as: "ada" }, async (world) => {
      expect(await find(world, "Observation")).toEqual(["g1"]);
      need(await world.commit([put("by-ada")]));
      expect(await sourceOf(world, "by-ada")).toBe("urn:salus:source:general:ada");
      expect(await find(world, "Observation")).toEqual(["by-ada", "g1"]);
    });
  });

  it("of a practitioner in a home of her own reads, and has no hospital to write as", async () => {
    await as(join(home, "practitioners/ada"), {}, async (world) => {
      expect(await find(world, "Observation")).toContain("g1");
      expect(await world.commit([put("alone")])).toMatchObject({
        error: { kind: "not-writable" },
      });
    });
  });

  it("of a hospital writes, and reads if somebody is named who does", async () => {
    await as(join(home, "sources/general"), {}, async (world) => {
      expect(await world.read("Observation", "g1")).toMatchObject({
        error: { kind: "not-readable" },
      });
    });
    await as(home, { as: "general" }, async (world) => {
      need(await world.commit([put("blind")]));
      expect(await world.find("Observation", { candidatesMax: 9 })).toMatchObject({
        error: { kind: "not-readable" },
      });
    });
    await as(home, { as: "general", reader: "ada" }, async (world) => {
      expect(await sourceOf(world, "blind")).toBe("urn:salus:source:general");
    });
  });
});

describe("the command", () => {
  it.each([
    [["--home", home], "--cloud is missing"],
    [["--home", home, "--cloud", "http://127.0.0.1:9", "--host", "0.0.0.0"], "it needs TLS"],
  ])("%j ends with 2, and nothing is begun", async (args, words) => {
    const { code, stdout, stderr } = await salus(["gateway", ...args], { env: SEALED });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("says who could be meant", async () => {
    const unlock = { kind: "passphrase", passphrase } as const;
    const homes = need(await Homes.at(home, unlock, { create: false }));
    const registry = need(await openRegistry(homes, cloud));
    const common = { cloud, chains: new ChainCache(), registry };
    expect(await openParty(homes, common, {})).toMatchObject({ error: { kind: "usage" } });
    expect(await openParty(homes, common, { as: "nobody" })).toMatchObject({
      error: { kind: "unknown-name", name: "nobody" },
    });
    await homes.close();
  });
});
