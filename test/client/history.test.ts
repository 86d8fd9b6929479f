import { type Cloud, httpCloud, type Resource } from "@salus/client";
import type { SourceVault } from "@salus/client/writer";
import { RecordHandle } from "@salus/protocol";
import {
  type CloudProcess,
  flipped,
  glucose,
  type Lies,
  lyingCloud,
  must,
  newPatient,
  newSource,
  observation,
  pressure,
  readerOf,
  somebody,
  startCloudProcess,
  type TestPatient,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Goal: what stood in a record before is read as it was, by whom it was for, and cannot be changed.
// Method: a real cloud, and one that lies about what it kept.

let server: CloudProcess;
let cloud: Cloud;
let owner: TestPatient;
let vault: SourceVault;
let record: RecordHandle;

const moved = (category: "vital-signs" | "laboratory", value: number): Resource =>
  observation({ id: "m", code: "2339-0", unit: "mg/dL", category, value });

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
  owner = await newPatient(cloud);
  vault = await vaultOf(
    await newSource(cloud, owner, "org", ["vitals", "laboratory"]),
    owner.vault,
  );
  await put(glucose("other", 1));
  record = await put(pressure("a", 120));
  await put(pressure("a", 121));
  must(await vault.commit([{ kind: "delete", resourceType: "Observation", id: "a" }]));
  await put(pressure("a", 122));
});
afterAll(() => server.stop());

async function put(resource: Resource): Promise<RecordHandle> {
  const [made] = must(await vault.commit([{ kind: "put", resource }]));
  if (made === undefined) throw new Error("one change gives one answer");
  return made.record;
}

/** Revisions with their values; nothing for a deletion. */
async function history(of: RecordHandle, who: Pick<TestPatient, "store">, through = cloud) {
  const reader = await readerOf(through, who);
  const read = await reader.revisions(owner.vault, of);
  if (!read.ok) return read.error.kind;
  const value = (resource: Resource | undefined): unknown =>
    (resource?.valueQuantity as { readonly value: number } | undefined)?.value;
  const revisions = read.value.revisions.map((it) => [it.revision, value(it.resource)]);
  return { revisions, missing: read.value.missing };
}

describe("what a record was before", () => {
  it("is read, the newest first, through a deletion", async () => {
    const revisions = [
      [4, 122],
      [3, undefined],
      [2, 121],
      [1, 120],
    ];
    expect(await history(record, owner)).toEqual({ revisions, missing: [] });
    const nobody = RecordHandle.of(new Uint8Array(16));
    expect(await history(nobody, owner)).toEqual({ revisions: [], missing: [] });
    const reader = await readerOf(cloud, owner);
    expect(must(await reader.verify(owner.vault)).findings).toEqual([]);
  });

  it("is for a grantee as far as it was in what she was granted", async () => {
    const of = await put(moved("vital-signs", 100));
    await put(moved("laboratory", 101));
    await put(moved("vital-signs", 102));
    const doctor = await somebody();
    const expires = Date.now() + 3_600_000;
    const grantee = doctor.identity.card;
    const order = { grantee, sources: "all", categories: ["vitals"], expires } as const;
    const grant = must(await owner.patient.grant(order));
    const revisions = [
      [3, 102],
      [1, 100],
    ];
    expect(await history(of, doctor)).toEqual({ revisions, missing: [2] });
    expect(must(await (await readerOf(cloud, doctor)).verify(owner.vault)).findings).toEqual([]);
    const stranger = await somebody();
    expect(await history(of, stranger)).toBe("no-vault");
    must(await owner.patient.revoke(grant));
    expect(await history(of, doctor)).toBe("no-vault");
  });
});

describe("a cloud that lies about it", () => {
  type Told = Parameters<NonNullable<Lies["history"]>>[0];
  const telling = (lie: (page: Told) => Told["revisions"]): Cloud =>
    lyingCloud(cloud, { history: (page) => ({ ...page, revisions: lie(page) }) });
  const isSecond = ({ record: of, revision }: Told["revisions"][number]): boolean =>
    revision === 2 && Buffer.from(of).equals(record);

  const findings = async (through: Cloud) =>
    must(await (await readerOf(through, owner)).verify(owner.vault)).findings;

  it("by keeping one back is found by its number", async () => {
    const hiding = telling(({ revisions }) => revisions.filter((one) => !isSecond(one)));
    expect(await history(record, owner, hiding)).toMatchObject({ missing: [2] });
    expect(await findings(hiding)).toMatchObject([{ kind: "record-missing", record, revision: 2 }]);
  });

  it("by changing one is found by its signature", async () => {
    for (const bit of [8 * 100, 8 * 300, 8 * 60]) {
      const changing = telling(({ revisions }) =>
        revisions.map((one) =>
          isSecond(one) ? { ...one, envelope: flipped(one.envelope, bit) } : one,
        ),
      );
      expect(await history(record, owner, changing)).toBe("unreadable");
      expect(await findings(changing)).toMatchObject([
        { kind: "record-changed", record, revision: 2 },
      ]);
    }
  });

  it("by giving another in its place is found by what is signed in it", async () => {
    const swapping = telling(({ revisions }) => {
      const third = revisions.find(({ revision }) => revision === 1);
      return revisions.map((one) =>
        isSecond(one) && third ? { ...third, revision: 2, record: one.record } : one,
      );
    });
    expect(await history(record, owner, swapping)).toBe("unreadable");
    expect(await findings(swapping)).toMatchObject([{ kind: "record-changed", revision: 2 }]);
  });

  it("by not keeping to the order is not believed", async () => {
    const turning = telling(({ revisions }) => revisions.toReversed());
    expect(await history(record, owner, turning)).toBe("malformed-answer");
  });
});
