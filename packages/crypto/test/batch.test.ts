import { type Bytes, equalBytes } from "@salus/base";
import {
  type BatchError,
  type CapabilityError,
  type ChainError,
  type ChainState,
  checkRoots,
  encodeLeaf,
  type PathError,
  parseLeaf,
  type RoleError,
  readChain,
  verifyBatch,
  wrapsDigest,
} from "@salus/evaluate";
import {
  BatchId,
  type CellWrap,
  encodeCbor,
  encodeEntry,
  type ProblemKind,
  parseEntry,
  parseUpload,
  RecordHandle,
  SUITES,
  type Upload,
  VaultHandle,
} from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/batch-v1.json" with { type: "json" };
import chain from "../../../vectors/chain-v1.json" with { type: "json" };
import { scopeHandle, signCertificate } from "../src/index.ts";
import { hex, must, outcome } from "./checks/check.ts";
import { begin, cellOf, doctor, NORTH, NOW, north, SOUTH, scopeOf } from "./people.ts";
import { labWrap, orderedEntry, RECORD, recordItem, uploadOf } from "./upload.ts";

// Goal: an upload is what its source signed, whole and in order, or it is refused.
// Method: the valid uploads of the vectors, changed in any bit, and with any item, entry, wrap or
// certificate dropped, doubled or moved; then uploads that a source signed although a part is wrong.

const uploads = vectors.valid.map(({ upload }) => hex(upload));
const state: ChainState = must(
  readChain(chain.valid.slice(0, vectors.links).map(({ signed }) => hex(signed))),
);

function judge(body: Uint8Array): string {
  const upload = parseUpload(body);
  return outcome(upload.ok ? verifyBatch(upload.value, state) : upload);
}

