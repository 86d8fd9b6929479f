import { type Bytes, equalBytes, toHex } from "@salus/base";
import { ChainCache, httpCloud, memoryKeyStore, Patient, PatientRequests } from "@salus/client";
import { cellHandle, derive, drawGrant, encodeTerms, Key, signLink } from "@salus/crypto";
import { applyLinks, type ChainState, liveSource, readChain, roleIn } from "@salus/evaluate";
import {
  type CellHandle,
  type ChainHead,
  Digest,
  type GrantHandle,
  type LinkType,
  RequestHandle,
} from "@salus/protocol";
import { must, ProviderTree, pressure, vaultOf } from "@salus/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../apps/cloud/test/harness.ts";
import { openAccesses } from "../../packages/client/src/reader/access.ts";
import { Opener, wrapsByName } from "../../packages/client/src/reader/opener.ts";
import { doctor, north, patient, stranger, tablet } from "../../packages/crypto/test/people.ts";
import { newScene, orderTo, requestsOf, steppedUp, uploads } from "../running/hospital-scene.ts";

// Goal: after a revocation is acknowledged nothing new is readable; chains never fork; no request is
// granted twice, whatever the order in which devices and sources act.
// Method: the rules that the cloud applies, and actors who fetch, build, append and upload, in ten
// thousand orders; then some of the same, all at once, against a real cloud. States and links are values:
// what follows from the same is worked out once, and orders share it.

const NOW = 1_760_000_000_000;
const SOURCE = new Uint8Array(16).fill(0xa0) as never;
const REQUEST = RequestHandle.of(new Uint8Array(16).fill(0xe0));
const NO_WRAP = { suite: 2, enc: new Uint8Array(32), ct: new Uint8Array(48) } as const;
const root = derive(new Key("account-root", new Uint8Array(32).fill(9)), "vault-root");

function cellOf(generation: number): CellHandle {
  return cellHandle(derive(root, "cell", SOURCE, "laboratory", generation));
}

/** Links on top of a state, signed by a device of the patient. */
class Draft {
  readonly links: Bytes[] = [];
  #head: ChainHead | undefined;
  readonly #by: typeof patient;

  constructor(by: typeof patient, head: ChainHead | undefined) {
    this.#by = by;
    this.#head = head;
  }

  add(type: LinkType, fields: object): this {
    const link = signLink(this.#by.signer, type, this.#head, NOW, fields as never);
    this.links.push(link.signed);
    this.#head = link.head;
    return this;
  }
}

const device = (of: typeof patient) => ({ device: of.device });

const BEGUN: readonly Bytes[] = new Draft(patient, undefined)
  .add("chain/genesis", {
    ...device(patient),
    ...{ merge: "sources", policy: "balanced", policyVersion: 1, salt: new Uint8Array(16) },
  })
  .add("chain/device", { op: "add", ...device(tablet) })
  .add("chain/device", { op: "add", ...device(stranger) })
  .add("chain/roster", { op: "add", source: SOURCE, key: north.signer.key, ...north.kem.public })
  .add("chain/cell", {
    ...{ cell: cellOf(1), source: SOURCE, generation: 1, ...north.kem.public, replaces: [] },
  }).links;

/** A state is never changed: every order begins at the same. */
const BEGINNING: ChainState = must(readChain(BEGUN));

/** Something of a state and of who asks, made once for both: most orders come by the same states. */
function once<State extends object, By, Made>(
  make: (state: State, by: By) => Made,
): (state: State, by: By) => Made {
  const made = new WeakMap<State, Map<By, Made>>();
  return (state, by) => {
    const here = made.get(state) ?? new Map<By, Made>();
    made.set(state, here);
    const known = here.get(by) ?? make(state, by);
    here.set(by, known);
    return known;
  };
}

/** What the cloud's rules say of links on a state. */
const judged = once((state: ChainState, links: readonly Bytes[]) => applyLinks(state, links));

/** The cloud as far as its rules go: an append at a time, by the head that it has. */
class Rules {
  state: ChainState = BEGINNING;
  readonly links: Bytes[] = [...BEGUN];
  /** Cells that something was uploaded into, and when. */
  readonly uploads: { readonly cell: CellHandle; readonly at: number }[] = [];
  moment = 0;

  append(links: readonly Bytes[]): "appended" | "refused" {
    const applied = judged(this.state, links);
    if (!applied.ok) return "refused";
    this.state = applied.value;
    this.links.push(...links);
    return "appended";
  }

