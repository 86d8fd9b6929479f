import { type Bytes, concat, equalBytes, toHex } from "@salus/base";
import { CHUNK_BYTES, CHUNK_TAG_BYTES, HEADER_BYTES, splitEnvelope } from "@salus/evaluate";
import { ENVELOPE_BYTES_MAX, RecordHandle, VaultHandle } from "@salus/protocol";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Asked, type Envelope, open, type SealedHeader, seal } from "../src/envelope.ts";
import { Key, padme } from "../src/index.ts";
import { decodePadded } from "../src/padded-content.ts";
import { outcome } from "./checks/check.ts";
import { BATCH, cellOf, doctor, NORTH, NOW, north, stranger } from "./people.ts";

// Goal: an envelope opens as what was asked for, whole and unchanged, or not at all.
// Method: the attacks C-01 to C-08 on records of one and of five chunks. A change that outsiders could
// make is made to the bytes; one that only an insider could make is signed again by the author.

const batch = new Key("batch", new Uint8Array(32).fill(9));
const { cell } = cellOf(NORTH, "laboratory", 1);
const VAULT = VaultHandle.of(new Uint8Array(32).fill(0xd0));
const RECORD = RecordHandle.of(new Uint8Array(16).fill(0xe0));

const header: SealedHeader = {
  tombstone: false,
  vault: VAULT,
  record: RECORD,
  revision: 1,
  source: NORTH,
  cell,
  generation: 1,
  policyVersion: 1,
  batch: BATCH,
  sealedAt: NOW,
};
const asked: Asked = {
  vault: VAULT,
  record: RECORD,
  revision: 1,
  allows: (author) => equalBytes(author, north.signer.key),
};

const BODY_AT = HEADER_BYTES + 32;
const SEALED_CHUNK = CHUNK_BYTES + CHUNK_TAG_BYTES;

function sealed(bodyBytes: number, changes: Partial<SealedHeader> = {}): Envelope {
  const body = new Uint8Array(bodyBytes).fill(0x5a);
  const content = { media: "text/plain", path: ["north"], assigned: "stated", body } as const;
  return seal(batch, { ...header, ...changes }, content, north.signer);
}

function flipped(envelope: Bytes, bit: number): Bytes {
  const changed = envelope.slice();
  changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
  return changed;
}

