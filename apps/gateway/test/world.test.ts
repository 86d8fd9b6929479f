import { fail } from "@salus/base";
import { must } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VaultWorld } from "../src/vaults/index.ts";
import { find, observation, ofPatient, patient, put, remove } from "./plain-records.ts";
import { type SmallWorld, startSmallWorld } from "./small-world.ts";

// Goal: a world of FHIR over sealed vaults: what is written is found, once, at its newest version, and what
// cannot be done as a whole is not done.
// Method: a real cloud; a provider who writes, a practitioner who reads, patients who found vaults by being created.

let small: SmallWorld;
let world: VaultWorld;

/** Uploads that the cloud still takes. */
let uploadsLeft = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  small = await startSmallWorld((cloud) => ({
    ...cloud,
    upload: async (...asked) => {
      uploadsLeft -= 1;
      return uploadsLeft >= 0 ? cloud.upload(...asked) : fail({ kind: "unreachable" });
    },
  }));
  world = small.world;
  must(await world.commit([put(patient("p1", "Okafor"), "0"), put(patient("p2", "Ben Ali"), "0")]));
});
afterAll(() => small.stop());

describe("what is written", () => {
  it("stands in its patient's vault, and is found by what is in it", async () => {
    const high = ofPatient("p1", observation("bp1", 150));
    const low = ofPatient("p2", observation("bp2", 120));
    const committed = must(await world.commit([put(high, "0"), put(low, "0")]));
    expect(committed).toMatchObject([
      { type: "Observation", id: "bp1", versionId: "1", created: true },
      { type: "Observation", id: "bp2", versionId: "1", created: true },
    ]);
    expect(await find(world, "Observation?code=8480-6&value-quantity=gt140")).toEqual([
      "Observation/bp1",
    ]);
    expect(await find(world, "Observation?_sort=-value-quantity")).toHaveLength(2);
    const [first, second] = [
      must(await world.read("Observation", "bp1")),
      must(await world.read("Observation", "bp2")),
    ];
    expect(first).toMatchObject({ resource: committed[0]?.resource });
    expect(first).not.toMatchObject({ place: (second as { place: string }).place });
  });

  it("is replaced by its next version, if it is the version that was expected", async () => {
    const next = ofPatient("p1", observation("bp3", 130));
    must(await world.commit([put(next)]));
    const [same] = must(await world.commit([put(next)]));
    expect(same).toMatchObject({ versionId: "1", created: false });
    const [second] = must(await world.commit([put({ ...next, status: "amended" }, "1")]));
    expect(second).toMatchObject({ versionId: "2", created: false });
    const stale = await world.commit([put({ ...next, status: "final" }, "1")]);
    expect(stale).toMatchObject({ error: { kind: "version-conflict", versionId: "2" } });
    expect(must(await world.read("Observation", "bp3"))).toMatchObject({
      resource: { status: "amended", meta: { versionId: "2" } },
    });
    expect(must(await world.history("Observation", "bp3"))).toMatchObject([
      { versionId: "2", resource: { status: "amended", meta: { versionId: "2" } } },
      { versionId: "1", resource: { status: "final", meta: { versionId: "1" } } },
    ]);
  });

  it("is gone when it is deleted, and may come again", async () => {
    const short = ofPatient("p1", observation("bp4", 110));
    must(await world.commit([put(short)]));
    expect(must(await world.commit([remove("Observation", "bp4")]))).toMatchObject([
      { versionId: "2", resource: undefined },
    ]);
    expect(must(await world.read("Observation", "bp4"))).toBe("gone");
    expect(await find(world, "Observation?_id=bp4")).toEqual([]);
    expect(must(await world.history("Observation", "bp4"))).toMatchObject([
      { versionId: "2", resource: undefined },
      { versionId: "1", resource: { id: "bp4" } },
    ]);
    expect(must(await world.commit([put(short, "0")]))).toMatchObject([
      { versionId: "3", created: true },
    ]);
    expect(must(await world.read("Observation", "never"))).toBeUndefined();
  });

  it("of no patient stands on a shelf, and is there for a process that begins anew", async () => {
    const place = { resourceType: "Location", id: "ward", name: "Ward seven" };
    must(await world.commit([put(place)]));
    expect(await find(world, "Location?name=ward")).toEqual(["Location/ward"]);
    const again = await small.again();
    expect(await find(again, "Location?name=ward")).toEqual(["Location/ward"]);
    expect(must(await again.commit([put({ ...place, status: "active" }, "1")]))).toMatchObject([
      { versionId: "2" },
    ]);
    expect(must(await again.commit([put(ofPatient("p2", observation("bp5", 99)))]))).toHaveLength(
      1,
    );
  });

  it("is still gone for a process that begins anew, of a patient and of none", async () => {
    const gone = ofPatient("p1", observation("bp6", 101));
    const place = { resourceType: "Location", id: "closed", name: "Ward eight" };
    must(await world.commit([put(gone), put(place)]));
    must(await world.commit([remove("Observation", "bp6"), remove("Location", "closed")]));
    const again = await small.again();
    expect(must(await again.read("Observation", "bp6"))).toBe("gone");
    expect(must(await again.history("Location", "closed"))).toMatchObject([
      { versionId: "2", resource: undefined },
      { versionId: "1", resource: { name: "Ward eight" } },
    ]);
    expect(must(await again.read("Observation", "never"))).toBeUndefined();
    expect(must(await again.commit([put(gone, "0")]))).toMatchObject([
      { versionId: "3", created: true },
    ]);
  });

  it("vouches for another record in the vault of that one", async () => {
    const about = { target: [{ reference: "Observation/bp1" }], recorded: "2024-01-01T00:00:00Z" };
    must(await world.commit([put({ resourceType: "Provenance", id: "pr1", ...about })]));
    const [vouching, vouched] = [
      must(await world.read("Provenance", "pr1")),
      must(await world.read("Observation", "bp1")),
    ];
    expect(vouching).toMatchObject({ place: (vouched as { place: string }).place });
  });
});

