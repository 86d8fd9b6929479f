import { equalBytes } from "@salus/base";
import {
  AssociationDesk,
  answerJoin,
  associate,
  type Cloud,
  httpCloud,
  invitationMailbox,
  JoinDesk,
  readAssociation,
} from "@salus/client";
import { Source } from "@salus/client/writer";
import { sealParcel } from "@salus/crypto";
import {
  type CloudProcess,
  must,
  newMailbox,
  newPatient,
  ProviderTree,
  pressure,
  somebody,
  startCloudProcess,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { giveAccess, newScene, readIn, uploads } from "../running/hospital-scene.ts";

// Goal: people join the provider tree by invitation and leave it by a status; patients let organisations
// in by a code, and from then on these write while the patient is away.
// Method: a real cloud; invitations and their answers handed over as they would be posted.

let server: CloudProcess;
let cloud: Cloud;
let tree: ProviderTree;

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
  tree = await ProviderTree.plant(cloud);
});
afterAll(() => server.stop());

const PLACES = { directory: "http://directory.example", cloud: "http://cloud.example" };

describe("an invitation to join", () => {
  it("puts the keys of who answers under the node that she was invited to", async () => {
    const organisation = await tree.organisation("joining");
    const desk = new JoinDesk(organisation.identity, organisation.store);
    const order = { node: "dr-new", parent: "joining", role: "physician", name: "Dr New" } as const;
    const text = await desk.invite({ ...PLACES, ...order });
    const joiner = await somebody();
    const letter = must(answerJoin(text, joiner.identity));
    const [given] = must(await desk.open());
    if (given === undefined) throw new Error("one is open");
    const keys = invitationMailbox(given.invitation.secret);
    const parcel = await sealParcel(letter.to, letter.kind, letter.statement);
    const admitted = must(await desk.admit(must(await keys.open(parcel))));
    await tree.publish(organisation, [admitted.certificate]);
    await desk.spend(admitted.invitation);
    const found = (await tree.registry()).byNode("dr-new");
    expect(found).toMatchObject({ name: "Dr New", path: ["joining", "dr-new"], standing: "good" });
    expect(found?.card.sign).toEqual(joiner.identity.card.sign);
    expect(must(await desk.open())).toEqual([]);
  });
});

describe("an invitation to associate", () => {
  it("lets the organisation write while the patient is away", async () => {
    const organisation = await tree.organisation("associating");
    const registry = await tree.registry();
    const hash = registry.byNode("associating")?.certificate;
    if (hash === undefined) throw new Error("it is certified");
    const desk = new AssociationDesk(hash, organisation.store);
    const text = await desk.invite("patient 17", PLACES);
    const owner = await newPatient(cloud);
    const mailbox = newMailbox();
    const read = must(readAssociation(text, registry));
    expect(read.organisation).toMatchObject({ node: "associating", standing: "good" });
    const options = { patient: owner.patient, mailbox };
    expect(await associate(read, { ...options, phraseConfirmed: false })).toMatchObject({
      error: { kind: "phrase-unconfirmed" },
    });
    const { letter } = must(await associate(read, { ...options, phraseConfirmed: true }));
    const accepted = must(await desk.accept(letter.statement));
    expect(accepted).toMatchObject({ label: "patient 17", localId: "", vault: owner.vault });
    await desk.name(accepted, "4711");
    await desk.name(must(await desk.patients())[0] ?? accepted, "17");
    expect(must(await desk.byLocalId("17"))).toEqual({ ...accepted, localId: "17" });
    expect(must(await desk.byLocalId("4711"))).toBeUndefined();
    expect(await desk.accept(letter.statement)).toMatchObject({
      error: { kind: "unknown-invitation" },
    });
    const { identity, store, node } = organisation;
    const vault = must(await new Source(identity, { cloud, store, node }).open(accepted.vault));
    expect(must(await vault.upload(uploads(pressure("p", 150))))).toMatchObject({ records: 1 });
  });

  it("is of the certificate that it names, and of no other", async () => {
    const organisation = await tree.organisation("pretended");
    const stranger = await ProviderTree.plant(cloud);
    await stranger.organisation("stranger");
    const theirs = (await stranger.registry()).byNode("stranger")?.certificate;
    if (theirs === undefined) throw new Error("it is certified, by somebody else");
    const text = await new AssociationDesk(theirs, organisation.store).invite("p", PLACES);
    expect(readAssociation(text, await tree.registry())).toMatchObject({
      error: { kind: "certificate-path" },
    });
    const own = (await tree.registry()).byNode("pretended")?.certificate;
    if (own === undefined) throw new Error("it is certified");
    const late = await new AssociationDesk(own, organisation.store).invite("p", PLACES, 1000);
    expect(readAssociation(late, await tree.registry())).toMatchObject({
      error: { kind: "invitation-expired" },
    });
    await tree.suspend(tree.authority, organisation.identity.card);
    const fresh = await new AssociationDesk(own, organisation.store).invite("p", PLACES);
    expect(readAssociation(fresh, await tree.registry())).toMatchObject({
      error: { kind: "certificate-suspended" },
    });
  });
});

