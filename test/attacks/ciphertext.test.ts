import { type Bytes, concat, equalBytes } from "@salus/base";
import { ChainCache, type Cloud, httpCloud, Reader } from "@salus/client";
import { drawKey, openGrant, sealParcel, wrapBatchKey } from "@salus/crypto";
import { readChain, splitEnvelope, verifySigned } from "@salus/evaluate";
import {
  CellHandle,
  decodeCbor,
  encodeCbor,
  encodeSigned,
  type RecordsPage,
  splitSigned,
} from "@salus/protocol";
import { flipped, lyingCloud, must, newMailbox, ProviderTree } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../apps/cloud/test/harness.ts";
import { giveAccess, newScene, type Scene } from "../running/hospital-scene.ts";

// Goal: the attacks on ciphertexts that docs/threat-model.md names end as it says.
// Method: a cloud that changes what it answers in ten ways, and watches what the reader does; wraps
// that were made for something else, or by somebody else.

let server: TestCloud;
let cloud: Cloud;
let tree: ProviderTree;
const exchanges: { readonly path: string; readonly sent: Bytes }[] = [];

beforeAll(async () => {
  server = await startTestCloud();
  cloud = httpCloud(server.url, {
    onExchange: ({ path, sent }) => exchanges.push({ path, sent }),
  });
  tree = await ProviderTree.plant(cloud);
});
afterAll(() => server.stop());

type Lie = (page: RecordsPage) => RecordsPage;

/** Change every envelope of a page. */
const envelopes =
  (change: (envelope: Bytes) => Bytes): Lie =>
  (page) => ({
    ...page,
    records: page.records.map((record) => ({ ...record, envelope: change(record.envelope) })),
  });

/** Change every wrap of a page. */
const wraps =
  (change: (wrap: RecordsPage["wraps"][number]) => RecordsPage["wraps"]): Lie =>
  (page) => ({ ...page, wraps: page.wraps.flatMap(change) });

const swapped = (envelope: Bytes, from: number, size: number): Bytes => {
  const changed = Uint8Array.from(envelope);
  changed.set(envelope.slice(from + size, from + 2 * size), from);
  changed.set(envelope.slice(from, from + size), from + size);
  return changed;
};

const LIES: readonly (readonly [name: string, lie: Lie])[] = [
  ["a bit of the header", envelopes((envelope) => flipped(envelope, 8 * 150))],
  ["a bit of the commitment", envelopes((envelope) => flipped(envelope, 8 * 210))],
  ["the last bit of the body", envelopes((e) => flipped(e, 8 * (e.length - 65)))],
  ["a bit of the author's signature", envelopes((e) => flipped(e, 8 * (e.length - 1)))],
  ["the body cut short", envelopes((envelope) => envelope.slice(0, -1))],
  ["a byte more", envelopes((envelope) => concat(envelope, new Uint8Array(1)))],
  ["two parts of the body exchanged", envelopes((e) => swapped(e, e.length - 200, 16))],
  ["a bit of what the key is wrapped with", wraps((w) => [{ ...w, enc: flipped(w.enc, 0) }])],
  ["a bit of the wrapped key", wraps((w) => [{ ...w, ct: flipped(w.ct, 0) }])],
  ["no wrap", wraps(() => [])],
];

describe("C-14: an oracle of decryption", () => {
  it("tells nothing: ten causes, one error, and the same bytes from the reader", async () => {
    const at = await newScene(cloud, tree);
    const { handle } = await giveAccess(at);
    const [doctor] = at.doctors;
    const said = new Set<string>();
    const findings = new Set<string>();
    for (const [name, lie] of LIES) {
      const evil = lyingCloud(cloud, { records: lie });
      const { identity, store } = doctor;
      const reader = new Reader(identity, { cloud: evil, store, chains: new ChainCache() });
      must(await reader.vaults());
      exchanges.length = 0;
      const answer = must(await reader.export({ vaults: [at.owner.vault] }));
      const given: unknown[] = [];
      for await (const match of answer) given.push(match);
      expect(given, name).toEqual([]);
      const { report } = { report: answer.report() };
      expect(report.findings.length, name).toBe(4);
      // The records that do not open are named, and not why.
      for (const { kind, vault, source, record, ...more } of report.findings) {
        expect([vault, source, record].every((each) => each instanceof Uint8Array)).toBe(true);
        findings.add(JSON.stringify({ kind, more }));
      }
      const sent = exchanges
        .filter(({ path }) => path.startsWith("/v1/vaults"))
        .map(({ path, sent: body }) => `${path} ${Buffer.from(body).toString("hex")}`);
      said.add(sent.join("\n"));
    }
    expect([...findings]).toEqual(['{"kind":"unreadable","more":{}}']);
    expect(said.size).toBe(1);
    expect(handle).toHaveLength(16);
  });
});

