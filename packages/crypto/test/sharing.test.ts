import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { type Bytes, equalBytes, toHex } from "@salus/base";
import { applyLinks, checkRoots, wrapsDigest } from "@salus/evaluate";
import { BatchId, GrantHandle, type Suite, VaultHandle } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { kemPublic, suites } from "../src/hpke.ts";
import {
  drawGrant,
  drawKey,
  encodeTerms,
  type GrantPlace,
  KemPair,
  Key,
  openDelivery,
  openGrant,
  type ReaderKeys,
  type SourceKeys,
  scopeHandle,
  unwrapBatchKey,
  wrapBatchKey,
  wrapDelivery,
  wrapGrant,
} from "../src/index.ts";
import { wrapTo } from "../src/kem-pair.ts";
import { xwingPublic } from "../src/xwing.ts";
import { must, outcome } from "./checks/check.ts";
import {
  ABSENT,
  BATCH,
  begin,
  cellOf,
  doctor,
  GRANT,
  NORTH,
  nodeOf,
  north,
  patient,
  SOUTH,
  scopeOf,
  south,
  stranger,
  termsFor,
} from "./people.ts";

// Goal: a wrap opens for one receiver, one purpose and one context, and says who made it only when signed.
// Method: every wrap opened under every other context; our X-Wing against two libraries' own.

const VAULT = VaultHandle.of(new Uint8Array(32).fill(0xd0));
const OTHER_VAULT = VaultHandle.of(new Uint8Array(32).fill(0xd1));
const lab = cellOf(NORTH, "laboratory", 1);
const southLab = cellOf(SOUTH, "laboratory", 1);
const labScope = scopeOf(NORTH, "laboratory", 1);

const sourceKeys: SourceKeys = {
  node: nodeOf(NORTH),
  cells: [{ cell: lab.cell, category: "laboratory", generation: 1, index: lab.index }],
  scopes: [
    { scope: scopeHandle(labScope), category: "laboratory", version: 1, rootKey: undefined },
    {
      scope: scopeHandle(scopeOf(undefined, "laboratory", 1)),
      category: "laboratory",
      version: 1,
      rootKey: scopeOf(undefined, "laboratory", 1),
    },
  ],
};

const readerKeys: ReaderKeys = {
  cells: [
    {
      cell: lab.cell,
      source: NORTH,
      category: "laboratory",
      generation: 1,
      seed: lab.seed,
      index: lab.index,
    },
  ],
  scopes: [
    {
      scope: scopeHandle(labScope),
      node: NORTH,
      category: "laboratory",
      version: 1,
      key: labScope,
    },
  ],
};

describe("a batch key", () => {
  const key = drawKey("batch");
  const place = { vault: VAULT, cell: lab.cell, batch: BATCH };

  it("opens for its cell, its batch and its vault alone", async () => {
    const wrap = await wrapBatchKey(lab.kem.public, place, key);
    const opened = must(await unwrapBatchKey(lab.kem, place, wrap));
    expect(equalBytes(Key.reveal(opened), Key.reveal(key))).toBe(true);
    const elsewhere = [
      { ...place, vault: OTHER_VAULT },
      { ...place, cell: southLab.cell },
      { ...place, batch: BatchId.of(new Uint8Array(16)) },
    ];
    for (const other of elsewhere) {
      expect(outcome(await unwrapBatchKey(lab.kem, other, wrap))).toBe("unreadable");
    }
    expect(outcome(await unwrapBatchKey(southLab.kem, place, wrap))).toBe("unreadable");
  });

  it("is wrapped anew each time", async () => {
    const wraps = await Promise.all([1, 2].map(() => wrapBatchKey(lab.kem.public, place, key)));
    expect(new Set(wraps.map(({ enc }) => toHex(enc))).size).toBe(2);
  });

  it("C-16: exchanged by the cloud is not the one that was signed", async () => {
    const wrap = await wrapBatchKey(lab.kem.public, place, key);
    const forged = await wrapBatchKey(lab.kem.public, place, drawKey("batch"));
    // Anybody can make one that opens: base mode says nothing of who.
    expect(outcome(await unwrapBatchKey(lab.kem, place, forged))).toBe("ok");
    const digestOf = wrapsDigest([wrap]);
    expect(equalBytes(digestOf, wrapsDigest([forged]))).toBe(false);
    const statement = { items: 0, root: wrapsDigest([]), wraps: digestOf } as never;
    expect(outcome(checkRoots(statement, [forged], []))).toBe("root-mismatch");
  });
});

