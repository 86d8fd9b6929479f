import { equalBytes } from "@salus/base";
import {
  type Cloud,
  certify,
  httpCloud,
  type Identity,
  publishCertificates,
  Registry,
} from "@salus/client";
import { Source } from "@salus/client/writer";
import {
  type CloudProcess,
  must,
  newPatient,
  newSource,
  pressure,
  readerOf,
  type Somebody,
  somebody,
  startCloudProcess,
} from "@salus/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

// Goal: what the registry says of a provider is what those above her have signed, and nobody else.
// Method: a real cloud, which stores whatever certificate its issuer hands in; a stranger and a certified
// organisation that certify keys of others.

let server: CloudProcess;
let cloud: Cloud;
let authority: Identity;
let hospital: Identity;
let doctor: Identity;

const DAY = 86_400_000;
const LONG = { expires: Date.now() + 9000 * DAY };
const SHORT = { expires: Date.now() + 90 * DAY };

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
  [authority, hospital, doctor] = [await person(), await person(), await person()];
  await publish(authority, {
    ...SHORT,
    role: "organisation",
    node: "hospital",
    name: "General Hospital",
    card: hospital.card,
  });
  await publish(hospital, {
    ...SHORT,
    role: "physician",
    node: "doctor",
    parent: "hospital",
    name: "Dr. Good",
    card: doctor.card,
  });
});
afterAll(() => server.stop());

async function person(): Promise<Identity> {
  return (await somebody()).identity;
}

async function publish(issuer: Identity, what: Parameters<typeof certify>[1]): Promise<void> {
  must(await publishCertificates(cloud, issuer, [certify(issuer, what)]));
}

async function load(): Promise<Registry> {
  return must(await Registry.load({ cloud, authorities: [authority.card.sign] }));
}

it("believes no certificate of a stranger about somebody who is certified", async () => {
  const stranger = await person();
  const card = { ...stranger.card, sign: doctor.card.sign };
  const said = { role: "physician", node: "doctor", parent: "hospital", name: "Dr. Evil" } as const;
  await publish(stranger, { ...LONG, ...said, card });
  expect((await load()).byKey(doctor.card.sign)).toMatchObject({
    name: "Dr. Good",
    path: ["hospital", "doctor"],
    card: doctor.card,
  });
});

it("lets no organisation speak about another, nor exchange the key that is wrapped to", async () => {
  const other = await person();
  const node = "other";
  await publish(authority, {
    ...LONG,
    role: "organisation",
    node,
    name: "Other",
    card: other.card,
  });
  const below = { ...LONG, role: "department", parent: node, name: "Ours" } as const;
  await publish(other, {
    ...below,
    node: "annexed",
    card: { ...other.card, sign: hospital.card.sign },
  });
  expect((await load()).byKey(hospital.card.sign)).toMatchObject({
    name: "General Hospital",
    path: ["hospital"],
    card: hospital.card,
  });
  await publish(other, {
    ...below,
    node: "hired",
    card: { ...other.card, sign: doctor.card.sign },
  });
  // Which of the two keys is the doctor's own cannot be told, so neither is given out.
  expect((await load()).byKey(doctor.card.sign)).toBeUndefined();
});

it("does not let a source say that its records are another's, or the patient's", async () => {
  const owner = await newPatient(cloud);
  const mine = await somebody();
  const { card } = mine.identity;
  await publish(authority, { ...LONG, role: "organisation", node: "clinic", name: "Clinic", card });
  const uncertified = await somebody();
  const said = async (who: Somebody, node: string, assigned: "stated" | "patient") => {
    const known = owner.patient
      .sources()
      .some(({ key }) => equalBytes(key, who.identity.card.sign));
    if (!known) await newSource(cloud, owner, node, ["vitals"], who);
    const writer = must(await Source.open({ cloud, store: who.store, node }));
    const vault = must(await writer.open(owner.vault));
    const resource = pressure("p", 120);
    must(await vault.upload([{ resource, assigned }]));
    const reader = await readerOf(cloud, owner, await load());
    const answer = must(await reader.search("Observation"));
    const from: unknown[] = [];
    for await (const { origin } of answer) {
      from.push([origin.path[0], origin.assigned]);
    }
    must(await vault.remove([{ resourceType: "Observation", id: "p" }]));
    return { from, findings: answer.report().findings.map(({ kind }) => kind) };
  };
  expect(await said(mine, "clinic", "stated")).toEqual({
    from: [["clinic", "stated"]],
    findings: [],
  });
  const told = { from: [["clinic", "stated"]], findings: ["misattributed"] };
  expect(await said(mine, "hospital", "stated")).toEqual(told);
  expect(await said(mine, "clinic", "patient")).toEqual(told);
  const free = { from: [["somewhere", "stated"]], findings: [] };
  expect(await said(uncertified, "somewhere", "stated")).toEqual(free);
  const posing = await said(uncertified, "hospital", "stated");
  expect(posing.findings).toEqual(["misattributed"]);
  expect(posing.from).not.toContainEqual(["hospital", "stated"]);
});