describe("a record of five chunks", () => {
  let envelope: Envelope;
  let bodyEnd: number;

  beforeAll(() => {
    envelope = sealed(4 * CHUNK_BYTES + 100);
    bodyEnd = envelope.length - 96;
    expect(Math.ceil((bodyEnd - BODY_AT) / SEALED_CHUNK)).toBe(5);
  });

  it("opens", () => {
    const opened = open(batch, asked, envelope);
    expect(opened).toMatchObject({ ok: true, value: { content: { media: "text/plain" } } });
  });

  it("C-01: opens with no bit of header, commitment, tags, author or signature changed", () => {
    const places: number[] = [];
    for (let at = 0; at < BODY_AT; at += 1) places.push(at);
    for (let chunk = 1; chunk <= 5; chunk += 1) {
      const end = Math.min(BODY_AT + chunk * SEALED_CHUNK, bodyEnd);
      for (let at = end - CHUNK_TAG_BYTES; at < end; at += 1) places.push(at);
    }
    for (let at = bodyEnd; at < envelope.length; at += 1) places.push(at);
    for (const at of places) {
      for (let bit = 8 * at; bit < 8 * at + 8; bit += 1) {
        expect(open(batch, asked, flipped(envelope, bit)).ok, `bit ${bit}`).toBe(false);
      }
    }
  });

  it("C-01: opens with no byte of the body changed, at every 97th", () => {
    for (let at = BODY_AT; at < bodyEnd; at += 97) {
      expect(open(batch, asked, flipped(envelope, 8 * at + (at % 8)))).toEqual({
        ok: false,
        error: { kind: "unreadable" },
      });
    }
  });

  it("C-02: opens at no other length, from nothing to 64 bytes more", () => {
    const longer = concat(envelope, new Uint8Array(64));
    const taken: number[] = [];
    for (let size = 0; size <= longer.length; size += 1) {
      if (splitEnvelope(longer.subarray(0, size)).ok) taken.push(size);
    }
    expect(taken).toEqual([envelope.length]);
  });

  it("C-03: opens with no two chunks exchanged and none repeated, even signed again", () => {
    const chunkAt = (chunk: number): Bytes =>
      envelope.slice(BODY_AT + chunk * SEALED_CHUNK, BODY_AT + (chunk + 1) * SEALED_CHUNK);
    for (let a = 0; a < 4; a += 1) {
      for (let b = 0; b < 4; b += 1) {
        if (a === b) continue;
        const spliced = envelope.slice();
        spliced.set(chunkAt(a), BODY_AT + b * SEALED_CHUNK); // Chunk a twice.
        expect(outcome(open(batch, asked, signedAgain(spliced)))).toBe("unreadable");
        spliced.set(chunkAt(b), BODY_AT + a * SEALED_CHUNK); // Exchanged.
        expect(outcome(open(batch, asked, signedAgain(spliced)))).toBe("unreadable");
      }
    }
  });

  it("C-03: opens with no chunk of another record of the same batch, even signed again", () => {
    const other = sealed(4 * CHUNK_BYTES + 100);
    for (let chunk = 0; chunk < 5; chunk += 1) {
      const at = BODY_AT + chunk * SEALED_CHUNK;
      const spliced = envelope.slice();
      spliced.set(other.subarray(at, Math.min(at + SEALED_CHUNK, bodyEnd)), at);
      expect(outcome(open(batch, asked, spliced))).toBe("unreadable");
      expect(outcome(open(batch, asked, signedAgain(spliced)))).toBe("unreadable");
    }
  });
});

