import { condition, glucose, must, pressure } from "@salus/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Change, Committed, Found, Stored } from "../src/world.ts";
import { type SmallWorld, startSmallWorld } from "./small-world.ts";

// Goal: a world of FHIR over sealed vaults: what is written is found, by whoever may, and nobody else.
// Method: a real cloud; a provider who writes, a practitioner who reads, patients who found vaults by being created.

let small: SmallWorld;

beforeAll(async () => {
  small = await startSmallWorld();
});
afterAll(() => small.stop());

type Resource = Stored["resource"];

const patient = (id: string, family: string): Resource => ({
  resourceType: "Patient",
  id,
  name: [{ family }],
  identifier: [{ system: "http://hospital.example/mrn", value: `mrn-${id}` }],
});
const put = (resource: Resource, expects?: string): Change => ({
  kind: "put",
  resource,
  ...(expects !== undefined && { expects }),
});
const of = (id: string, resource: Resource): Resource => ({
  ...resource,
  subject: { reference: `Patient/${id}` },
});

async function commit(...changes: Change[]): Promise<readonly Committed[]> {
  return must(await small.world.commit(changes));
}

async function matches(found: Found): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const match of found) {
    const { resourceType, id } = must(match).resource;
    names.push(`${resourceType}/${id}`);
  }
  return names.sort();
}

async function find(query: string): Promise<readonly string[]> {
  return matches(must(await small.world.find(query, { candidatesMax: 10_000 })));
}

it("writes a patient and what is of her into one vault, and finds it", async () => {
  const [made] = await commit(put(patient("p1", "Okafor"), "0"));
  expect(made).toMatchObject({ type: "Patient", id: "p1", versionId: "1", created: true });
  await commit(put(of("p1", pressure("bp1", 150, "2024-01-02"))), put(of("p1", glucose("g1", 90))));
  expect(await find("Observation?code=8480-6&value-quantity=gt140")).toEqual(["Observation/bp1"]);
  expect(await find("Patient?family=okafor")).toEqual(["Patient/p1"]);
  const read = must(await small.world.read("Observation", "bp1"));
  expect(read).toMatchObject({ resource: { meta: { versionId: "1" } } });
});
void condition;
