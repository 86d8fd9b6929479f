import { describe, expect, it } from "vitest";
import {
  deedsOf,
  keepOrganisation,
  keptOrganisations,
  memoryKeyStore,
  noteDeed,
  type OrganisationAbout,
  openOrCreateIdentity,
} from "../src/index.ts";

// Goal: organisations share a home and nothing else: each has keys, names and deeds of its own.
// Method: homes in memory.

const CLINIC: OrganisationAbout = {
  ...{ role: "organisation", node: "clinic", parent: "", name: "Clinic" },
  identifiers: ["https://registry.example|1"],
};

async function founded(home: ReturnType<typeof memoryKeyStore>, about = CLINIC) {
  const made = await keepOrganisation(home, about);
  if (!made.ok) throw new Error(made.error.kind);
  return made.value;
}

describe("an organisation in a home", () => {
  it("has keys of its own, and the same ones when the home is opened again", async () => {
    const home = memoryKeyStore();
    const person = await openOrCreateIdentity(home);
    const clinic = await founded(home);
    const wards = await founded(home, { ...CLINIC, node: "wards", parent: "clinic" });
    const found = await keptOrganisations(home);
    if (!found.ok || !person.ok) throw new Error("nothing is damaged");
    expect(found.value.map(({ about }) => about)).toEqual([clinic.about, wards.about]);
    expect(found.value.map(({ identity }) => identity.card)).toEqual([
      clinic.identity.card,
      wards.identity.card,
    ]);
    const keys = [person.value, clinic.identity, wards.identity].map(({ card }) => card.sign);
    expect(new Set(keys.map(String)).size).toBe(3);
  });

  it.each([
    ["bad-node", { ...CLINIC, node: "../account" }],
    ["bad-node", { ...CLINIC, node: "Clinic" }],
    ["bad-node", { ...CLINIC, node: "" }],
    ["bad-name", { ...CLINIC, name: " " }],
  ])("is refused as %s", async (kind, about) => {
    const home = memoryKeyStore();
    expect(await keepOrganisation(home, about)).toMatchObject({ ok: false, error: { kind } });
    expect(await home.list("")).toEqual([]);
  });

  it("is not founded twice under one id", async () => {
    const home = memoryKeyStore();
    const { identity } = await founded(home);
    const twice = await keepOrganisation(home, { ...CLINIC, name: "Another" });
    expect(twice).toMatchObject({ ok: false, error: { kind: "node-taken" } });
    const found = await keptOrganisations(home);
    expect(found.ok && found.value[0]?.identity.card).toEqual(identity.card);
  });

  it("remembers what was done in its own name, the newest first", async () => {
    const home = memoryKeyStore();
    const clinic = await founded(home);
    const wards = await founded(home, { ...CLINIC, node: "wards", parent: "clinic" });
    await noteDeed(clinic.store, { did: "invited", who: "A" });
    await new Promise((resolve) => setTimeout(resolve, 2));
    await noteDeed(clinic.store, { did: "certified", who: "A", signature: "00" });
    const here = await deedsOf(clinic.store);
    expect(here.ok && here.value.map(({ did }) => did)).toEqual(["certified", "invited"]);
    expect(await deedsOf(wards.store)).toEqual({ ok: true, value: [] });
  });
});
