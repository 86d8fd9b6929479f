import { equalBytes, toHex } from "@salus/base";
import { ChainCache, grantProxy, httpCloud, Patient } from "@salus/client";
import { signLink } from "@salus/crypto";
import { applyLinks, type ChainState, readChain, roleIn, splitEnvelope } from "@salus/evaluate";
import {
  type CborValue,
  decodeCbor,
  encodeCbor,
  encodeSigned,
  parseGrantTerms,
  splitSigned,
} from "@salus/protocol";
import {
  dice,
  lyingCloud,
  must,
  mutate,
  ProviderTree,
  pressure,
  somebody,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../apps/cloud/test/harness.ts";
import { openAccesses } from "../../packages/client/src/reader/access.ts";
import { Opener, wrapsByName } from "../../packages/client/src/reader/opener.ts";
import { EVERYTHING } from "../running/everything.ts";
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

// Goal: the attacks on grants that docs/threat-model.md names end as it says.
// Method: a cloud in this process, whose clock the test sets; links that nobody signed, or signed
// otherwise; a cloud that lies about the chain; keys that somebody kept.

let server: TestCloud;
let cloud: ReturnType<typeof httpCloud>;
let tree: ProviderTree;

beforeAll(async () => {
  server = await startTestCloud();
  cloud = httpCloud(server.url);
  tree = await ProviderTree.plant(cloud);
});
afterAll(() => server.stop());

const DAY = 24 * HOUR;
async function chainOf({ owner }: Scene): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  return must(await cloud.chain(owner.identity.caller(), owner.vault, 0)).links;
}

const kindOf = (result: { readonly ok: boolean; readonly error?: { readonly kind: string } }) =>
  result.ok ? "ok" : result.error?.kind;

function grantsIn(links: readonly Uint8Array[]): readonly number[] {
  return links.flatMap((link, at) => (must(splitSigned(link)).type === "chain/grant" ? [at] : []));
}

describe("G-01: a forged grant", () => {
  it("by anybody but a device of the patient is refused, by cloud and client", async () => {
    const at = await newScene(cloud, tree);
    await giveAccess(at);
    const links = await chainOf(at);
    const state = must(readChain(links));
    const [given] = [...state.grants.values()];
    const evil = await somebody();
    const { grant, termsBytes: terms, wrap } = given as NonNullable<typeof given>;
    const fields = { grant: grant.map((byte) => byte ^ 1) as typeof grant, terms, wrap };
    const forged = signLink(evil.identity.signer, "chain/grant", state.head, Date.now(), fields);
    expect(kindOf(applyLinks(state, [forged.signed]))).toBe("unknown-device");
    const asEvil = await cloud.appendChain(evil.identity.caller(), at.owner.vault, [forged.signed]);
    expect(asEvil).toMatchObject({ error: { problem: "no-such-vault" } });
    // A grantee may read the chain, and write nothing into it.
    const asDoctor = at.doctors[0].identity.caller(grant);
    expect(await cloud.appendChain(asDoctor, at.owner.vault, [forged.signed])).toMatchObject({
      error: { problem: "not-yours" },
    });
    const relabelled = must(splitSigned(forged.signed));
    const key = at.owner.identity.card.sign;
    const spoilt = encodeSigned({ ...relabelled, key });
    expect(kindOf(applyLinks(state, [spoilt]))).toBe("bad-signature");
  });
});

