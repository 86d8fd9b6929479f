import { equalBytes, fail, ok, type Result } from "@salus/base";
import type { Digest } from "@salus/protocol";
import {
  consistencyWay,
  inclusionWay,
  joinNodes,
  nodesOf,
  type Step,
  type TreeNode,
} from "./log-tree.ts";
import { nodeHash } from "./merkle.ts";

/** A tree by its number of leaves and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Digest;
}

/** A proof does not prove what it is given for. */
export interface BadProof {
  readonly kind: "bad-proof";
}

const BAD: Result<never, BadProof> = fail({ kind: "bad-proof" });
const PROVEN: Result<void, never> = ok(undefined);

/** Which complete subtrees a proof needs, and how it is made from their hashes. */
export interface ProofPlan {
  readonly nodes: readonly TreeNode[];
  /** Takes: the hashes of `nodes`, in their order. */
  readonly join: (hashes: readonly Digest[]) => readonly Digest[];
}

/**
 * Plan the proof that a leaf stands at `index` in a tree.
 *
 * Cost:    O(log² size) nodes at most; about 2 · log2(size) in most trees.
 * Source:  RFC 6962 §2.1.1.
 */
export function planInclusion(index: number, size: number): ProofPlan {
  return planOf(inclusionWay(index, size).map(({ range }) => range));
}

/**
 * Plan the proof that a tree is the beginning of another.
 *
 * Source:  RFC 6962 §2.1.2; spec/log.md §1.
 */
export function planConsistency(from: number, to: number): ProofPlan {
  if (from === 0 || from === to) return planOf([]);
  const { seed, steps } = consistencyWay(from, to);
  return planOf([seed, ...steps.map(({ range }) => range)]);
}

function planOf(ranges: readonly Step["range"][]): ProofPlan {
  const parts = ranges.map(nodesOf);
  return {
    nodes: parts.flat(),
    join: (hashes) => {
      let at = 0;
      return parts.map((part) => {
        at += part.length;
        return joinNodes(hashes.slice(at - part.length, at));
      });
    },
  };
}

/**
 * Verify that a leaf stands at `index` in a tree.
 *
 * Fails:   `bad-proof`, also for an index beyond the tree, or a proof with more or fewer hashes than
 *          this leaf's has.
 * Source:  RFC 6962 §2.1.1; vectors/log-v1.json.
 */
export function verifyInclusion(
  { size, root }: TreeHead,
  index: number,
  leaf: Digest,
  proof: readonly Digest[],
): Result<void, BadProof> {
  if (!isNumber(index) || !isNumber(size) || index >= size) return BAD;
  const steps = inclusionWay(index, size);
  if (proof.length !== steps.length) return BAD;
  const computed = steps.reduce(
    (inner, step, at) => around(inner, step, proof[at] as Digest),
    leaf,
  );
  return equalBytes(computed, root) ? PROVEN : BAD;
}

/**
 * Verify that a tree is the beginning of another.
 *
 * Fails:   `bad-proof`.
 * Source:  RFC 6962 §2.1.2; vectors/log-v1.json.
 */
export function verifyConsistency(
  from: TreeHead,
  to: TreeHead,
  proof: readonly Digest[],
): Result<void, BadProof> {
  if (!isNumber(from.size) || !isNumber(to.size) || from.size > to.size) return BAD;
  if (from.size === to.size || from.size === 0) {
    const start = from.size === 0 ? { root: joinNodes([]) } : to;
    return proof.length === 0 && equalBytes(from.root, start.root) ? PROVEN : BAD;
  }
  const roots = rootsOf(from.size, to.size, proof);
  if (roots === undefined) return BAD;
  const proven = equalBytes(roots.older, from.root) && equalBytes(roots.newer, to.root);
  return proven ? PROVEN : BAD;
}

/**
 * The roots that a proof of consistency is of: those of the newer tree, and of its first leaves.
 *
 * Takes:   0 < from < to.
 * Gives:   nothing when the proof has more or fewer hashes than such a one has.
 */
export function rootsOf(
  from: number,
  to: number,
  proof: readonly Digest[],
): { readonly older: Digest; readonly newer: Digest } | undefined {
  const { steps } = consistencyWay(from, to);
  const [seed, ...others] = proof;
  if (seed === undefined || others.length !== steps.length) return undefined;
  let [older, newer] = [seed, seed];
  for (const [at, step] of steps.entries()) {
    const other = others[at] as Digest;
    // What lies to the right is newer than the older tree.
    if (step.side === "left") older = around(older, step, other);
    newer = around(newer, step, other);
  }
  return { older, newer };
}

function around(inner: Digest, { side }: Step, other: Digest): Digest {
  return side === "left" ? nodeHash(other, inner) : nodeHash(inner, other);
}

function isNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
