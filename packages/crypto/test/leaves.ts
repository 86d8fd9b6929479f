import { toHex } from "@salus/base";
import { Term } from "@salus/protocol";
import { NODE_LIMBS } from "../src/ordered-path.ts";
import type { Tree } from "../src/ordered-tree.ts";

/** An interval of an ordered map, as exact integers. */
export interface Leaf {
  readonly low: bigint;
  readonly width: bigint;
}

export function leavesOf(tree: Tree, codes: readonly number[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  tree.visitLeaves(codes, (position, path, leaf) => {
    leaves[position] = read(path, leaf);
  });
  return leaves;
}

export function read(path: Int32Array, at: number): Leaf {
  const limbs = Array.from(path.subarray(at, at + NODE_LIMBS), (limb) => limb >>> 0);
  return { low: join(limbs.slice(0, 4)), width: join(limbs.slice(4)) };
}

export function write(path: Int32Array, at: number, value: bigint): void {
  for (let limb = 0; limb < 4; limb += 1) {
    path[at + limb] = Number(BigInt.asIntN(32, value >> BigInt(96 - 32 * limb)));
  }
}

export function join(limbs: readonly number[]): bigint {
  return limbs.reduce((sum, limb) => sum * 2n ** 32n + BigInt(limb), 0n);
}

/** The term that stands for a number. */
export function point(value: bigint): Term {
  const bytes = value.toString(16).padStart(32, "0").match(/../g) ?? [];
  return Term.of(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
}

/** The number that a term stands for. */
export function integer(term: Term): bigint {
  return BigInt(`0x${toHex(term)}`);
}
