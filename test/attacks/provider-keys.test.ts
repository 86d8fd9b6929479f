import { decodeCard, encodeCard, httpCloud, PatientRequests, signStatus } from "@salus/client";
import { Source } from "@salus/client/writer";
import { readChain, verifySigned } from "@salus/evaluate";
import {
  encodeCbor,
  encodeSigned,
  type StatementType,
  splitSigned,
  VerifyKey,
} from "@salus/protocol";
import {
  lyingCloud,
  must,
  newPatient,
  ProviderTree,
  type Somebody,
  somebody,
  type TestPhysician,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../apps/cloud/test/harness.ts";
import { patient } from "../../packages/crypto/test/people.ts";
import { samples, types } from "../../packages/crypto/test/statement-samples.ts";
import {
  giveAccess,
  newScene,
  orderTo,
  requestsOf,
  type Scene,
  steppedUp,
} from "../running/hospital-scene.ts";

// Goal: the attacks on practitioners' and patients' keys that docs/threat-model.md names end as it says.
// Method: practitioners whom nobody attests, or not enough, or not any more; a cloud that shows other
// keys; keys and signatures that lax verifiers take; every statement read as every other.

let server: TestCloud;
let cloud: ReturnType<typeof httpCloud>;
let tree: ProviderTree;
let exchanges: string[] = [];

beforeAll(async () => {
  server = await startTestCloud();
  cloud = httpCloud(server.url, {
    onExchange: ({ method, path }) => exchanges.push(`${method} ${path}`),
  });
  tree = await ProviderTree.plant(cloud);
});
afterAll(() => server.stop());

const DAY = 86_400_000;
const kindOf = (result: { readonly ok: boolean; readonly error?: { readonly kind: string } }) =>
  result.ok ? "ok" : result.error?.kind;

describe("K-01: another key in the place of the practitioner's", () => {
  /** The request of a physician, opened by a patient who believes `authorities`, `threshold` of them. */
  async function opened(
    at: Scene,
    doctor: TestPhysician,
    authorities: readonly Somebody[] = [tree.authority],
    threshold = 1,
  ): Promise<string | undefined> {
    const own = await requestsOf(at, doctor);
    const { letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    const attesters = authorities.map(({ identity }) => identity.card.sign);
    const registry = await tree.registry({ attesters, threshold });
    const { mailbox } = at;
    const { patient: owner, store } = at.owner;
    const requests = new PatientRequests({ patient: owner, registry, mailbox, store });
    const before = owner.chain.head.seq;
    const outcome = await requests.open(letter.statement);
    // What is not opened cannot be proposed, so that nothing was wrapped.
    expect(owner.chain.head.seq).toBe(before);
    return kindOf(outcome);
  }

  async function unattested(at: Scene): Promise<TestPhysician> {
    const evil = await somebody();
    const organisation = await tree.organisation(`evil-${Math.trunc(performance.now())}`);
    const bare = { ...at.doctors[0], ...evil };
    const certified = await tree.certifiedPhysician(
      organisation,
      `dr-evil-${evil.identity.card.sign[0]}`,
      bare,
    );
    return { ...bare, ...certified };
  }

  it("is not attested at all, or by one too few, or only once more by the same", async () => {
    const at = await newScene(cloud, tree);
    const evil = await unattested(at);
    expect(await opened(at, evil)).toBe("key-unattested");
    const second = await somebody();
    await tree.attest(evil.identity.card);
    const both = [tree.authority, second];
    expect(await opened(at, evil, both, 2)).toBe("key-unattested");
    await tree.attest(evil.identity.card, tree.authority, Date.now() + 1);
    expect(await opened(at, evil, both, 2)).toBe("key-unattested");
    await tree.attest(evil.identity.card, second);
    expect(await opened(at, evil, both, 2)).toBe("ok");
  });

  it("is attested no more, or shows what was said of somebody else", async () => {
    const at = await newScene(cloud, tree);
    const evil = await unattested(at);
    await tree.attest(evil.identity.card, tree.authority, Date.now() - 8 * DAY);
    expect(await opened(at, evil)).toBe("attestation-expired");
    const [victim] = at.doctors;
    const own = await requestsOf(at, victim);
    const { letter } = must(await own.ask(orderTo(at), victim.mailbox.mailbox));
    const { payload } = must(verifySigned("request", letter.statement));
    const shown = (await tree.registry()).credentials(evil.identity.card.sign);
    const { certificates = [], devices = [] } = shown ?? {};
    const others = { ...payload, certificates, devices };
    const replayed = evil.identity.signer.sign("request", others);
    expect(kindOf(await at.requests.open(replayed))).toBe("key-unattested");
    const stolen = evil.identity.signer.sign("request", payload);
    expect(kindOf(await at.requests.open(stolen))).toBe("certificate-path");
  });

  it("was suspended, which ends what it was given", async () => {
    const at = await newScene(cloud, tree);
    const [doctor] = at.doctors;
    const own = await requestsOf(at, doctor);
    const { letter } = must(await own.ask(orderTo(at), doctor.mailbox.mailbox));
    const asked = must(await at.requests.open(letter.statement));
    const proposal = must(at.requests.propose(asked));
    await tree.suspend(at.hospitals[0], doctor.identity.card);
    const registry = await tree.registry();
    const { mailbox } = at;
    const { patient: owner, store } = at.owner;
    const requests = new PatientRequests({ patient: owner, registry, mailbox, store });
    expect(kindOf(await requests.approve(proposal, steppedUp()))).toBe("certificate-suspended");
    // The device that had not looked yet lets it pass; the next that looks ends it.
    must(await at.requests.approve(proposal, steppedUp()));
    expect(must(await requests.revokeSuspended())).toBe(1);
    expect(requests.given()).toMatchObject([{ status: "revoked" }]);
  });

  it("was suspended, and is certified by another hospital, which keeps her nothing", async () => {
    const at = await newScene(cloud, tree);
    const [doctor] = at.doctors;
    await giveAccess(at, doctor);
    const { card } = doctor.identity;
    const expires = Date.now() + 30 * DAY;
    const { patient: owner } = at.owner;
    must(await owner.grant({ grantee: card, sources: "all", categories: ["vitals"], expires }));
    const accomplice = await tree.organisation(`accomplice-${Math.trunc(performance.now())}`);
    await tree.suspend(at.hospitals[0], card);
    await tree.physician(accomplice, `dr-again-${card.sign[0]}`, doctor);
    const registry = await tree.registry();
    expect(registry.byKey(card.sign)?.standing).toBe("good");
    const { mailbox } = at;
    const requests = new PatientRequests({
      ...{ patient: owner, registry, mailbox, store: at.owner.store },
    });
    expect(must(await requests.revokeSuspended())).toBe(2);
    expect(new Set(requests.given().map(({ status }) => status))).toEqual(new Set(["revoked"]));
    // What she asks for there, and is given, is another matter.
    must(await owner.grant({ grantee: card, sources: "all", categories: ["vitals"], expires }));
    expect(must(await requests.revokeSuspended())).toBe(0);
  });

  it("says of herself that she is not suspended, which reaches nobody who decides", async () => {
    const at = await newScene(cloud, tree);
    const [doctor] = at.doctors;
    const { sign } = doctor.identity.card;
    const before = await tree.registry();
    const own = before.byKey(sign);
    if (own === undefined) throw new Error("she is certified");
    await tree.publish(doctor, [signStatus(doctor.identity, before, own, "reinstated")]);
    await tree.suspend(at.hospitals[0], doctor.identity.card);
    const registry = await tree.registry();
    expect(registry.byKey(sign)?.standing).toBe("suspended");
    const told = registry.standingOf(sign)?.statuses ?? [];
    const signers = told.map((signed) => must(verifySigned("certificate/status", signed)).signer);
    expect(signers).toEqual([at.hospitals[0].identity.card.sign]);
  });
});

describe("K-02: another key in the place of the patient's", () => {
  it("is found by the handle, and nothing is uploaded", async () => {
    const at = await newScene(cloud, tree);
    const stranger = await newPatient(cloud);
    const [hospital] = at.hospitals;
    must(await stranger.patient.admit(hospital.identity.card, ["vitals"]));
    const asStranger = stranger.identity.caller();
    const other = must(await cloud.chain(asStranger, stranger.vault, 0));
    const evil = lyingCloud(cloud, { chain: () => other });
    const { store } = await somebody();
    const source = new Source(hospital.identity, { cloud: evil, store, node: hospital.node });
    exchanges = [];
    const opened = await source.open(at.owner.vault);
    expect(opened).toMatchObject({ error: { kind: "handle-mismatch" } });
    expect(exchanges.filter((each) => each.startsWith("POST"))).toEqual([]);
  });
});

describe("K-08: small-order keys", () => {
  const identity = VerifyKey.of(Uint8Array.from([1, ...new Uint8Array(31)]));
  const zero = Uint8Array.from([1, ...new Uint8Array(63)]);

  it.each(types)("sign no %s", (type) => {
    const payload = encodeCbor(samples[type]);
    for (const signature of [zero, new Uint8Array(64)]) {
      const signed = encodeSigned({ type, payload, key: identity, signature });
      const verdict = kindOf(verifySigned(type, signed));
      expect(verdict).toBe("bad-key");
    }
  });

  it("enter no chain: as a device, a source, or a grantee", async () => {
    const { patient: owner, identity: own } = await newPatient(cloud);
    const { suite, kem } = own.card;
    const weak = { sign: identity, suite, kem };
    const refused = { error: { problem: "bad-key" } };
    expect(await owner.admit(weak, ["vitals"])).toMatchObject(refused);
    const order = { grantee: weak, sources: "all", categories: "all" } as const;
    expect(await owner.grant({ ...order, expires: Date.now() + DAY })).toMatchObject(refused);
    expect(decodeCard(encodeCard(weak))).toMatchObject({ error: { kind: "bad-card" } });
  });
});

describe("K-09: a signature of one type read as another", () => {
  it("never verifies, for all ordered pairs of types", () => {
    let pairs = 0;
    for (const signedAs of types) {
      const signed = patient.signer.sign(signedAs, samples[signedAs]);
      const parts = must(splitSigned(signed));
      for (const readAs of types.filter((type) => type !== signedAs)) {
        const relabelled = encodeSigned({ ...parts, type: readAs });
        expect(kindOf(verifySigned(readAs, signed))).toBe("wrong-type");
        expect(["malformed", "bad-signature"]).toContain(kindOf(verifySigned(readAs, relabelled)));
        // The same signature under a payload that the other type would take.
        const payload = encodeCbor(samples[readAs as StatementType]);
        const moved = encodeSigned({ ...parts, type: readAs, payload });
        expect(kindOf(verifySigned(readAs, moved))).toBe("bad-signature");
        pairs += 1;
      }
    }
    expect(pairs).toBe(types.length * (types.length - 1));
    expect(types.length).toBeGreaterThan(24);
  });

  it("opens no chain as a vault, nor an account as a chain", () => {
    const account = patient.signer.sign("account/genesis", samples["account/genesis"]);
    expect(kindOf(readChain([account]))).toBe("wrong-type");
  });
});
