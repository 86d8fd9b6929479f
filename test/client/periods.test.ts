import { ChainCache, type Cloud, httpCloud, Reader } from "@salus/client";
import {
  type CloudProcess,
  must,
  ProviderTree,
  pressure,
  startCloudProcess,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveAccess, newScene, type Scene, uploads } from "../running/hospital-scene.ts";

// Goal: who was granted a period of care is given what happened in it, in every answer: page by page,
// counted, sorted, exported.
// Method: a real cloud; two hospitals with a reading in every month of two years.

let server: CloudProcess;
let cloud: Cloud;
let tree: ProviderTree;

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
  tree = await ProviderTree.plant(cloud);
});
afterAll(() => server.stop());

const MONTHS = Array.from({ length: 24 }, (_, at) => new Date(Date.UTC(2030, at, 15, 12)));
const PERIOD = [Date.UTC(2030, 3, 1), Date.UTC(2031, 2, 20)] as const;
const GRANTED = MONTHS.filter((at) => PERIOD[0] <= +at && +at <= PERIOD[1]).map(idOf);

function idOf(at: Date): string {
  return `Observation/${at.toISOString().slice(0, 7)}`;
}

/** Readings of every month, spread over the two hospitals; their values fall as the months pass. */
async function withReadings(): Promise<Scene> {
  const at = await newScene(cloud, tree);
  for (const [one, hospital] of at.hospitals.entries()) {
    const vault = await vaultOf(hospital, at.owner.vault);
    const mine = MONTHS.map((date, month) => ({ date, month })).filter(
      ({ month }) => month % 2 === one,
    );
    const readings = mine.map(({ date, month }) =>
      pressure(date.toISOString().slice(0, 7), 200 - month, date.toISOString()),
    );
    must(await vault.upload(uploads(...readings)));
  }
  return at;
}

const readerOf = (at: Scene, who = at.doctors[0]) =>
  new Reader(who.identity, { cloud, store: who.store, chains: new ChainCache() });

async function idsOf(at: Scene, query: string | undefined, pageSize = 4) {
  const options = { vaults: [at.owner.vault], pageSize };
  const reader = readerOf(at);
  const answer = must(await (query ? reader.search(query, options) : reader.export(options)));
  const ids: string[] = [];
  for await (const { resource } of answer) ids.push(`${resource.resourceType}/${resource.id}`);
  return { ids, report: answer.report() };
}

describe("a grant for a period of care", () => {
  it("gives what happened in it: sorted, counted, page by page, and no more in an export", async () => {
    const at = await withReadings();
    const { handle } = await giveAccess(at, undefined, { period: PERIOD });
    const all = "Observation?value-quantity=gt100";
    expect((await idsOf(at, all)).ids.toSorted()).toEqual(GRANTED);
    expect((await idsOf(at, `${all}&_sort=date`)).ids).toEqual(GRANTED);
    expect((await idsOf(at, `${all}&_sort=-date&_count=3`)).ids).toEqual(
      GRANTED.toReversed().slice(0, 3),
    );
    const counted = await idsOf(at, `${all}&_sort=value-quantity&_count=2&_total=accurate`);
    expect(counted.ids).toEqual(GRANTED.toReversed().slice(0, 2));
    expect(counted.report).toMatchObject({ total: GRANTED.length, failures: [], findings: [] });
    const none = await idsOf(at, `${all}&date=lt2030-03-01&_total=accurate`);
    expect(none).toMatchObject({ ids: [], report: { total: 0, failures: [] } });
    const exported = await idsOf(at, undefined);
    expect(exported.ids.toSorted()).toEqual(GRANTED);
    expect(exported.report.findings).toEqual([]);
    // Narrowed, it gives less, without new keys.
    const later = [Date.UTC(2031, 0, 1), PERIOD[1]] as const;
    must(await at.requests.narrow(handle, { period: later }));
    expect((await idsOf(at, `${all}&_sort=date`)).ids).toEqual(GRANTED.slice(-3));
  });

  it("beside one for another period gives what happened in either, each once", async () => {
    const at = await withReadings();
    await giveAccess(at, undefined, { period: PERIOD });
    const further = [Date.UTC(2031, 1, 1), Date.UTC(2031, 4, 1)] as const;
    await giveAccess(at, undefined, { period: further });
    const { ids } = await idsOf(at, "Observation?value-quantity=gt100&_sort=date");
    expect(ids).toEqual([...GRANTED, "Observation/2031-04"]);
    // Hers is all of it.
    const owner = new Reader(at.owner.identity, { cloud, store: at.owner.store });
    const whole = must(await owner.search("Observation?value-quantity=gt100"));
    let count = 0;
    for await (const _ of whole) count += 1;
    expect(count).toBe(MONTHS.length + 4);
  });
});
