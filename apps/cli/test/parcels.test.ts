import { derive, Seen } from "@salus/client/writer";
import { BALANCED } from "@salus/health";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Load, Loads, type Parcel, VAULTS_AT_ONCE } from "../src/importing/parcels.ts";

// Goal: however resources of many patients are mixed, each is delivered once, a vault is never delivered
// to twice at a time, and no more wait than memory allows.

function parcel(id: number): Parcel {
  const derived = derive({ resourceType: "Observation", id: String(id) }, ["patient"], BALANCED);
  if (!derived.ok) throw new Error(derived.error.kind);
  return { place: { file: "f", line: id }, derived: derived.value, assigned: "patient" };
}

interface Delivered {
  readonly ids: readonly string[];
  readonly most: number;
  readonly loads: number;
}

async function deliver(
  patients: readonly number[],
  failAt = Number.POSITIVE_INFINITY,
): Promise<Delivered> {
  const ids: string[] = [];
  const underway = new Set<string>();
  let [waiting, most, loads] = [0, 0, 0];
  const take = async (load: Load): Promise<boolean> => {
    expect(underway.has(load.patient)).toBe(false);
    underway.add(load.patient);
    await new Promise((resolve) => setImmediate(resolve));
    underway.delete(load.patient);
    loads += 1;
    for (const { parcels } of load.bySource.values()) {
      for (const { derived } of parcels) ids.push(derived.index.id);
    }
    waiting -= load.count;
    return loads < failAt;
  };
  const all = new Loads(take);
  for (const [at, patient] of patients.entries()) {
    waiting += 1;
    most = Math.max(most, waiting);
    if (!(await all.add(`Patient/${patient}`, undefined, parcel(at)))) break;
  }
  await all.finish();
  return { ids, most, loads };
}

describe("loads", () => {
  it("deliver each resource once, in the order of its patient", async () => {
    const mixed = fc.array(fc.nat({ max: 9 }), { maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(mixed, async (patients) => {
        const { ids } = await deliver(patients);
        expect([...ids].sort((a, b) => Number(a) - Number(b))).toEqual(
          patients.map((_, at) => String(at)),
        );
        for (const patient of new Set(patients)) {
          const own = ids.map(Number).filter((id) => patients[id] === patient);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }),
    );
  });

  it("leave as soon as nothing more comes for a vault", async () => {
    const patients = Array.from({ length: 20_000 }, (_, at) => Math.floor(at / 200));
    const { most, loads, ids } = await deliver(patients);
    expect(ids).toHaveLength(patients.length);
    expect(loads).toBe(100);
    // Those that are being delivered, and a thousand that may still get company.
    expect(most).toBeLessThan(1_000 + 200 * (VAULTS_AT_ONCE + 2));
  });

  it("stay within memory when every patient keeps coming", async () => {
    const patients = Array.from({ length: 40_000 }, (_, at) => at % 40);
    const { most, ids } = await deliver(patients);
    expect(ids).toHaveLength(patients.length);
    expect(most).toBeLessThanOrEqual(12_000);
  });

  it("stop after a failure", async () => {
    const patients = Array.from({ length: 20_000 }, (_, at) => Math.floor(at / 200));
    const { loads } = await deliver(patients, 3);
    expect(loads).toBeLessThan(3 + VAULTS_AT_ONCE);
  });
});

describe("what was seen", () => {
  it("is new once, then repeated, or another content", () => {
    const seen = new Seen();
    const note = (content: string, source = "north"): string =>
      seen.note("Patient/a", source, "Observation", "1", content);
    expect([note("x"), note("x"), note("y"), note("x"), note("x", "south")]).toEqual([
      "new",
      "repeated",
      "other",
      "repeated",
      "new",
    ]);
  });
});
