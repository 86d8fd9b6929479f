import { assert } from "@salus/base";
import { blockCipher } from "./cipher.ts";
import type { Key } from "./keys.ts";
import type { TreeShape } from "./ordered-node.ts";
import { LEVELS_MAX, LIMBS, NODE_LIMBS } from "./ordered-path.ts";
import { searchTree } from "./ordered-search.ts";
import { buildTable, type LeafTable, readLeaf, searchTable } from "./ordered-table.ts";
import { type VisitLeaf, walkToLeaves } from "./ordered-walk.ts";
import { Recent } from "./recent.ts";

/** Tables of up to 1 MiB each: 2^16 leaves of 16 bytes. */
const tables = new Recent<Tree, LeafTable>(16);
const TABLE_BITS_MAX = 16;

/**
 * A table costs about as much as walking to a third of its leaves, one by one. Built when that much
 * has been walked anyway, it never costs more than twice the cheaper way.
 */
const TABLE_SHARE = 3;

const leaf: Int32Array = new Int32Array(NODE_LIMBS);

/** The intervals of one map: reached by walking down, or from a table once many were asked for. */
export class Tree {
  readonly shape: TreeShape;
  readonly #key: Key<"ordered-map">;
  #asked = 0;

  constructor(key: Key<"ordered-map">, shape: TreeShape) {
    const { bits, prior } = shape;
    assert(Number.isInteger(bits) && bits >= 1 && bits <= LEVELS_MAX, "a map has 1 to 48 bits");
    assert(prior === undefined || prior.depth <= bits, "a prior is not finer than its map");
    this.#key = key;
    this.shape = shape;
  }

  /** Visit the leaf of each code, in any order. Takes: codes in [0, 2^bits - 1]. */
  visitLeaves(codes: ArrayLike<number>, visit: VisitLeaf): void {
    const table = this.#table(codes.length);
    if (table === undefined) {
      walkToLeaves(blockCipher(this.#key), this.shape, codes, visit);
      return;
    }
    for (let position = 0; position < codes.length; position += 1) {
      readLeaf(table, codes[position] as number, leaf);
      visit(position, leaf, 0);
    }
  }

  /**
   * The code whose leaf holds a term: every term has one.
   *
   * Cost:    an AES call for four levels, or a binary search once there is a table.
   */
  codeOf(term: Uint8Array): number {
    const target = new Int32Array(LIMBS);
    const view = new DataView(term.buffer, term.byteOffset, term.length);
    for (let limb = 0; limb < LIMBS; limb += 1) target[limb] = view.getInt32(4 * limb);
    const table = tables.get(this);
    return table === undefined
      ? searchTree(blockCipher(this.#key), this.shape, target)
      : searchTable(table, target);
  }

  #table(count: number): LeafTable | undefined {
    if (this.shape.bits > TABLE_BITS_MAX) return undefined;
    const kept = tables.get(this);
    if (kept !== undefined) return kept;
    this.#asked += count;
    if (this.#asked * TABLE_SHARE < 2 ** this.shape.bits) return undefined;
    const built = buildTable(blockCipher(this.#key), this.shape);
    tables.set(this, built);
    // A table that is pushed out by other maps' has to be earned again.
    this.#asked = 0;
    return built;
  }
}
