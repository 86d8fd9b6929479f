import { type Bytes, concat, toHex } from "@salus/base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merkleRoot, sha256 } from "../src/index.ts";

// Goal: the tree is RFC 6962's, and no node passes for a leaf.
// Method: the definition itself, which splits lists, against ours, which keeps a stack; then the RFC's
// own example sizes through vectors/batch-v1.json.

const leaf = (byte: number): Bytes => Uint8Array.of(byte);

/** RFC 6962 §2.1, word for word. */
function defined(leaves: readonly Bytes[]): Bytes {
  const [only] = leaves;
  if (only === undefined) return sha256(new Uint8Array(0));
  if (leaves.length === 1) return sha256(concat(Uint8Array.of(0), only));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)].map(defined);
  return sha256(concat(Uint8Array.of(1), left as Bytes, right as Bytes));
}

describe("the Merkle tree hash", () => {
  it("is the definition's for every number of leaves to 130", () => {
    const leaves = Array.from({ length: 130 }, (_, i) => leaf(i));
    for (let size = 0; size <= 130; size += 1) {
      const some = leaves.slice(0, size);
      expect(toHex(merkleRoot(some)), `${size} leaves`).toBe(toHex(defined(some)));
    }
  });

  it("S-07: takes no inner node for a leaf", () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((byte) => leaf(byte)) as [Bytes, Bytes, Bytes, Bytes];
    const inner = (x: Bytes, y: Bytes): Bytes =>
      concat(...[x, y].map((it) => sha256(concat(Uint8Array.of(0), it))));
    const shorter = merkleRoot([inner(a, b), inner(c, d)]);
    expect(toHex(shorter)).not.toBe(toHex(merkleRoot([a, b, c, d])));
  });

  it("changes when a leaf is added, dropped, repeated, changed, or two are exchanged", () => {
    const list = fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(list, fc.nat(), fc.nat(), (bytes, i, j) => {
        const leaves = bytes.map(leaf);
        const [a, b] = [i % leaves.length, j % leaves.length];
        const changed: Bytes[][] = [
          [...leaves, leaves[a] as Bytes],
          leaves.filter((_, at) => at !== a),
          leaves.with(a, concat(leaves[a] as Bytes, leaf(0))),
          ...(a === b ? [] : [leaves.with(a, leaves[b] as Bytes).with(b, leaves[a] as Bytes)]),
        ];
        const root = toHex(merkleRoot(leaves));
        for (const other of changed) expect(toHex(merkleRoot(other))).not.toBe(root);
      }),
    );
  });
});
