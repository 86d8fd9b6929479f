import { toHex } from "@salus/base";
import {
  ChainCache,
  type Cloud,
  type Exchange,
  httpCloud,
  memoryKeyStore,
  PatientRequests,
} from "@salus/client";
import { verifySigned } from "@salus/evaluate";
import {
  type CloudProcess,
  must,
  newMailbox,
  ProviderTree,
  pressure,
  startCloudProcess,
  type TestPhysician,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  giveAccess,
  HOUR,
  newScene,
  orderTo,
  readIn,
  requestsOf,
  type Scene,
  steppedUp,
  uploads,
} from "../running/hospital-scene.ts";

// Goal: who asks gets what the patient signed, exactly that, for as long as she lets her.
// Method: a real cloud; two hospitals and their practitioners; requests and answers handed over as they
// would be posted.

let server: CloudProcess;
let cloud: Cloud;
let tree: ProviderTree;
const exchanges: Exchange[] = [];

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url, { onExchange: (exchange) => exchanges.push(exchange) });
  tree = await ProviderTree.plant(cloud);
});
afterAll(() => server.stop());

const BOTH = "Observation?value-quantity=gt100&_sort=date";

const scene = () => newScene(cloud, tree);
const read = (doctor: TestPhysician, at: Scene) => readIn(at, doctor, BOTH);

