import { type Bytes, fromHex, toHex } from "@salus/base";
import { Digest, encodeLogLeaf, type LeafKind, VerifyKey } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/log-v1.json" with { type: "json" };
import {
  growTree,
  joinNodes,
  leafHash,
  logLeaf,
  merkleRoot,
  nodeHash,
  nodesOf,
  type ProofPlan,
  planConsistency,
  planInclusion,
  verifyConsistency,
  verifyEvidence,
  verifyInclusion,
  verifySigned,
} from "../src/index.ts";

// Goal: proofs are RFC 6962's and no others are taken; a tree that grows is the tree of all its
// leaves; evidence convinces exactly when two signed checkpoints contradict each other.
// Method: vectors of an implementation by the definition's own recursion; the values published with
// the RFC's reference implementation; random trees against the root of all leaves.

const hex = (text: string): Bytes => {
  const bytes = fromHex(text);
  if (!bytes.ok) throw new Error("a vector is hexadecimal");
  return bytes.value;
};
const hash = (text: string): Digest => Digest.of(hex(text));
const outcome = (result: { ok: boolean; error?: { kind: string } }): string =>
  result.ok ? "ok" : (result.error?.kind ?? "");

/** Carry out a plan with the hashes of subtrees over leaves at hand. */
function proofOf({ nodes, join }: ProofPlan, leaves: readonly Bytes[]): readonly Digest[] {
  const hashes = nodes.map(({ level, position }) =>
    merkleRoot(leaves.slice(position * 2 ** level, (position + 1) * 2 ** level)),
  );
  return join(hashes);
}

const LEAVES = vectors.leaves.map(({ leaf }) => hex(leaf));
const ROOTS = vectors.roots.map(hash);
const head = (size: number): { size: number; root: Digest } => ({
  size,
  root: ROOTS[size] as Digest,
});

describe("log-v1", () => {
  it("leaves", () => {
    for (const { salt, kind, object, leaf, ...rest } of vectors.leaves) {
      const content = { ...rest, kind: kind as LeafKind, object: hex(object) };
      expect(toHex(encodeLogLeaf(logLeaf(hex(salt), content)))).toBe(leaf);
    }
  });

  it("roots", () => {
    for (const [size, root] of ROOTS.entries()) {
      expect(toHex(merkleRoot(LEAVES.slice(0, size)))).toBe(toHex(root));
    }
  });

  it.each(vectors.inclusion.valid)("inclusion of $index in $size", ({ index, size, proof }) => {
    const planned = proofOf(planInclusion(index, size), LEAVES);
    expect(planned.map(toHex)).toEqual(proof);
    const leaf = leafHash(LEAVES[index] as Bytes);
    expect(verifyInclusion(head(size), index, leaf, planned).ok).toBe(true);
  });

  it.each(vectors.inclusion.invalid)("inclusion, $comment", (vector) => {
    const { index, size, root, proof, leaf, error } = vector;
    const tree = { size, root: hash(root) };
    const hashed = leafHash(LEAVES[leaf] as Bytes);
    expect(outcome(verifyInclusion(tree, index, hashed, proof.map(hash)))).toBe(error);
  });

  it.each(vectors.consistency.valid)("consistency from $from to $to", ({ from, to, proof }) => {
    const planned = proofOf(planConsistency(from, to), LEAVES);
    expect(planned.map(toHex)).toEqual(proof);
    expect(verifyConsistency(head(from), head(to), planned).ok).toBe(true);
  });

  it.each(vectors.consistency.invalid)("consistency, $comment", ({ from, to, proof, error }) => {
    const [older, newer] = [from, to].map(({ size, root }) => ({ size, root: hash(root) }));
    if (older === undefined || newer === undefined) throw new Error("there are two");
    expect(outcome(verifyConsistency(older, newer, proof.map(hash)))).toBe(error);
  });

  it("a checkpoint", () => {
    const key = VerifyKey.of(hex(vectors.key));
    const read = verifySigned("checkpoint", hex(vectors.checkpoint), key);
    expect(read).toMatchObject({ ok: true, value: { payload: head(LEAVES.length) } });
  });

  it.each(vectors.evidence.valid)("evidence, $comment", ({ evidence, key, shows }) => {
    const shown = verifyEvidence(hex(evidence), key ? VerifyKey.of(hex(key)) : undefined);
    expect(shown).toMatchObject({ ok: true, value: { kind: shows } });
    if (shown.ok) expect(toHex(shown.value.key)).toBe(vectors.key);
  });

  it.each(vectors.evidence.invalid)("evidence, $comment", ({ evidence, key, error }) => {
    const shown = verifyEvidence(hex(evidence), key ? VerifyKey.of(hex(key)) : undefined);
    expect(outcome(shown)).toBe(error);
  });
});

