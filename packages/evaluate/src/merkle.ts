import type { Bytes } from "@salus/base";
import { Digest } from "@salus/protocol";
import { sha256 } from "#engine";

const HASH_BYTES = 32;
const NOTHING = new Uint8Array(0);

/**
 * The Merkle tree hash of a list of leaves; of an empty list the SHA-256 of nothing.
 *
 * Leaves and inner nodes are told apart by their first byte, so that no inner node passes for a
 * leaf. The subtrees that are complete wait on a stack, one for each bit of the number of leaves so
 * far: that splits every list at the greatest power of two below its length, as the RFC does.
 *
 * Takes:   `before`, what every leaf begins with, where they all begin alike.
 * Cost:    two hashes a leaf.
 * Source:  RFC 6962 §2.1; vectors/batch-v1.json.
 */
export function merkleRoot(leaves: readonly Uint8Array[], before: Uint8Array = NOTHING): Digest {
  const complete: Bytes[] = [];
  for (const [at, leaf] of leaves.entries()) {
    complete.push(hashLeaf(before, leaf));
    for (let count = at + 1; count % 2 === 0; count /= 2) joinLastTwo(complete);
  }
  while (complete.length > 1) joinLastTwo(complete);
  return Digest.of(complete[0] ?? sha256());
}

/** The hash of one leaf. Source: RFC 6962 §2.1. */
export function leafHash(leaf: Uint8Array): Digest {
  return Digest.of(hashLeaf(NOTHING, leaf));
}

/** The hash of a node over its two halves. Source: RFC 6962 §2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Digest {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return Digest.of(sha256(nodeInput));
}

/** What is hashed stands here for a moment: a buffer of its own would cost more than its hash. */
const nodeInput: Bytes = new Uint8Array(1 + 2 * HASH_BYTES);
nodeInput[0] = 1;
let leafInput: Bytes = new Uint8Array(256);

function hashLeaf(before: Uint8Array, leaf: Uint8Array): Bytes {
  const size = 1 + before.length + leaf.length;
  if (leafInput.length < size) leafInput = new Uint8Array(2 * size);
  leafInput.set(before, 1);
  leafInput.set(leaf, 1 + before.length);
  return sha256(leafInput.subarray(0, size));
}

function joinLastTwo(complete: Bytes[]): void {
  const right = complete.pop() as Bytes;
  const left = complete.pop() as Bytes;
  complete.push(nodeHash(left, right));
}