describe("C-15: a wrap that is moved", () => {
  it("from one grant to another opens for neither", async () => {
    const at = await newScene(cloud, tree);
    await giveAccess(at);
    const state = must(readChain(await linksOf(at)));
    const grants = [...state.grants.values()];
    const { kem } = at.doctors[0].identity;
    let moved = 0;
    for (const { grant, termsBytes: terms } of grants) {
      for (const other of grants) {
        const place = { vault: at.owner.vault, grant, terms };
        const opened = await openGrant(kem, place, other.wrap);
        const own = equalBytes(other.grant, grant);
        expect(opened.ok).toBe(own);
        if (!opened.ok) expect(opened.error.kind).toBe("unreadable");
        if (!own) moved += 1;
        // Under its own name, with the terms of the other.
        const widened = { ...place, terms: other.termsBytes };
        expect((await openGrant(kem, widened, grants[0]?.wrap ?? other.wrap)).ok).toBe(
          own && equalBytes(other.grant, grants[0]?.grant ?? grant),
        );
      }
    }
    expect(moved).toBe(6);
  });

  it("from one parcel to another address or kind does not open", async () => {
    const [a, b] = [newMailbox(), newMailbox()];
    const statement = a.signer.sign("association", {
      reference: new Uint8Array(16),
      vault: new Uint8Array(32) as never,
      time: 1,
    });
    const parcel = await sealParcel(a.mailbox, "association", statement);
    expect((await a.open(parcel)).ok).toBe(true);
    expect(await a.open({ ...parcel, kind: "answer" })).toMatchObject({ ok: false });
    expect(await b.open({ ...parcel, to: b.mailbox.id })).toMatchObject({ ok: false });
  });
});

describe("C-16: a wrap that nobody signed", () => {
  it("of a batch's key is made by anybody, and opens no record", async () => {
    const at = await newScene(cloud, tree);
    await giveAccess(at);
    const state = must(readChain(await linksOf(at)));
    const forge = async (page: RecordsPage): Promise<RecordsPage> => {
      const forged = page.wraps.map(async ({ batch, cell }) => {
        const to = state.cells.get(Buffer.from(cell).toString("hex"));
        if (to === undefined) throw new Error("the cell is in the chain");
        const place = { vault: at.owner.vault, cell: CellHandle.of(cell), batch };
        return { batch, ...(await wrapBatchKey(to, place, drawKey("batch"))) };
      });
      return { ...page, wraps: await Promise.all(forged) };
    };
    const evil: Cloud = {
      ...cloud,
      records: async (...asked) => {
        const answer = await cloud.records(...asked);
        return answer.ok ? { ok: true, value: await forge(answer.value) } : answer;
      },
    };
    const { identity, store } = at.doctors[0];
    const reader = new Reader(identity, { cloud: evil, store, chains: new ChainCache() });
    const answer = must(await reader.export({ vaults: [at.owner.vault] }));
    for await (const match of answer) expect(match).toBe("nothing");
    expect(answer.report().findings.map(({ kind }) => kind)).toEqual(Array(4).fill("unreadable"));
  });

  it("of a grant's keys is no link without the patient's signature", async () => {
    const at = await newScene(cloud, tree);
    await giveAccess(at);
    const links = await linksOf(at);
    const place = links.findIndex((link) => must(splitSigned(link)).type === "chain/grant");
    const parts = must(splitSigned(links[place] as Bytes));
    const fields = must(decodeCbor(parts.payload, "link")) as { wrap: { enc: Bytes } };
    const wrap = { ...fields.wrap, enc: flipped(fields.wrap.enc, 0) };
    const unsigned = encodeSigned({ ...parts, payload: encodeCbor({ ...fields, wrap } as never) });
    expect(readChain([...links.slice(0, place), unsigned])).toMatchObject({
      error: { kind: "bad-signature" },
    });
  });

  it("of a request is no request, whoever could seal it to the patient's mailbox", async () => {
    const at = await newScene(cloud, tree);
    const parcel = await sealParcel(at.mailbox.mailbox, "request", new Uint8Array(64));
    const sealed = must(await at.mailbox.open(parcel));
    expect(verifySigned("request", sealed)).toMatchObject({ error: { kind: "malformed" } });
    expect(await at.requests.open(sealed)).toMatchObject({ error: { kind: "malformed" } });
    // envelopes, too, are signed: an author without a certificate is nobody.
    expect(splitEnvelope(new Uint8Array(64)).ok).toBe(false);
  });
});

async function linksOf({ owner }: Scene): Promise<readonly Bytes[]> {
  return must(await cloud.chain(owner.identity.caller(), owner.vault, 0)).links;
}