  upload(cell: CellHandle): boolean {
    const source = liveSource(this.state, north.signer.key);
    const known = this.state.cells.get(toHex(cell));
    const accepted = source !== undefined && known?.status === "live";
    if (accepted) this.uploads.push({ cell, at: this.moment });
    return accepted;
  }
}

/** What happened, for what must hold of it. */
interface Story {
  readonly cloud: Rules;
  readonly revoked: {
    readonly grant: GrantHandle;
    readonly cells: readonly CellHandle[];
    readonly at: number;
  }[];
}

type Actor = (story: Story) => Generator<void>;

/** What a device appends to approve the request by what it has seen. */
const approval = once((seen: ChainState, by: typeof patient) => {
  const live = [...seen.cells.values()].filter(({ status }) => status === "live");
  const grant = drawGrant();
  const terms = encodeTerms({
    ...{ grantee: doctor.signer.key, ...doctor.kem.public, purpose: "TREAT" },
    ...{ request: REQUEST, sources: [SOURCE], cells: live.map(({ cell }) => cell), scopes: [] },
    ...{ notBefore: NOW, expires: NOW + 1000, period: [] },
  });
  const digest = Digest.of(new Uint8Array(32));
  return new Draft(by, seen.head)
    .add("chain/approval", { request: REQUEST, digest, grants: [grant] })
    .add("chain/grant", { grant, terms, wrap: NO_WRAP }).links;
});

/** A device that approves the request, unless another was first. */
const approver = (by: typeof patient): Actor =>
  function* approve({ cloud }) {
    for (;;) {
      const seen = cloud.state;
      yield;
      if (seen.approvals.has(toHex(REQUEST))) return;
      const links = approval(seen, by);
      yield;
      if (cloud.append(links) === "appended") return;
    }
  };

/** What a device appends to revoke a grant that it has seen. */
const revocation = once((seen: ChainState, grant: GrantHandle) => {
  const live = [...seen.cells.values()].filter(({ status }) => status === "live");
  const generation = 1 + Math.max(...[...seen.cells.values()].map((cell) => cell.generation));
  const closes = { cells: live.map(({ cell }) => cell), scopes: [] };
  return new Draft(stranger, seen.head).add("chain/revoke", { grant, closes }).add("chain/cell", {
    ...{ cell: cellOf(generation), source: SOURCE, generation, ...north.kem.public },
    replaces: closes.cells,
  }).links;
});

/** A device that revokes what it sees granted, and gives the cell a successor. */
const revoker: Actor = function* revoke({ cloud, revoked }) {
  for (let tries = 0; tries < 6; tries += 1) {
    const seen = cloud.state;
    yield;
    const given = [...seen.grants.values()].find(({ status }) => status === "live");
    if (given === undefined) continue;
    const { grant, terms } = given;
    const links = revocation(seen, grant);
    yield;
    if (cloud.append(links) !== "appended") continue;
    revoked.push({ grant, cells: terms.cells, at: cloud.moment });
    return;
  }
};

/** A source that uploads by the chain that it saw. */
const uploader: Actor = function* upload({ cloud }) {
  for (let n = 0; n < 5; n += 1) {
    const seen = cloud.state;
    yield;
    const live = [...seen.cells.values()].find(({ status }) => status === "live");
    if (live !== undefined) cloud.upload(live.cell);
    yield;
  }
};

describe("G-06: ten thousand orders of approving, revoking and uploading", () => {
  it("grant once, never fork, and show a revoked reader nothing new", () => {
    let revocations = 0;
    let uploaded = 0;
    const steps = fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 });
    const holds = fc.property(steps, (order) => {
      const cloud = new Rules();
      const story: Story = { cloud, revoked: [] };
      const actors = [approver(patient), approver(tablet), revoker, uploader];
      const running = actors.map((actor) => actor(story));
      for (const pick of order) {
        cloud.moment += 1;
        running[pick]?.next();
      }
      expect(cloud.state.approvals.size).toBeLessThanOrEqual(1);
      expect(cloud.state.grants.size).toBe(cloud.state.approvals.size);
      for (const { grant, cells, at } of story.revoked) {
        const role = roleIn(cloud.state, { signer: doctor.signer.key, grant }, NOW);
        expect(role).toMatchObject({ ok: false, error: { kind: "grant-revoked" } });
        const after = cloud.uploads.filter((one) => one.at > at);
        const readable = after.filter(({ cell }) => cells.some((one) => equalBytes(one, cell)));
        expect(readable).toEqual([]);
        uploaded += after.length;
      }
      revocations += story.revoked.length;
    });
    fc.assert(holds, { numRuns: 10_000, seed: 6 });
    // The orders are such that there was something to hold.
    expect(revocations).toBeGreaterThan(3000);
    expect(uploaded).toBeGreaterThan(1000);
  }, 300_000);