describe("the values published with the RFC's reference implementation", () => {
  const leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    .concat("606162636465666768696a6b6c6d6e6f")
    .map(hex);
  const roots = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ];
  const [n0, n1, n2, n3] = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
  ];
  const [n4, n5] = [
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
  ];

  it("roots", () => {
    expect(roots.map((_, at) => toHex(merkleRoot(leaves.slice(0, at + 1))))).toEqual(roots);
  });

  it.each([
    [0, 1, []],
    [0, 8, [n0, n1, n2]],
    [5, 8, [n3, n4, roots[3]]],
    [2, 3, [roots[1]]],
    [1, 5, [roots[0], n1, n3]],
  ])("inclusion of %i in %i", (index, size, proof) => {
    expect(proofOf(planInclusion(index, size), leaves).map(toHex)).toEqual(proof);
  });

  it.each([
    [1, 1, []],
    [1, 8, [n0, n1, n2]],
    [6, 8, [n5, n4, roots[3]]],
    [2, 5, [n1, n3]],
  ])("consistency from %i to %i", (from, to, proof) => {
    const ours = proofOf(planConsistency(from, to), leaves).map(toHex);
    // The RFC leaves out the subtree that a proof starts at where it is the whole older tree.
    const power = Number.isInteger(Math.log2(from)) && from < to;
    expect(power ? ours.slice(1) : ours).toEqual(proof);
    if (power) expect(ours[0]).toBe(roots[from - 1]);
  });
});

const leafList = fc.array(fc.uint8Array({ maxLength: 8 }), {
  minLength: 1,
  maxLength: 70,
}) as fc.Arbitrary<Bytes[]>;

describe("a tree", () => {
  it("that grows by any steps is the tree of all its leaves, and its nodes are the subtrees", () => {
    fc.assert(
      fc.property(
        leafList,
        fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }),
        (leaves, steps) => {
          let size = 0;
          let frontier: readonly Digest[] = [];
          for (let at = 0; size < leaves.length; at += 1) {
            const some = leaves.slice(size, size + 1 + (steps[at % steps.length] as number));
            const grown = growTree(size, frontier, some.map(leafHash));
            size += some.length;
            frontier = grown.frontier;
            expect(toHex(grown.root)).toBe(toHex(merkleRoot(leaves.slice(0, size))));
            for (const { level, position, hash: of } of grown.nodes) {
              const below = leaves.slice(position * 2 ** level, (position + 1) * 2 ** level);
              expect(below).toHaveLength(2 ** level);
              expect(toHex(of)).toBe(toHex(merkleRoot(below)));
            }
          }
          const whole = nodesOf({ start: 0, end: size });
          expect(toHex(joinNodes(frontier))).toBe(toHex(merkleRoot(leaves)));
          expect(whole).toHaveLength(frontier.length);
        },
      ),
    );
  });

  it("proves every leaf and every beginning, and nothing that is changed", () => {
    fc.assert(
      fc.property(leafList, fc.nat(), fc.nat(), fc.nat(), (leaves, a, b, c) => {
        const to = leaves.length;
        const tree = { size: to, root: merkleRoot(leaves) };
        const index = a % to;
        const leaf = leafHash(leaves[index] as Bytes);
        const included = proofOf(planInclusion(index, to), leaves);
        expect(verifyInclusion(tree, index, leaf, included).ok).toBe(true);
        expect(verifyInclusion(tree, index, nodeHash(leaf, leaf), included).ok).toBe(false);
        const from = { size: b % (to + 1), root: merkleRoot(leaves.slice(0, b % (to + 1))) };
        const grown = proofOf(planConsistency(from.size, to), leaves);
        expect(verifyConsistency(from, tree, grown).ok).toBe(true);
        const other = { ...from, root: nodeHash(from.root, from.root) };
        expect(verifyConsistency(other, tree, grown).ok).toBe(false);
        for (const proof of [included, grown]) {
          if (proof.length === 0) continue;
          const at = c % proof.length;
          const changed = proof.with(at, nodeHash(proof[at] as Digest, leaf));
          const [shorter, longer] = [proof.slice(1), [...proof, leaf]];
          for (const bad of [changed, shorter, longer]) {
            const taken =
              proof === included
                ? verifyInclusion(tree, index, leaf, bad)
                : verifyConsistency(from, tree, bad);
            expect(taken.ok).toBe(false);
          }
        }
      }),
    );
  });

  it.each([2 ** 31, 2 ** 32 + 5, 2 ** 48 - 1, 2 ** 53 - 1])(
    "of %i leaves has proofs too",
    (size) => {
      const root = Digest.of(new Uint8Array(32));
      const { nodes } = planInclusion(size - 1, size);
      expect(nodes.length).toBeLessThanOrEqual(53);
      const { nodes: older } = planConsistency(size - 1, size);
      expect(older.every(({ level, position }) => (position + 1) * 2 ** level <= size)).toBe(true);
      const leaves = nodesOf({ start: 0, end: size }).reduce(
        (sum, { level }) => sum + 2 ** level,
        0,
      );
      expect(leaves).toBe(size);
      expect(verifyInclusion({ size, root }, size - 1, root, []).ok).toBe(false);
      expect(verifyInclusion({ size: size + 2, root }, 2.5, root, []).ok).toBe(false);
    },
  );
});