describe("somebody who is suspended", () => {
  it("signs no further record; what she signed before stays hers", async () => {
    const at = await newScene(cloud, tree);
    const [hospital] = at.hospitals;
    const [doctor] = at.doctors;
    const author = { signer: doctor.identity.signer, certificates: [doctor.certificate] };
    const { identity, store, node } = hospital;
    const source = new Source(identity, { cloud, store, node });
    const vault = must(await source.open(at.owner.vault));
    const by = (id: string) => [{ resource: pressure(id, 150), path: [doctor.node], author }];
    must(await vault.upload(by("before")));
    await tree.suspend(hospital, doctor.identity.card);
    expect(await vault.upload(by("after"))).toMatchObject({
      error: { kind: "refused", problem: "certificate-suspended" },
    });
    const { ids, report } = await readIn(at, at.owner);
    expect(ids).toContain("Observation/before");
    expect(ids).not.toContain("Observation/after");
    expect(report.findings).toEqual([]);
  });

  it("since a time before it was told is believed from then on, by whoever knows the registry", async () => {
    const at = await newScene(cloud, tree);
    const [hospital] = at.hospitals;
    const [doctor] = at.doctors;
    const author = { signer: doctor.identity.signer, certificates: [doctor.certificate] };
    const { identity, store, node } = hospital;
    const vault = must(await new Source(identity, { cloud, store, node }).open(at.owner.vault));
    const by = (id: string) => [{ resource: pressure(id, 150), path: [doctor.node], author }];
    must(await vault.upload(by("before")));
    const since = Date.now() + 1;
    while (Date.now() <= since) await new Promise((resolve) => setTimeout(resolve, 1));
    must(await vault.upload(by("late")));
    const query = "Observation?value-quantity=gt100";
    const unaware = await readIn(at, at.owner, query, await tree.registry());
    expect(unaware.ids).toContain("Observation/late");
    await tree.suspend(hospital, doctor.identity.card, since);
    const { ids, report } = await readIn(at, at.owner, query, await tree.registry());
    expect(ids).toContain("Observation/before");
    expect(ids).not.toContain("Observation/late");
    expect(report.findings).toMatchObject([{ kind: "unreadable" }]);
  });
});

describe("one grant of several", () => {
  it("is revoked by itself: the others stay, with the successors", async () => {
    const at = await newScene(cloud, tree);
    const [doctor] = at.doctors;
    const { handle } = await giveAccess(at);
    const [north] = at.hospitals;
    const ofNorth = at.owner.patient
      .grants()
      .find(({ sources: [only], root }) => !root && only && equalBytes(only, north.handle));
    if (ofNorth === undefined) throw new Error("there is one for each source");
    must(await at.owner.patient.revoke(ofNorth.grant));
    expect(at.requests.given()).toMatchObject([{ request: handle, status: "live" }]);
    const { ids, report } = await readIn(at, doctor);
    expect(ids.toSorted()).toEqual(["Observation/south-g", "Observation/south-p"]);
    expect(report.failures).toEqual([]);
  });
});