describe("G-02: a grant that is widened where it is stored", () => {
  it("is refused, whichever field of it was changed", async () => {
    const at = await newScene(cloud, tree);
    await giveAccess(at);
    const links = await chainOf(at);
    const roll = dice(2);
    let tried = 0;
    for (const place of grantsIn(links)) {
      const parts = must(splitSigned(links[place] as Uint8Array));
      const payload = must(decodeCbor(parts.payload, "payload")) as Record<string, CborValue>;
      const terms = must(decodeCbor(payload.terms as Uint8Array, "terms"));
      const changed: Record<string, CborValue>[] = [];
      for (let n = 0; n < 40; n += 1) {
        changed.push(mutate(payload, roll, (path) => path === ".terms").value);
        const other = mutate(terms as object, roll, () => false).value as CborValue;
        changed.push({ ...payload, terms: encodeCbor(other) });
      }
      for (const fields of changed) {
        const edited = encodeSigned({ ...parts, payload: encodeCbor(fields) });
        const read = readChain([...links.slice(0, place), edited, ...links.slice(place + 1)]);
        expect(read.ok).toBe(false);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(200);
  });
});

describe("G-03: an end that is moved", () => {
  const SKEWS = [-10 * 365 * DAY, -HOUR, 0, HOUR, 10 * 365 * DAY];

  it("does not move with anybody's clock but the cloud's own", async () => {
    const at = await newScene(cloud, tree);
    await giveAccess(at);
    const state = must(readChain(await chainOf(at)));
    const [given] = [...state.grants.values()];
    const { grant, terms } = given as NonNullable<typeof given>;
    for (const skew of SKEWS) {
      const now = terms.expires + skew;
      const role = roleIn(state, { signer: terms.grantee, grant }, now);
      const inForce = terms.notBefore <= now && now <= terms.expires;
      expect(kindOf(role), String(skew)).toBe(inForce ? "ok" : "grant-expired");
    }
  });

  it("is over at the cloud, whatever the reader's clock says", async () => {
    const at = await newScene(cloud, tree);
    const { handle } = await giveAccess(at);
    server.clock.ahead = 2 * HOUR;
    try {
      const caller = at.doctors[0].identity.caller(handle);
      const asked = await cloud.query(caller, at.owner.vault, EVERYTHING);
      expect(asked).toMatchObject({ error: { problem: "grant-expired" } });
    } finally {
      server.clock.ahead = 0;
    }
  });
});

describe("G-04: a revoked grant", () => {
  it("is revoked for every route, by its own name and by its request's", async () => {
    const at = await newScene(cloud, tree);
    const { handle } = await giveAccess(at);
    const [grant] = at.requests.given().flatMap(({ grants }) => grants);
    must(await at.requests.revoke(handle));
    const { identity } = at.doctors[0];
    const { vault } = at.owner;
    for (const under of [handle, grant] as const) {
      const caller = identity.caller(under);
      const refused = { error: { problem: "grant-revoked" } };
      expect(await cloud.query(caller, vault, EVERYTHING)).toMatchObject(refused);
      expect(await cloud.chain(caller, vault, 0)).toMatchObject(refused);
      const source = at.hospitals[0].handle;
      expect(await cloud.batches(caller, vault, source, 1)).toMatchObject(refused);
    }
  });

  it("is no grant again when the cloud shows the chain as it was", async () => {
    const at = await newScene(cloud, tree);
    const { handle } = await giveAccess(at);
    const before = await chainOf(at);
    must(await at.requests.revoke(handle));
    const older = lyingCloud(cloud, { chain: () => ({ links: before, more: false }) });
    const { store } = at.owner;
    const opened = await Patient.open({ cloud: older, store, chains: new ChainCache() });
    expect(opened).toMatchObject({ error: { kind: "rollback", what: "chain" } });
  });
});

describe("G-05: what she sees is not what she signs", () => {
  it("shows what could hide or turn the text as what it is", async () => {
    const at = await newScene(cloud, tree);
    const own = await requestsOf(at, at.doctors[0]);
    const note = "for \u202eyrotarobal\u202c only\u0007\nand all else";
    const order = orderTo(at, { note, identifier: "email|ana\u200b@example.org" });
    const { letter } = must(await own.ask(order, at.doctors[0].mailbox.mailbox));
    const { who } = must(await at.requests.open(letter.statement));
    expect(who.note).toBe("for \uFFFDyrotarobal\uFFFD only\uFFFD\uFFFDand all else");
    expect(who.identifier).not.toContain("\u200b");
    // A name that looks alike does not stand alone: the organisation that certifies her is shown.
    expect(who.path).toHaveLength(2);
  });

  it("takes no purpose or note of 10 kB", async () => {
    const at = await newScene(cloud, tree);
    const own = await requestsOf(at, at.doctors[0]);
    for (const changes of [{ purpose: "TREAT".repeat(2000) }, { note: "x".repeat(10_000) }]) {
      expect(await own.ask(orderTo(at, changes), at.doctors[0].mailbox.mailbox)).toEqual({
        ok: false,
        error: { kind: "request-fields" },
      });
    }
  });

  it("signs no terms but those that were shown, and none that are wider than asked", async () => {
    const at = await newScene(cloud, tree);
    const own = await requestsOf(at, at.doctors[0]);
    const order = orderTo(at, { categories: ["laboratory"] });
    const { letter } = must(await own.ask(order, at.doctors[0].mailbox.mailbox));
    const opened = must(await at.requests.open(letter.statement));
    const proposal = must(at.requests.propose(opened));
    const [first, ...rest] = proposal.grants;
    if (first === undefined) throw new Error("there is a grant");
    const terms = must(parseGrantTerms(first.terms));
    const cells = [...at.owner.patient.chain.cells.values()].map(({ cell }) => cell);
    const wider = [
      { expires: terms.expires + 1 },
      { purpose: "HRESCH" },
      { grantee: at.doctors[1].identity.card.sign },
      { cells: cells.toSorted((a, b) => Buffer.compare(a, b)) },
    ];
    for (const change of wider) {
      const grants = [{ ...first, terms: encodeCbor({ ...terms, ...change }) }, ...rest];
      const signed = await at.requests.approve({ ...proposal, grants }, steppedUp());
      expect(kindOf(signed), Object.keys(change).join()).toMatch(
        /^(?:wider-than-asked|proposal-stale)$/,
      );
    }
    const choice = { categories: ["vitals"] } as const;
    expect(at.requests.propose(opened, choice)).toMatchObject({
      error: { kind: "wider-than-asked" },
    });
    expect(at.owner.patient.chain.approvals.size).toBe(0);
    const { grants } = must(await at.requests.approve(proposal, steppedUp()));
    const links = await chainOf(at);
    const signedTerms = grantsIn(links).map((place) => {
      const { payload } = must(splitSigned(links[place] as Uint8Array));
      return (must(decodeCbor(payload, "link")) as { terms: Uint8Array }).terms;
    });
    expect(signedTerms).toEqual(proposal.grants.map((grant) => grant.terms));
    expect(grants).toHaveLength(proposal.grants.length);
  });
});

describe("G-07: one request, approved twice", () => {
  it("is granted once, however many devices approve at a time", async () => {
    const at = await newScene(cloud, tree);
    const own = await requestsOf(at, at.doctors[0]);
    const { letter } = must(await own.ask(orderTo(at), at.doctors[0].mailbox.mailbox));
    const opened = must(await at.requests.open(letter.statement));
    const proposals = Array.from({ length: 100 }, () => must(at.requests.propose(opened)));
    const outcomes = await Promise.all(
      proposals.map((proposal) => at.requests.approve(proposal, steppedUp())),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const others = new Set(outcomes.filter(({ ok }) => !ok).map(kindOf));
    expect([...others]).toEqual(["request-answered"]);
    const state = must(readChain(await chainOf(at)));
    expect(state.approvals.size).toBe(1);
    expect(state.grants.size).toBe(proposals[0]?.grants.length);
  });
});

describe("G-08: another purpose than was granted", () => {
  it("is not used by an honest reader, and stands in the signed terms", async () => {
    const at = await newScene(cloud, tree);
    const { handle } = await giveAccess(at);
    const state = must(readChain(await chainOf(at)));
    const purposes = new Set([...state.grants.values()].map(({ terms }) => terms.purpose));
    // Cryptography cannot say what somebody reads for: the purpose is signed, shown, and in the trail.
    expect([...purposes]).toEqual(["TREAT"]);
    expect(at.requests.given()).toMatchObject([{ purpose: "TREAT", request: handle }]);
  });
});

describe("G-11: what is uploaded after a revocation", () => {
  it("is neither found nor opened with the keys that were kept, 100 of 100", async () => {
    const at = await newScene(cloud, tree);
    const doctor = at.doctors[0];
    const { handle } = await giveAccess(at);
    const said = { deed: { action: "search", query: "" }, who: { name: "", node: "" } } as const;
    const from = { cloud, ...doctor, ...said, chains: new ChainCache() };
    const [kept] = must(await openAccesses(from, at.owner.vault, handle));
    if (kept === undefined) throw new Error("the access is in force");
    must(await at.requests.revoke(handle));
    for (const hospital of at.hospitals) {
      const vault = await vaultOf(hospital, at.owner.vault);
      const fresh = Array.from({ length: 50 }, (_, n) =>
        pressure(`${hospital.node}-new-${n}`, 150),
      );
      must(await vault.upload(uploads(...fresh)));
    }
    const asOwner = at.owner.identity.caller();
    const all = must(await cloud.query(asOwner, at.owner.vault, EVERYTHING));
    const held = new Set(kept.keys.cells.map(({ cell }) => toHex(cell)));
    const opener = new Opener(kept);
    opener.learn(all.certificates);
    const byName = wrapsByName(all.wraps);
    let refused = 0;
    let opened = 0;
    for (const candidate of all.candidates) {
      const { header } = must(splitEnvelope(candidate.envelope));
      const result = await opener.open(candidate, byName);
      if (result.ok) opened += 1;
      else if (!held.has(toHex(header.cell))) refused += 1;
    }
    expect({ refused, opened }).toEqual({ refused: 100, opened: 4 });
    // Nothing that is new stands in a column that the kept keys name.
    const columns = must(
      await cloud.records(asOwner, at.owner.vault, {
        source: at.hospitals[0].handle,
        after: new Uint8Array(0) as never,
        limit: 200,
        entries: true,
      }),
    );
    const names = [
      ...kept.keys.cells.map(({ cell }) => cell),
      ...kept.keys.scopes.map(({ scope }) => scope),
    ];
    for (const { entries, envelope } of columns.records) {
      const { header } = must(splitEnvelope(envelope));
      if (held.has(toHex(header.cell))) continue;
      for (const { entry } of entries) {
        const within = names.some((name) => Buffer.from(entry).includes(Buffer.from(name)));
        expect(within).toBe(false);
      }
    }
    expect((await readIn(at, doctor)).ids).toEqual([]);
  });
});

describe("G-12: a proxy who stays too long", () => {
  it("is granted for a year at most, and only after a step-up", async () => {
    const at = await newScene(cloud, tree);
    const carer = await somebody();
    const order = { to: carer.identity.card, purpose: "FAMRQT" } as const;
    const { patient } = at.owner;
    const now = Date.now();
    const year = { ...order, expires: now + 365 * DAY };
    const refused = [
      await grantProxy(patient, { ...year, expires: now + 367 * DAY }, steppedUp()),
      await grantProxy(patient, { ...year, to: patient.identity.card }, steppedUp()),
      await grantProxy(patient, year, { at: now - 6 * 60_000 }),
    ];
    const kinds = ["proxy-too-long", "proxy-self", "step-up"];
    expect(refused).toMatchObject(kinds.map((kind) => ({ error: { kind } })));
    must(await grantProxy(patient, year, steppedUp()));
    expect((await readIn(at, carer)).ids).toHaveLength(4);
    server.clock.ahead = 366 * DAY;
    try {
      const [{ grants: [grant] = [] } = { grants: [] }] = at.requests.given();
      const asked = await cloud.query(carer.identity.caller(grant), at.owner.vault, EVERYTHING);
      expect(asked).toMatchObject({ error: { problem: "grant-expired" } });
    } finally {
      server.clock.ahead = 0;
    }
  });

  it("is refused by the chain's own rules when her device lets it pass", async () => {
    const at = await newScene(cloud, tree);
    const carer = await somebody();
    const expires = Date.now() + 400 * DAY;
    const purpose = "PWATRNY";
    const grantee = carer.identity.card;
    const refused = await at.owner.patient.grant({
      ...{ grantee, sources: "all", categories: "all", purpose, expires },
    });
    expect(refused).toMatchObject({ error: { problem: "chain-fields" } });
    const state: ChainState = must(readChain(await chainOf(at)));
    const hers = [...state.grants.values()].filter(({ terms }) =>
      equalBytes(terms.grantee, grantee.sign),
    );
    expect(hers).toEqual([]);
  });
});