  it("leave a chain that anybody reads as the cloud does", () => {
    const holds = fc.property(fc.array(fc.nat({ max: 3 }), { minLength: 40 }), (order) => {
      const cloud = new Rules();
      const story: Story = { cloud, revoked: [] };
      const running = [approver(patient), approver(tablet), revoker, uploader].map((a) => a(story));
      for (const pick of order) running[pick]?.next();
      expect(must(readChain(cloud.links)).head).toEqual(cloud.state.head);
    });
    fc.assert(holds, { numRuns: 200, seed: 7 });
  });
});

describe("G-06: the same against a real cloud", () => {
  let server: TestCloud;
  let cloud: ReturnType<typeof httpCloud>;
  let tree: ProviderTree;

  beforeAll(async () => {
    server = await startTestCloud();
    cloud = httpCloud(server.url);
    tree = await ProviderTree.plant(cloud);
  });
  afterAll(() => server.stop());

  it("grants once, and what comes after an acknowledged revocation stays closed", async () => {
    for (let round = 0; round < 8; round += 1) {
      const at = await newScene(cloud, tree);
      const [reader] = at.doctors;
      const own = await requestsOf(at, reader);
      const { handle, letter } = must(await own.ask(orderTo(at), reader.mailbox.mailbox));
      const { mailbox, owner } = at;
      const registry = await tree.registry();
      const second = await openAgain(owner);
      const other = new PatientRequests({ ...second, registry, mailbox });
      const [hospital] = at.hospitals;
      const vault = await vaultOf(hospital, owner.vault);
      let revoked = false;
      const approve = async (requests: PatientRequests): Promise<boolean> => {
        const opened = await requests.open(letter.statement);
        if (!opened.ok) return false;
        const proposal = must(requests.propose(opened.value));
        return (await requests.approve(proposal, steppedUp())).ok;
      };
      const uploading = async (): Promise<string[]> => {
        const late: string[] = [];
        for (let n = 0; n < 6; n += 1) {
          const id = `r${round}-${n}`;
          const before = revoked;
          must(await vault.upload(uploads(pressure(id, 150))));
          if (before) late.push(id);
        }
        return late;
      };
      const uploadsDone = uploading();
      const approvals = await Promise.all([approve(at.requests), approve(other)]);
      expect(approvals.filter(Boolean)).toHaveLength(1);
      const said = { deed: { action: "search", query: "" }, who: { name: "", node: "" } } as const;
      const from = { cloud, ...reader, ...said, chains: new ChainCache() };
      const [kept] = must(await openAccesses(from, owner.vault, handle));
      if (kept === undefined) throw new Error("it was approved");
      must(await owner.patient.sync());
      must(await at.requests.revoke(handle));
      revoked = true;
      const late = await uploadsDone;
      const after = `late-${round}`;
      must(await vault.upload(uploads(pressure(after, 150))));
      const opened = await openedBy(kept, owner);
      for (const id of [...late, after]) expect(opened).not.toContain(id);
      const state = must(
        readChain(must(await cloud.chain(owner.identity.caller(), owner.vault, 0)).links),
      );
      expect(state.approvals.size).toBe(1);
    }
  });

  /** The ids of all records of the vault that kept keys open. */
  async function openedBy(
    kept: ConstructorParameters<typeof Opener>[0],
    owner: Awaited<ReturnType<typeof newScene>>["owner"],
  ): Promise<readonly unknown[]> {
    const all = must(
      await cloud.query(owner.identity.caller(), owner.vault, {
        ...{ clauses: [], order: [], descending: false, sources: [], limit: 1000, total: false },
        cursor: new Uint8Array(0),
      }),
    );
    const opener = new Opener(kept);
    opener.learn(all.certificates);
    const byName = wrapsByName(all.wraps);
    const ids: unknown[] = [];
    for (const candidate of all.candidates) {
      const opened = await opener.open(candidate, byName);
      if (opened.ok) ids.push(opened.value.resource?.id);
    }
    return ids;
  }

  async function openAgain({ store }: Awaited<ReturnType<typeof newScene>>["owner"]) {
    const patientAgain = must(await Patient.open({ cloud, store, chains: new ChainCache() }));
    // Another home of hers: what the first has answered, it does not know.
    return { patient: patientAgain, store: memoryKeyStore() };
  }
});
