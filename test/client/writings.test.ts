import {
  type Account,
  type Cloud,
  type HandedOver,
  httpCloud,
  type Letter,
  Reader,
  type Resource,
  readWriting,
  sendParcel,
  signWriting,
  WritingDesk,
} from "@salus/client";
import {
  type CloudProcess,
  must,
  newPatient,
  ProviderTree,
  pressure,
  startCloudProcess,
  type TestPhysician,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { connect, signUp } from "../accounts/person.ts";
import { newScene, type Scene } from "../running/hospital-scene.ts";

// Goal: what a practitioner writes stands in the record once, under her name, by her hospital's gateway;
// and nothing else does.
// Method: a real directory and a real cloud; writings as they are posted, delivered twice, forged and
// misdirected.

let running: TestDirectory;
let server: CloudProcess;
let cloud: Cloud;
let tree: ProviderTree;
let at: Scene;
let poster: Account;

beforeAll(async () => {
  [running, server] = await Promise.all([startTestDirectory(), startCloudProcess()]);
  cloud = httpCloud(server.url);
  tree = await ProviderTree.plant(cloud);
  at = await newScene(cloud, tree);
  poster = (await signUp(connect(running.url), { roles: ["practitioner"] })).account;
}, 120_000);
afterAll(async () => {
  await Promise.all([running.stop(), server.stop()]);
});

const { id: _, ...written } = pressure("any", 171);

/** A gateway of the scene, as it starts anew. */
async function deskOf(hospital: 0 | 1): Promise<WritingDesk> {
  const registry = await tree.registry();
  const source = at.hospitals[hospital].writer;
  return new WritingDesk({ source, directory: connect(running.url), registry });
}

async function write(doctor: TestPhysician, resource: Resource = written): Promise<HandedOver> {
  const registry = await tree.registry();
  return must(signWriting(doctor.identity, registry, at.owner.vault, resource));
}

async function post({ to, kind, statement }: Letter): Promise<void> {
  must(await sendParcel(must(poster.inDirectory()), to, kind, statement));
}

describe("what a physician writes", () => {
  it("is stored by her hospital under her name, once, however often it is delivered", async () => {
    const [doctor] = at.doctors;
    const { letter, id } = await write(doctor);
    await post(letter);
    await post(letter);
    expect(must(await (await deskOf(0)).collect())).toEqual({ stored: 2, refused: [] });
    await post(letter);
    const again = await deskOf(0);
    expect(must(await again.collect())).toEqual({ stored: 1, refused: [] });
    expect(must(await again.collect())).toEqual({ stored: 0, refused: [] });
    const { identity, store, vault } = at.owner;
    const reader = new Reader(identity, { cloud, store });
    const found = must(await reader.search(`Observation?_id=${id}`, { vaults: [vault] }));
    const matches = [];
    for await (const { origin, revision } of found) matches.push([origin.path, revision]);
    expect(matches).toEqual([[[at.hospitals[0].node, doctor.node], 1]]);
  });

  it("is refused by another hospital, of a suspended author, and of nobody's key", async () => {
    const [north, south] = at.doctors;
    const registry = await tree.registry();
    const own = at.hospitals[0].identity.card.sign;
    const read = (statement: Letter["statement"], by = registry): string => {
      const result = readWriting(statement, by, own);
      return result.ok ? "taken" : result.error.kind;
    };
    const { statement } = (await write(north)).letter;
    expect(read((await write(south)).letter.statement)).toBe("not-for-you");
    const misdirected = { organisation: own, vault: at.owner.vault, time: Date.now() };
    const resource = JSON.stringify(written);
    expect(read(south.identity.signer.sign("writing", { ...misdirected, resource }))).toBe(
      "not-certified",
    );
    const sign = (changes: object) =>
      north.identity.signer.sign("writing", { ...misdirected, resource, ...changes });
    expect(read(sign({}))).toBe("taken");
    expect(read(sign({ time: Date.now() + 3_600_000 }))).toBe("writing-void");
    expect(read(sign({ time: Date.now() - 40 * 86_400_000 }))).toBe("writing-void");
    expect(read(sign({ resource: "[]" }))).toBe("malformed");
    const taken = JSON.stringify({ ...written, id: "somebody-elses" });
    expect(read(sign({ resource: taken }))).toBe("malformed");
    await tree.suspend(tree.authority, north.identity.card);
    expect(read(statement, await tree.registry())).toBe("not-certified");
    expect(read(statement)).toBe("taken");
  });

  it("for a patient who has not let the hospital in is refused, and keeps nothing waiting", async () => {
    const [, doctor] = at.doctors;
    const other = await newPatient(cloud);
    const registry = await tree.registry();
    const stray = must(signWriting(doctor.identity, registry, other.vault, written));
    await post(stray.letter);
    await post((await write(doctor)).letter);
    const taken = must(await (await deskOf(1)).collect());
    expect([taken.stored, taken.refused.length]).toEqual([1, 1]);
  });
});
