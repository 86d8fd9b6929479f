import { assert } from "@salus/base";
import { Digest } from "@salus/protocol";
import { sha256 } from "#engine";
import { nodeHash } from "./merkle.ts";

/** A complete subtree: the 2^level leaves from position · 2^level on. Level 0 is a leaf's own hash. */
export interface TreeNode {
  readonly level: number;
  readonly position: number;
}

/** A complete subtree, and its hash. */
export interface HashedNode extends TreeNode {
  readonly hash: Digest;
}

/** The leaves from `start` to before `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A step from a subtree to the one around it: on which side the other half lies, and what it covers. */
export interface Step {
  readonly side: "left" | "right";
  readonly range: LeafRange;
}

/**
 * The way from a subtree to the root, from the inside out, and the subtree that it starts at.
 *
 * Takes:   `within`: whether to go on into the half before, or behind, the split.
 */
function wayTo(
  size: number,
  within: (split: number, range: LeafRange) => "left" | "right" | "here",
): {
  readonly steps: readonly Step[];
  readonly seed: LeafRange;
} {
  const steps: Step[] = [];
  let [start, end] = [0, size];
  for (;;) {
    const middle = start + splitOf(end - start);
    const turn = within(middle, { start, end });
    if (turn === "here") return { steps: steps.reverse(), seed: { start, end } };
    if (turn === "left") {
      steps.push({ side: "right", range: { start: middle, end } });
      end = middle;
    } else {
      steps.push({ side: "left", range: { start, end: middle } });
      start = middle;
    }
  }
}

/**
 * The way from a leaf to the root of a tree of `size` leaves.
 *
 * Source:  RFC 6962 §2.1.1, PATH.
 */
export function inclusionWay(index: number, size: number): readonly Step[] {
  assert(index >= 0 && index < size, "a leaf lies in its tree");
  return wayTo(size, (middle, { start, end }) => {
    if (end - start === 1) return "here";
    return index < middle ? "left" : "right";
  }).steps;
}

/**
 * The way from the greatest complete subtree that ends where the older tree does, to the roots of both.
 *
 * Source:  RFC 6962 §2.1.2, SUBPROOF(m, D[n], false): with the subtree that it starts at, always.
 */
export function consistencyWay(
  from: number,
  to: number,
): { readonly steps: readonly Step[]; readonly seed: LeafRange } {
  assert(from > 0 && from < to, "a tree grows from some leaves to more");
  return wayTo(to, (middle, { end }) => {
    if (end === from) return "here";
    return from <= middle ? "left" : "right";
  });
}

/** The complete subtrees that a range of a way, or a whole tree, is made of, from left to right. */
export function nodesOf({ start, end }: LeafRange): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = start; at < end; ) {
    let [level, leaves] = [0, 1];
    for (; 2 * leaves <= end - at; leaves *= 2) level += 1;
    nodes.push({ level, position: at / leaves });
    at += leaves;
  }
  return nodes;
}

/** The hash of a range, from those of its complete subtrees. Source: RFC 6962 §2.1. */
export function joinNodes(hashes: readonly Digest[]): Digest {
  if (hashes.length === 0) return Digest.of(sha256());
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** The greatest power of two below a number of leaves; 1 for a single one. Source: RFC 6962 §2.1. */
function splitOf(leaves: number): number {
  let split = 1;
  while (2 * split < leaves) split *= 2;
  return split;
}

/** A tree that has grown. */
export interface Growth {
  /** The complete subtrees that are new, but for the leaves themselves. */
  readonly nodes: readonly HashedNode[];
  /** The hashes of the complete subtrees of the whole tree, from left to right. */
  readonly frontier: readonly Digest[];
  readonly root: Digest;
}

/**
 * Put leaves behind a tree of `size` leaves.
 *
 * Takes:   the hashes of the tree's own complete subtrees, in the order of `nodesOf`.
 * Cost:    one hash for each leaf, and O(log size).
 */
export function growTree(
  size: number,
  frontier: readonly Digest[],
  leaves: readonly Digest[],
): Growth {
  assert(frontier.length === nodesOf({ start: 0, end: size }).length, "a subtree for each bit");
  const complete = [...frontier];
  const nodes: HashedNode[] = [];
  for (const [at, leaf] of leaves.entries()) {
    complete.push(leaf);
    let count = size + at + 1;
    for (let level = 1; count % 2 === 0; level += 1) {
      count /= 2;
      const right = complete.pop() as Digest;
      const left = complete.pop() as Digest;
      const hash = nodeHash(left, right);
      complete.push(hash);
      nodes.push({ level, position: count - 1, hash });
    }
  }
  return { nodes, frontier: complete, root: joinNodes(complete) };
}