describe("an upload", () => {
  it("is refused after any change of one bit: 1,000 of them", () => {
    fc.assert(
      fc.property(fc.constantFrom(...uploads), fc.nat(), fc.nat({ max: 7 }), (body, place, bit) => {
        const changed = body.slice();
        const at = place % body.length;
        changed[at] = (changed[at] as number) ^ (1 << bit);
        expect(judge(changed)).not.toBe("ok");
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused cut off anywhere, or with anything after it", () => {
    for (const body of uploads) {
      for (let size = 0; size < body.length; size += 7) {
        expect(judge(body.subarray(0, size))).toBe("malformed");
      }
      expect(judge(Uint8Array.from([...body, 0]))).toBe("malformed");
    }
  });

  it("is refused with a part of any of its lists dropped, doubled or moved", () => {
    let changes = 0;
    for (const body of uploads) {
      const upload = must(parseUpload(body));
      for (const changed of rearranged(upload)) {
        const bytes = encodeCbor(changed);
        if (equalBytes(bytes, body)) continue;
        // Certificates are not under the batch's signature: one too many harms nobody.
        const verdict = judge(bytes);
        const same = changed.items === upload.items && changed.wraps === upload.wraps;
        if (!(same && changed.certificates.length >= upload.certificates.length)) {
          expect(verdict).not.toBe("ok");
        }
        changes += 1;
      }
    }
    expect(changes).toBeGreaterThan(20);
  });

  it("has wraps whose encapsulation no other can replace", () => {
    const upload = must(parseUpload(uploads[0] as Bytes));
    const wraps = upload.wraps.map((wrap): CellWrap => {
      return { ...wrap, enc: new Uint8Array(SUITES[wrap.suite].enc).fill(9) };
    });
    expect(judge(encodeCbor({ ...upload, wraps }))).toBe("root-mismatch");
  });
});

describe("an upload that its source signed", () => {
  const story = begin();
  const chainNow = story.state;
  const rootScope = scopeHandle(scopeOf(undefined, "laboratory", 1));
  const judged = async (...given: Parameters<typeof uploadOf>): Promise<string> =>
    outcome(verifyBatch(await uploadOf(...given), given[0]));

  it("is accepted", async () => {
    const item = { ...recordItem(chainNow), entries: [orderedEntry(rootScope)] };
    expect(await judged(chainNow, [item])).toBe("ok");
    const index = { record: RECORD, revision: 3, entries: [orderedEntry(rootScope)] };
    expect(await judged(chainNow, [index])).toBe("ok");
  });

  it("holds no envelope that its author did not sign", async () => {
    const item = recordItem(chainNow);
    const envelope = item.envelope.slice();
    envelope[envelope.length - 1] = (envelope.at(-1) as number) ^ 1;
    expect(await judged(chainNow, [{ ...item, envelope }])).toBe("bad-signature");
    const key = item.envelope.slice();
    key.fill(0, key.length - 96, key.length - 64);
    expect(await judged(chainNow, [{ ...item, envelope: key }])).toBe("bad-key");
  });

  it("holds no envelope of an author without a certificate that is valid then", async () => {
    const item = recordItem(chainNow, {}, doctor);
    const certificate = (expires: number): Bytes =>
      signCertificate(north.signer, {
        subject: doctor.signer.key,
        ...doctor.kem.public,
        role: "physician",
        node: "p",
        parent: "north",
        name: "",
        identifiers: [],
        notBefore: 0,
        expires,
      });
    expect(await judged(chainNow, [item], {}, [certificate(NOW)])).toBe("ok");
    expect(await judged(chainNow, [item], {}, [])).toBe("not-yours");
    expect(await judged(chainNow, [item], {}, [certificate(NOW - 1)])).toBe("not-yours");
    const spoilt = certificate(NOW);
    spoilt[spoilt.length - 1] = (spoilt.at(-1) as number) ^ 1;
    expect(await judged(chainNow, [item], {}, [spoilt])).toBe("bad-signature");
  });

  it("introduces no scope that the chain knows, and names those left to the store", async () => {
    const own = scopeHandle(scopeOf(NORTH, "laboratory", 1));
    const below = scopeHandle(scopeOf(NORTH, "below", 1));
    for (const scope of [own, rootScope]) {
      expect(await judged(chainNow, [recordItem(chainNow)], { scopes: [scope] })).toBe("not-yours");
    }
    const item = { ...recordItem(chainNow), entries: [orderedEntry(below)] };
    const introduced = await uploadOf(chainNow, [item], { scopes: [below] });
    expect(must(verifyBatch(introduced, chainNow)).earlierScopes).toEqual([]);
    const earlier = await uploadOf(chainNow, [item]);
    expect(must(verifyBatch(earlier, chainNow)).earlierScopes).toEqual([below]);
  });

  it("comes from a source that is live, under a head that the chain has", async () => {
    const end = { op: "end", source: NORTH, key: north.signer.key, ...north.kem.public } as const;
    const ended = begin().tell("chain/roster", end).state;
    expect(await judged(ended, [recordItem(ended)])).toBe("not-live");
    const head = { seq: 1, hash: chainNow.head.hash };
    expect(await judged(chainNow, [recordItem(chainNow)], { head })).toBe("chain-fork");
  });

  it("holds one wrap for each cell of its envelopes", async () => {
    const { cell, kem } = cellOf(NORTH, "vitals", 1);
    const place = { source: NORTH, generation: 1, ...kem.public, replaces: [] };
    const { state: two } = begin().tell("chain/cell", { cell, ...place });
    const record = RecordHandle.of(new Uint8Array(16).fill(0xe1));
    const items = [recordItem(two), recordItem(two, { record, cell })];
    const [a, b] = [await labWrap(two), { ...(await labWrap(two)), cell }];
    const judgeWraps = async (wraps: readonly CellWrap[]): Promise<string> => {
      const upload = await uploadOf(two, items, { wraps: wrapsDigest(wraps) });
      return outcome(verifyBatch({ ...upload, wraps }, two));
    };
    expect(await judgeWraps([a, b])).toBe("ok");
    for (const wraps of [[a], [a, a], [a, b, b], []]) {
      expect(await judgeWraps(wraps)).toBe("malformed");
    }
  });

  it("counts its items, and holds no record twice", async () => {
    const item = recordItem(chainNow);
    expect(await judged(chainNow, [item], { items: 2 })).toBe("malformed");
    expect(await judged(chainNow, [item, item])).toBe("malformed");
    const index = { record: RECORD, revision: 1, entries: [] };
    expect(await judged(chainNow, [item, index])).toBe("malformed");
  });

  it("holds envelopes whose header is the statement's and the cell's", async () => {
    const other = { ...chainNow, vault: VaultHandle.of(new Uint8Array(32)) };
    for (const changes of [
      { vault: other.vault },
      { source: SOUTH },
      { batch: BatchId.of(new Uint8Array(16)) },
      { policyVersion: 2 },
      { generation: 2 },
      { revision: 2 },
    ]) {
      expect(await judged(chainNow, [recordItem(chainNow, changes)])).toBe("malformed");
    }
    const south = cellOf(SOUTH, "laboratory", 1).cell;
    expect(await judged(chainNow, [recordItem(chainNow, { cell: south })])).toBe("not-yours");
    const none = cellOf(NORTH, "vitals", 1).cell;
    expect(await judged(chainNow, [recordItem(chainNow, { cell: none })])).toBe("unknown-cell");
  });
});

describe("what the cloud keeps of a batch", () => {
  it("gives its root again, with no leaf dropped, doubled or changed", () => {
    const batch = must(verifyBatch(must(parseUpload(uploads[0] as Bytes)), state));
    const leaves = batch.items.map(({ leaf }) => leaf);
    const { payload } = batch.statement;
    expect(outcome(checkRoots(payload, batch.wraps, leaves))).toBe("ok");
    for (const changed of edits(leaves)) {
      expect(outcome(checkRoots(payload, batch.wraps, changed))).toBe("root-mismatch");
    }
    expect(outcome(checkRoots({ ...payload, items: 4 }, batch.wraps, leaves))).toBe(
      "root-mismatch",
    );
    for (const leaf of leaves) {
      expect(encodeLeaf(must(parseLeaf(leaf)))).toEqual(leaf);
      expect(parseLeaf(leaf.slice(1)).ok).toBe(false);
      expect(parseLeaf(Uint8Array.from([3, ...leaf.slice(1)])).ok).toBe(false);
    }
  });
});

describe("an entry", () => {
  it("has one spelling", () => {
    for (const { items } of vectors.valid) {
      for (const entry of items.flatMap((item) => item.entries).map(hex)) {
        expect(encodeEntry(must(parseEntry(entry)))).toEqual(entry);
        expect(parseEntry(entry.slice(0, -1)).ok).toBe(false);
      }
    }
  });
});

describe("errors", () => {
  it("are kinds that the API has a status for", () => {
    type Kind = (BatchError | ChainError | CapabilityError | PathError | RoleError)["kind"];
    // Does not compile when a verifier gains a kind that the API does not know.
    const known: (kind: Kind) => ProblemKind = (kind) => kind;
    expect(known("root-mismatch")).toBe("root-mismatch");
  });
});

function rearranged(upload: Upload): readonly Upload[] {
  const { wraps, certificates, items } = upload;
  return [
    ...edits(items).map((edited) => ({ ...upload, items: edited })),
    ...edits(wraps).map((edited) => ({ ...upload, wraps: edited })),
    ...edits(certificates).map((edited) => ({ ...upload, certificates: edited })),
    ...items.flatMap((item, at) =>
      edits(item.entries).map((entries) => ({
        ...upload,
        items: items.with(at, { ...item, entries }),
      })),
    ),
  ];
}

/** A list with one part dropped, doubled, or exchanged with the next. */
function edits<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.flatMap((part, at) => {
    const next = list[at + 1];
    const dropped = list.filter((_, i) => i !== at);
    const doubled = list.toSpliced(at, 0, part);
    const moved = next === undefined ? [] : [list.with(at, next).with(at + 1, part)];
    return [dropped, doubled, ...moved];
  });
}