describe("a request", () => {
  it("is approved as a whole: one question over both hospitals, under all its grants", async () => {
    const at = await scene();
    const [doctor] = at.doctors;
    const own = await requestsOf(at, doctor);
    const { handle, letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    expect(must(await own.list()).map(({ outcome }) => outcome.state)).toEqual(["waiting"]);
    const opened = must(await at.requests.open(letter.statement));
    expect(opened.who).toMatchObject({
      name: `Name of ${doctor.node}`,
      note: "before the operation",
      identifier: "phone|+10000000000",
    });
    const proposal = must(at.requests.propose(opened));
    expect(proposal.view).toMatchObject({ purpose: "TREAT", together: true });
    expect(proposal.view.sources.map(({ node }) => node)).toEqual(
      at.hospitals.map(({ node }) => node),
    );
    // One for each source, and one for the root.
    expect(proposal.grants).toHaveLength(3);
    const approved = must(await at.requests.approve(proposal, steppedUp(), "until tomorrow"));
    const learnt = must(await own.learn(approved.letter.statement));
    expect(learnt.outcome).toMatchObject({ state: "approved", note: "until tomorrow" });
    const access = must(await own.access(handle, cloud, new ChainCache()));
    expect(access).toMatchObject({ status: "live" });
    expect(access.sources.map(({ categories }) => categories)).toEqual([
      ["vitals", "laboratory"],
      ["vitals", "laboratory"],
    ]);
    exchanges.length = 0;
    const { ids, report } = await read(doctor, at);
    expect(ids.toSorted()).toEqual(
      ["north-g", "north-p", "south-g", "south-p"].map((id) => `Observation/${id}`),
    );
    expect(report).toMatchObject({ failures: [], findings: [] });
    expect(exchanges.filter(({ path }) => path.endsWith("/query"))).toHaveLength(1);
    expect(report.cost.requests).toBe(1);
  });

  it("is narrowed: to a hospital and a category, and nothing else is found or opened", async () => {
    const at = await scene();
    const [doctor] = at.doctors;
    const own = await requestsOf(at, doctor);
    const { letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    const opened = must(await at.requests.open(letter.statement));
    const south = at.hospitals[1].handle;
    const choice = { sources: [south], categories: ["laboratory"] } as const;
    const proposal = must(at.requests.propose(opened, choice));
    expect(proposal.view).toMatchObject({ together: false, categories: ["laboratory"] });
    must(await at.requests.approve(proposal, steppedUp()));
    expect((await read(doctor, at)).ids).toEqual(["Observation/south-g"]);
  });

  it("is denied with a note, and leaves nothing in the chain", async () => {
    const at = await scene();
    const [doctor] = at.doctors;
    const own = await requestsOf(at, doctor);
    const { letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    const opened = must(await at.requests.open(letter.statement));
    const before = at.owner.patient.chain.head.seq;
    const denied = must(await at.requests.deny(opened, steppedUp(), "not now"));
    expect(at.owner.patient.chain.head.seq).toBe(before);
    expect(must(await own.learn(denied.statement)).outcome).toMatchObject({
      state: "denied",
      note: "not now",
    });
    expect(await at.requests.open(letter.statement)).toMatchObject({
      error: { kind: "request-answered" },
    });
    expect(must(await at.requests.letterFor(letter.statement))?.statement).toEqual(
      denied.statement,
    );
  });

  it("that was sent before she had new keys opens all the same, and is answered from there", async () => {
    const at = await scene();
    const [doctor] = at.doctors;
    const own = await requestsOf(at, doctor);
    const { letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    const { patient, store } = at.owner;
    const registry = await tree.registry();
    const newer = { patient, registry, mailbox: newMailbox(), store };
    expect(await new PatientRequests(newer).open(letter.statement)).toEqual({
      ok: false,
      error: { kind: "not-for-you" },
    });
    const requests = new PatientRequests({ ...newer, older: [newMailbox(), at.mailbox] });
    const opened = must(await requests.open(letter.statement));
    const proposal = must(requests.propose(opened));
    const approved = must(await requests.approve(proposal, steppedUp()));
    // She believes the key that her look-up gave, and takes it.
    const learnt = must(await own.learn(approved.letter.statement));
    expect(learnt.outcome).toMatchObject({ state: "approved" });
    expect((await read(doctor, at)).ids).toHaveLength(4);
  });

  it("reaches further devices of the physician", async () => {
    const at = await scene();
    const [doctor] = at.doctors;
    const tablet = await tree.device(doctor);
    const own = await requestsOf(at, tablet);
    const { letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    const opened = must(await at.requests.open(letter.statement));
    expect(opened.devices.map(({ sign }) => toHex(sign))).toEqual(
      [tablet, doctor].map(({ identity }) => toHex(identity.card.sign)),
    );
    const proposal = must(at.requests.propose(opened));
    expect(proposal.grants).toHaveLength(6);
    must(await at.requests.approve(proposal, steppedUp()));
    for (const device of [tablet, doctor]) expect((await read(device, at)).ids).toHaveLength(4);
  });
});

describe("an access", () => {
  async function given(): Promise<
    Scene & { doctor: TestPhysician } & Awaited<ReturnType<typeof giveAccess>>
  > {
    const at = await scene();
    return { ...at, doctor: at.doctors[0], ...(await giveAccess(at)) };
  }

  it("is extended, and lasts longer", async () => {
    const at = await given();
    const [before] = at.requests.given();
    const expires = Date.now() + 5 * HOUR;
    must(await at.requests.extend(at.handle, expires, steppedUp()));
    const [after] = at.requests.given();
    expect(before?.expires).toBeLessThan(expires);
    expect(after).toMatchObject({ expires, status: "live" });
    expect((await read(at.doctor, at)).ids).toHaveLength(4);
    expect(await at.requests.extend(at.handle, expires, { at: Date.now() - 6 * 60_000 })).toEqual({
      ok: false,
      error: { kind: "step-up" },
    });
  });

  it("is narrowed to a hospital: what is dropped is closed and succeeded", async () => {
    const at = await given();
    const [north, south] = at.hospitals;
    must(await at.requests.narrow(at.handle, { sources: [north.handle] }));
    expect(at.requests.given()).toMatchObject([{ sources: [north.handle], status: "live" }]);
    const inSouth = await vaultOf(south, at.owner.vault);
    must(await inSouth.upload(uploads(pressure("south-new", 150))));
    const inNorth = await vaultOf(north, at.owner.vault);
    must(await inNorth.upload(uploads(pressure("north-new", 150))));
    const { ids, report } = await read(at.doctor, at);
    expect(ids.toSorted()).toEqual(
      ["north-g", "north-new", "north-p"].map((id) => `Observation/${id}`),
    );
    expect(report).toMatchObject({ failures: [], findings: [] });
    expect(must(await at.own.access(at.handle, cloud, new ChainCache())).sources).toHaveLength(1);
  });

  it("is revoked in one step: the next read is refused", async () => {
    const at = await given();
    must(await at.requests.revoke(at.handle));
    const access = must(await at.own.access(at.handle, cloud, new ChainCache()));
    expect(access.status).toBe("revoked");
    expect((await read(at.doctor, at)).ids).toEqual([]);
    expect(at.requests.given()).toMatchObject([{ status: "revoked", leftMs: 0 }]);
  });

  it("that is over is closed by the patient's next sync", async () => {
    const at = await given();
    const cells = [...at.owner.patient.chain.cells.values()];
    expect(cells.every(({ status }) => status === "live")).toBe(true);
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      vi.setSystemTime(Date.now() + 2 * HOUR);
      expect(at.requests.given()).toMatchObject([{ status: "expired", leftMs: 0 }]);
      must(await at.owner.patient.sync());
    } finally {
      vi.useRealTimers();
    }
    expect(at.requests.given()).toMatchObject([{ status: "revoked" }]);
    const closed = [...at.owner.patient.chain.cells.values()].filter(
      ({ status }) => status === "closed",
    );
    expect(closed).toHaveLength(cells.length);
  });
});

describe("a request that two devices answer", () => {
  it.each([
    ["denial", "approval"],
    ["approval", "denial"],
  ])("is approved for who asked, when the %s comes before the %s", async (first) => {
    const at = await scene();
    const own = await requestsOf(at, at.doctors[0]);
    const { letter } = must(await own.ask(orderTo(at), at.doctors[0].mailbox.mailbox));
    const opened = must(await at.requests.open(letter.statement));
    const { patient } = at.owner;
    const registry = await tree.registry();
    const elsewhere = { patient, registry, mailbox: at.mailbox, store: memoryKeyStore() };
    const denial = must(await new PatientRequests(elsewhere).deny(opened, steppedUp()));
    const proposal = must(at.requests.propose(opened));
    const approval = must(await at.requests.approve(proposal, steppedUp())).letter;
    const letters = first === "denial" ? [denial, approval] : [approval, denial];
    for (const { statement } of letters) must(await own.learn(statement));
    expect(must(await own.list()).map(({ outcome }) => outcome.state)).toEqual(["approved"]);
  });
});

describe("a request under the name of another's", () => {
  it("is not told what the other was answered", async () => {
    const at = await scene();
    const [doctor, other] = at.doctors;
    const own = await requestsOf(at, doctor);
    const { letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    const copied = must(verifySigned("request", letter.statement)).payload;
    const theirs = await requestsOf(at, other);
    const { letter: honest } = must(await theirs.ask(orderTo(at), other.mailbox.mailbox));
    const asked = must(verifySigned("request", honest.statement)).payload;
    const { request } = copied;
    const copy = other.identity.signer.sign("request", { ...asked, request });
    const opened = must(await at.requests.open(letter.statement));
    const proposal = must(at.requests.propose(opened));
    must(await at.requests.approve(proposal, steppedUp(), "between us"));
    expect(await at.requests.open(copy)).toMatchObject({ error: { kind: "request-answered" } });
    expect(must(await at.requests.letterFor(copy))).toBe(undefined);
    const { patient } = at.owner;
    const registry = await tree.registry();
    const elsewhere = { patient, registry, mailbox: at.mailbox, store: memoryKeyStore() };
    expect(must(await new PatientRequests(elsewhere).letterFor(copy))).toBe(undefined);
    expect(must(await at.requests.letterFor(letter.statement))).toBeDefined();
  });
});
