import { describe, expect, it } from "vitest";
import { type CborValue, decodeCbor, encodeCbor } from "../src/index.ts";

// Goal: bytes from a stranger cost no more than a message of their size, whatever they say they hold.
// Method: sixteen megabytes of the smallest items there are; what is as large and honest, at the limits.

const BODY = 16_777_216;
const malformed = { ok: false, error: { kind: "malformed", what: "test" } };

/** A list of as many items of one byte as fit. */
function filled(item: number, size = BODY): Uint8Array {
  const bytes = new Uint8Array(size).fill(item);
  bytes.set([0x9a, 0, 0, 0, 0]);
  new DataView(bytes.buffer).setUint32(1, size - 5);
  return bytes;
}

describe("a body", () => {
  it.each([
    ["maps", 0xa0],
    ["lists", 0x80],
    ["numbers", 0x00],
    ["texts", 0x60],
    ["lists in one another", 0x81],
  ])("of nothing but %s is refused unread", (_, item) => {
    expect(decodeCbor(filled(item), "test")).toEqual(malformed);
  });

  it("that ends inside an item, or says that it is longer than it is, is refused", () => {
    for (const bytes of [[], [0x82, 0], [0x58], [0x5b, 255, 255, 255, 255, 255, 255, 255, 255]]) {
      expect(decodeCbor(Uint8Array.from(bytes), "test")).toEqual(malformed);
    }
  });

  it("that is as full as a message can be is read", () => {
    const handle = new Uint8Array(16);
    const probe = { kind: "ordered", scope: handle, attribute: handle, low: handle, high: handle };
    const messages: CborValue[] = [
      { clauses: [Array.from({ length: 8192 }, () => probe)] },
      { revisions: Array.from({ length: 10_000 }, () => 1) },
      {
        entries: Array.from({ length: 30_000 }, () => ({
          batch: handle,
          entry: new Uint8Array(49),
        })),
      },
      { items: [{ entries: Array.from({ length: 40_000 }, () => new Uint8Array(49)) }] },
      [[[[[[[["deep"]]]]]]]],
    ];
    for (const message of messages) {
      expect(decodeCbor(encodeCbor(message), "test").ok).toBe(true);
    }
  });
});