describe("a commit", () => {
  it("over several vaults leaves nothing where one of them refuses", async () => {
    const kept = ofPatient("p1", observation("kept", 100));
    must(await world.commit([put(kept)]));
    const failed = await world.commit([
      put({ ...kept, status: "amended" }),
      put(ofPatient("p1", observation("fresh", 101))),
      put(ofPatient("p2", observation("wrong", 102)), "7"),
    ]);
    expect(failed).toMatchObject({ error: { kind: "version-conflict", id: "wrong" } });
    expect(await find(world, "Observation?_id=fresh,wrong")).toEqual([]);
    const [stands] = [must(await world.read("Observation", "kept"))];
    expect(stands).toMatchObject({ resource: { status: "final" } });
  });

  it("over several vaults says what is left where it cannot be taken back either", async () => {
    uploadsLeft = 1;
    const failed = await world.commit([
      put(ofPatient("p1", observation("half", 101))),
      put(ofPatient("p2", observation("lost", 102))),
    ]);
    uploadsLeft = Number.POSITIVE_INFINITY;
    expect(failed).toMatchObject({ error: { kind: "half-undone", left: ["Observation/half"] } });
  });

  it("made twice at once is made once", async () => {
    const twice = put(ofPatient("p1", observation("twice", 101)));
    const both = await Promise.all([world.commit([twice]), world.commit([twice])]);
    const versions = both.map((each) => must(each)[0]?.versionId);
    expect(versions).toEqual(["1", "1"]);
    const newcomer = put(patient("p3", "Nguyen"));
    await Promise.all([world.commit([newcomer]), world.commit([newcomer])]);
    expect(await find(world, "Patient?family=nguyen")).toEqual(["Patient/p3"]);
  });

  it("is refused, with the element that is wrong, before anything is stored", async () => {
    const bad = { ...ofPatient("p1", observation("bad", 1)), effectiveDateTime: "2024-13-45" };
    const committed = await world.commit([put(ofPatient("p1", observation("ok", 1))), put(bad)]);
    expect(committed).toMatchObject({ error: { kind: "refused-record", id: "bad" } });
    expect(must(await world.read("Observation", "ok"))).toBeUndefined();
  });

  it("of somebody unknown finds no vault", async () => {
    const committed = await world.commit([put(ofPatient("nobody", observation("x", 1)))]);
    expect(committed).toMatchObject({ error: { kind: "no-vault", type: "Observation", id: "x" } });
  });

  it("moves no record from one patient to another", async () => {
    must(await world.commit([put(ofPatient("p1", observation("moving", 1)))]));
    const moved = await world.commit([put(ofPatient("p2", observation("moving", 1)))]);
    expect(moved).toMatchObject({ error: { kind: "refused-record", id: "moving" } });
  });
});

describe("a search", () => {
  it("ends where it would have to open more than it may", async () => {
    const found = must(await world.find("Observation", { candidatesMax: 2 }));
    const last = [];
    for await (const match of found) last.push(match);
    expect(last.at(-1)).toMatchObject({ error: { kind: "too-many-candidates" } });
  });

  it("gives as many as were asked for, and says what was asked under encryption", async () => {
    const found = must(
      await world.find("Observation?code=8480-6&status=final&_count=2", { candidatesMax: 1_000 }),
    );
    const given = [];
    for await (const match of found) given.push(must(match));
    expect(given).toHaveLength(2);
    expect(found.report()).toMatchObject({ matches: 2, asked: 2, missing: [] });
  });

  it("about a patient asks nobody else's vault", async () => {
    const requests = async (query: string): Promise<number> => {
      const found = must(await world.find(query, { candidatesMax: 1_000 }));
      for await (const match of found) must(match);
      return found.report().requests;
    };
    expect(await requests("Observation?patient=p1")).toBe(1);
    expect(await requests("Observation?subject=Patient/p1,Patient/p2")).toBe(2);
    expect(await requests("Observation?patient=p1,nobody")).toBeGreaterThan(2);
    expect(await find(world, "Observation?patient=p2&code=8480-6")).toContain("Observation/bp2");
  });

  it("that is wrong is refused at once", async () => {
    const found = await world.find("Observation?nonsense=1", { candidatesMax: 10 });
    expect(found).toMatchObject({ error: { kind: "bad-query" } });
  });

  it("for everything of a patient gives what stands in her vault alone", async () => {
    const found = must(await world.everything("p2", { candidatesMax: 1_000 }));
    const types = new Set<string>();
    for await (const match of found ?? []) {
      const { resource } = must(match);
      types.add(resource.resourceType);
      expect(JSON.stringify(resource)).not.toContain("Patient/p1");
    }
    expect([...types].sort()).toEqual(["Observation", "Patient"]);
    expect(must(await world.everything("nobody", { candidatesMax: 10 }))).toBeUndefined();
  });
});