describe("a delivery", () => {
  const place = { vault: VAULT, to: NORTH, seq: 7 };

  it("gives the source its keys, and no key of another shape", async () => {
    const wrap = await wrapDelivery(north.kem.public, place, sourceKeys);
    const opened = must(await openDelivery(north.kem, place, wrap));
    expect(revealed(opened)).toEqual(revealed(sourceKeys));
    const again = { ...sourceKeys, node: undefined };
    const second = await wrapDelivery(north.kem.public, place, again);
    expect(revealed(must(await openDelivery(north.kem, place, second)))).toEqual(revealed(again));
  });

  it("opens in no other link, for no other source, in no other vault", async () => {
    const wrap = await wrapDelivery(north.kem.public, place, sourceKeys);
    const elsewhere = [
      { ...place, vault: OTHER_VAULT },
      { ...place, to: SOUTH },
      { ...place, seq: 8 },
    ];
    for (const other of elsewhere) {
      expect(outcome(await openDelivery(north.kem, other, wrap))).toBe("unreadable");
    }
    expect(outcome(await openDelivery(south.kem, place, wrap))).toBe("unreadable");
  });
});

describe("a grant", () => {
  const place: GrantPlace = { vault: VAULT, grant: GRANT, terms: encodeTerms(termsFor()) };

  it("gives the grantee the keys that were granted", async () => {
    const wrap = await wrapGrant(doctor.kem.public, place, readerKeys);
    expect(revealed(must(await openGrant(doctor.kem, place, wrap)))).toEqual(revealed(readerKeys));
  });

  it("C-15: moved to another grant, to other terms or to another vault does not open", async () => {
    const wrap = await wrapGrant(doctor.kem.public, place, readerKeys);
    const elsewhere = [
      { ...place, vault: OTHER_VAULT },
      { ...place, grant: GrantHandle.of(new Uint8Array(16)) },
      { ...place, terms: encodeTerms(termsFor({ purpose: "HMARKT" })) },
      { ...place, terms: encodeTerms(termsFor({ expires: termsFor().expires + 1 })) },
    ];
    for (const other of elsewhere) {
      expect(outcome(await openGrant(doctor.kem, other, wrap))).toBe("unreadable");
    }
    expect(outcome(await openGrant(stranger.kem, place, wrap))).toBe("unreadable");
  });

  it("C-05: is no delivery and no batch key, whatever the context says", async () => {
    const wrap = await wrapGrant(doctor.kem.public, place, readerKeys);
    const delivery = { vault: VAULT, to: NORTH, seq: 1 };
    const batch = { vault: VAULT, cell: lab.cell, batch: BATCH };
    expect(outcome(await openDelivery(doctor.kem, delivery, wrap))).toBe("unreadable");
    expect(outcome(await unwrapBatchKey(doctor.kem, batch, wrap))).toBe("unreadable");
  });

  it("C-16: made by the cloud opens, and enters no chain", async () => {
    const story = begin();
    const { vault } = story.state;
    const grant = drawGrant();
    const terms = encodeTerms(termsFor());
    const wrap = await wrapGrant(doctor.kem.public, { vault, grant, terms }, readerKeys);
    expect(outcome(await openGrant(doctor.kem, { vault, grant, terms }, wrap))).toBe("ok");
    const link = story.link("chain/grant", { grant, terms, wrap }, stranger);
    expect(outcome(applyLinks(story.state, [link]))).toBe("unknown-device");
    const honest = story.link("chain/grant", { grant, terms, wrap }, patient);
    expect(outcome(applyLinks(story.state, [honest]))).toBe("ok");
  });

  it("has its lists in order, however they were given", () => {
    const sources = [SOUTH, NORTH];
    const terms = termsFor({ sources });
    expect(toHex(encodeTerms(terms))).toBe(
      toHex(encodeTerms({ ...terms, sources: sources.toReversed() })),
    );
    expect(() => encodeTerms(termsFor({ sources: [NORTH, NORTH] }))).toThrow("bug: ");
    expect(() => encodeTerms(termsFor({ request: ABSENT, purpose: "" }))).toThrow("bug: ");
  });
});

