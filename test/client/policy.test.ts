import { adoptPolicy, type Cloud, httpCloud } from "@salus/client";
import {
  ask,
  type CloudProcess,
  must,
  newPatient,
  newSource,
  pressure,
  readerOf,
  startCloudProcess,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

// Goal: a vault of an older index policy is written, searched and verified as before, and by the newer one
// once its entries have been made again. Method: a vault that names the first version, and a real cloud.

let server: CloudProcess;
let cloud: Cloud;

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
});
afterAll(() => server.stop());

const FOCUSED = "Observation?focus:missing=false";

it("is moved to a newer index policy by its owner", async () => {
  const owner = await newPatient(cloud, { policyVersion: 1 });
  const source = await newSource(cloud, owner, "org", ["vitals"]);
  const vault = await vaultOf(source, owner.vault);
  const focus = [{ reference: "Group/1" }];
  const uploads = [
    { resource: { ...pressure("a", 150, "2020-01-01"), focus } },
    { resource: pressure("b", 120, "2020-01-02") },
    { resource: pressure("c", 160, "2020-01-03") },
  ];
  must(await vault.upload(uploads));

  const before = await ask(await readerOf(cloud, owner), FOCUSED);
  expect(before.ids).toEqual(["Observation/a"]);
  // Under the first version presence is judged after opening.
  expect(before.report).toMatchObject({ evaluated: 0, cost: { candidates: 3 } });
  // Whoever is stopped when some are done has changed nothing that a search or a check would see.
  must(await vault.reindex(uploads.slice(0, 1)));
  expect(await ask(await readerOf(cloud, owner), FOCUSED)).toMatchObject({ ids: before.ids });
  expect(must(await (await readerOf(cloud, owner)).verify(owner.vault)).findings).toEqual([]);
  expect(must(await vault.reindex(uploads))).toMatchObject({ records: 3, refused: [] });
  expect(must(await (await readerOf(cloud, owner)).verify(owner.vault)).findings).toEqual([]);

  expect(must(await adoptPolicy(owner.patient))).toBe(true);
  expect(must(await adoptPolicy(owner.patient))).toBe(false);
  const after = await ask(await readerOf(cloud, owner), FOCUSED);
  expect(after.ids).toEqual(["Observation/a"]);
  expect(after.report).toMatchObject({ evaluated: 1, cost: { candidates: 1 } });
  const sorted = await ask(await readerOf(cloud, owner), "Observation?_sort=-date");
  expect(sorted.ids).toEqual(["Observation/c", "Observation/b", "Observation/a"]);

  must(await vault.upload([{ resource: { ...pressure("d", 130, "2020-01-04"), focus } }]));
  const found = await ask(await readerOf(cloud, owner), FOCUSED);
  expect(found.ids.toSorted()).toEqual(["Observation/a", "Observation/d"]);
  expect(must(await (await readerOf(cloud, owner)).verify(owner.vault)).findings).toEqual([]);
});