describe("a small record", () => {
  const envelope = sealed(100);

  it("C-04: opens as no other record, revision or vault, and with no other batch key", () => {
    const other = RecordHandle.of(new Uint8Array(16).fill(0xe1));
    for (const wrong of [
      { ...asked, record: other },
      { ...asked, revision: 2 },
      { ...asked, vault: VaultHandle.of(new Uint8Array(32)) },
    ]) {
      expect(outcome(open(batch, wrong, envelope))).toBe("unreadable");
    }
    const otherKey = new Key("batch", new Uint8Array(32).fill(10));
    expect(outcome(open(otherKey, asked, envelope))).toBe("unreadable");
  });

  it("C-04: opens under no header but its own, though its author signs the other", () => {
    // What an insider could do: keep commitment and body, change any field, sign again.
    const names: readonly (readonly [at: number, field: string])[] = [
      [2, "tombstone"],
      [56, "source"],
      [72, "cell"],
      [91, "generation"],
      [95, "policy version"],
      [96, "batch"],
      [119, "sealed at"],
      [128, "salt"],
    ];
    for (const [at, field] of names) {
      const changed = signedAgain(flipped(envelope, 8 * at));
      expect(outcome(open(batch, asked, changed)), field).toBe("unreadable");
    }
  });

  it("C-06: commits to its key: a body and signature made for another key do not open", () => {
    const foreign = seal(
      new Key("batch", new Uint8Array(32).fill(11)),
      header,
      { media: "text/plain", path: [], assigned: "stated", body: new Uint8Array(100) },
      north.signer,
    );
    expect(outcome(open(batch, asked, foreign))).toBe("unreadable");
  });

  it("C-07: is sealed under a salt of its own each time", () => {
    const salts = Array.from({ length: 1000 }, () => toHex(sealed(10).subarray(128, 160)));
    expect(new Set(salts).size).toBe(1000);
    const bodies = Array.from({ length: 50 }, () =>
      toHex(sealed(10).subarray(BODY_AT, BODY_AT + 16)),
    );
    expect(new Set(bodies).size).toBe(50);
  });

  it("C-08: is refused in every other version, suite and flag", () => {
    for (let value = 0; value < 256; value += 1) {
      for (const at of [0, 1, 2, 3]) {
        const changed = envelope.slice();
        changed[at] = value;
        const same = equalBytes(changed, envelope);
        const flag = at === 2 && value === 1; // Known, and bound: unreadable instead.
        const expected = same ? "ok" : flag ? "unreadable" : "malformed";
        expect(outcome(open(batch, asked, changed))).toBe(expected);
      }
    }
  });

  it("C-12: shows nothing of its content", () => {
    const content = {
      media: "application/x-canary-media",
      path: ["canary-path"],
      assigned: "inferred",
      body: new TextEncoder().encode("canary-body") as Bytes,
    } as const;
    const text = Buffer.from(seal(batch, header, content, north.signer)).toString("latin1");
    expect(text).not.toMatch(/canary|inferred/);
  });

  it("C-14: says one thing for ten causes", () => {
    const wrong: readonly Bytes[] = [
      flipped(envelope, 8 * 119), // A header field.
      flipped(envelope, 8 * HEADER_BYTES), // The commitment.
      flipped(envelope, 8 * BODY_AT), // The body.
      flipped(envelope, 8 * (envelope.length - 97)), // The tag.
      flipped(envelope, 8 * (envelope.length - 96)), // The author's key.
      flipped(envelope, 8 * (envelope.length - 64)), // R.
      flipped(envelope, 8 * (envelope.length - 1)), // S.
      signedAgain(flipped(envelope, 8 * BODY_AT)),
      signedBy(envelope, stranger.signer),
    ];
    const otherKey = new Key("batch", new Uint8Array(32).fill(10));
    const results = [open(otherKey, asked, envelope), ...wrong.map((it) => open(batch, asked, it))];
    for (const result of results) {
      expect(result).toEqual({ ok: false, error: { kind: "unreadable" } });
    }
    expect(results.length).toBe(10);
  });

  it("is refused by an author whom the reader does not allow", () => {
    expect(outcome(open(batch, { ...asked, allows: () => false }, envelope))).toBe("unreadable");
    expect(outcome(open(batch, asked, signedBy(envelope, doctor.signer)))).toBe("unreadable");
  });

  it("is malformed above 8 MiB", () => {
    expect(outcome(open(batch, asked, sealed(ENVELOPE_BYTES_MAX)))).toBe("malformed");
  });
});

describe("padded content", () => {
  it("that is too short to hold its length is none", () => {
    for (let size = 0; size < 5; size += 1) {
      expect(decodePadded(new Uint8Array(size))).toBeUndefined();
    }
  });
});

describe("Padmé", () => {
  it("never shrinks, adds at most 12 %, and is its own size", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 30 - 2 ** 26 }), (size) => {
        const padded = padme(size);
        expect(padded).toBeGreaterThanOrEqual(size);
        expect(padded).toBeLessThanOrEqual(size * 1.12);
        expect(padme(padded)).toBe(padded);
      }),
    );
  });

  it("C-11: leaves few sizes", () => {
    const sizes = new Set(Array.from({ length: 65_536 }, (_, size) => padme(size)));
    expect(sizes.size).toBeLessThan(300);
  });
});

function signedAgain(envelope: Bytes): Bytes {
  return signedBy(envelope, north.signer);
}

function signedBy(envelope: Bytes, signer: typeof north.signer): Bytes {
  const split = splitEnvelope(envelope);
  if (!split.ok) return envelope;
  const { headerBytes, commitment, body } = split.value;
  const signature = signer.signRecord(headerBytes, commitment, body);
  return concat(envelope.subarray(0, envelope.length - 96), signer.key, signature);
}