describe("a wrap that holds something else", () => {
  // Anybody can seal anything to a public key: what opens is not yet what it should be.
  const grant: GrantPlace = { vault: VAULT, grant: GRANT, terms: encodeTerms(termsFor()) };
  const delivery = { vault: VAULT, to: NORTH, seq: 7 };
  const batch = { vault: VAULT, cell: lab.cell, batch: BATCH };
  const junk = [0, 16, 31, 33, 64].map((size) => new Uint8Array(size));

  it.each(junk)("is unreadable: bytes %#", async (text) => {
    const [a, b, c] = await Promise.all([
      wrapTo(doctor.kem.public, { purpose: "grant", context: { ...grant } }, text),
      wrapTo(north.kem.public, { purpose: "keys", context: { ...delivery } }, text),
      wrapTo(lab.kem.public, { purpose: "batch", context: { ...batch } }, text),
    ]);
    expect(outcome(await openGrant(doctor.kem, grant, a))).toBe("unreadable");
    expect(outcome(await openDelivery(north.kem, delivery, b))).toBe("unreadable");
    expect(outcome(await unwrapBatchKey(lab.kem, batch, c))).toBe("unreadable");
  });
});

describe("a key pair", () => {
  it("prints as its name, and hands out its public half alone", () => {
    expect(JSON.stringify({ pair: doctor.kem })).toBe('{"pair":"[kem pair]"}');
    expect(Object.keys(doctor.kem.public).toSorted()).toEqual(["kem", "suite"]);
  });

  it("refuses a wrap of another suite, and an encapsulation of the wrong length", async () => {
    const seed = drawKey("kem-seed");
    const pairs = ([1, 2] as Suite[]).map((suite) => new KemPair(seed, suite)) as [
      KemPair,
      KemPair,
    ];
    const place: GrantPlace = { vault: VAULT, grant: GRANT, terms: encodeTerms(termsFor()) };
    const wraps = await Promise.all(pairs.map((pair) => wrapGrant(pair.public, place, readerKeys)));
    for (const [i, pair] of pairs.entries()) {
      for (const [j, wrap] of wraps.entries()) {
        const expected = i === j ? "ok" : "unreadable";
        expect(outcome(await openGrant(pair, place, wrap))).toBe(expected);
        const relabelled = { ...wrap, suite: pair.suite };
        expect(outcome(await openGrant(pair, place, relabelled))).toBe(expected);
      }
    }
  });
});

describe("X-Wing", () => {
  const seeds = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
  const info = Uint8Array.of(1, 2, 3).buffer;
  const library = new CipherSuite({
    kem: new XWing(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });

  it("has the public keys of both libraries", async () => {
    for (const seed of seeds) {
      const ours = toHex(xwingPublic(seed));
      expect(toHex(ml_kem768_x25519.keygen(seed).publicKey)).toBe(ours);
      const { publicKey } = await new XWing().generateKeyPairDerand(seed);
      const serialised = await library.kem.serializePublicKey(publicKey);
      expect(toHex(new Uint8Array(serialised))).toBe(ours);
    }
  });

  it("seals what @hpke/hybridkem-x-wing opens, and opens what it seals", async () => {
    for (const seed of seeds) {
      for (const [from, to] of [
        [suites[1], library],
        [library, suites[1]],
      ] as const) {
        const recipientPublicKey = await from.kem.deserializePublicKey(kemPublic(1, seed));
        const text = Uint8Array.of(4, 5, 6);
        const { enc, ct } = await from.seal({ recipientPublicKey, info }, text.buffer);
        const recipientKey = await to.kem.deserializePrivateKey(seed);
        const opened = await to.open({ recipientKey, enc, info }, ct);
        expect(toHex(new Uint8Array(opened))).toBe("040506");
      }
    }
  });
});

/** Keys written out, so that they can be compared; nothing else of the object changes. */
function revealed(value: unknown): unknown {
  if (value instanceof Key) return `${value.purpose} ${toHex(Key.reveal(value))}`;
  if (value instanceof Uint8Array) return toHex(value as Bytes);
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revealed(item)]));
}
