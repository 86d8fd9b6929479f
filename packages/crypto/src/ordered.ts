import { type Bytes, fail, ok, type Result } from "@salus/base";
import { type AttributeHandle, Term } from "@salus/protocol";
import { type CompositeShape, compositeOf, type OutOfDomain } from "./composite.ts";
import { type OrderedColumn, orderedColumnHandle, orderedContext } from "./handles.ts";
import { derive, type Key } from "./keys.ts";
import type { Prior } from "./ordered-prior.ts";
import { drawTerms } from "./ordered-terms.ts";
import { Tree } from "./ordered-tree.ts";
import { systemRandom } from "./random.ts";

/** How values lie in a map. `flat` is for columns whose ranks are public anyway: see the threat model. */
export type MapShape =
  | { readonly bits: number; readonly profile: "private" }
  | { readonly bits: number; readonly profile: "flat"; readonly prior: Prior };

/** What a query on an ordered column sends: it asks for the terms strictly between. */
export interface Probes {
  readonly low: Term;
  readonly high: Term;
}

/**
 * One ordered column under its map key: MOPSE.
 *
 * A term is a random point of an interval that belongs to its code, so terms sort as their codes do
 * and equal codes have different terms. An ordinary B-tree serves them.
 *
 * Keep one object per key while there is work for it: after many codes it builds a table.
 */
export class OrderedMap {
  readonly shape: MapShape;
  readonly #key: Key<"ordered-map">;
  readonly #tree: Tree;

  /** Takes:   `key`, derived for exactly this shape; `orderedColumn` does both at once. */
  constructor(key: Key<"ordered-map">, shape: MapShape) {
    this.shape = shape;
    this.#key = key;
    this.#tree = new Tree(key, {
      bits: shape.bits,
      prior: shape.profile === "flat" ? shape.prior : undefined,
    });
  }

  /**
   * Encrypt one code to a term of its own.
   *
   * Takes:   an integer in [1, 2^bits - 2].
   * Leaks:   the order among the terms of one column, and the rough size of differences; not equality.
   *          A `flat` map also gives the approximate value. docs/threat-model.md.
   * Fails:   `out-of-domain`.
   * Cost:    5 µs; `encryptMany` takes less than 1 µs a code. bench/ordered-encrypt.ts.
   * Source:  spec/ordered-index.md §2; vectors/ordered-index-v1.json.
   */
  encrypt(code: number): Result<Term, OutOfDomain> {
    const terms = this.encryptMany([code]);
    return terms.ok ? ok(Term.of(terms.value)) : terms;
  }

  /**
   * Encrypt many codes, each to a term of its own: 16 bytes a term, in the order of the codes.
   *
   * Takes:   integers in [1, 2^bits - 2].
   * Leaks:   as `encrypt`.
   * Fails:   `out-of-domain` if any code is, and then nothing is encrypted.
   * Source:  spec/ordered-index.md §2; vectors/ordered-index-v1.json.
   */
  encryptMany(codes: ArrayLike<number>): Result<Bytes, OutOfDomain> {
    for (let at = 0; at < codes.length; at += 1) {
      if (!this.#holds(codes[at] as number)) return fail({ kind: "out-of-domain" });
    }
    return ok(drawTerms(this.#tree, codes, systemRandom));
  }

  /** The code of a term of this column. Under another key it is some code: a term has no checksum. */
  decrypt(term: Term): number {
    return this.#tree.codeOf(term);
  }

  /**
   * The probes of a query for `from <= code <= to`: fresh encryptions of the codes just outside.
   *
   * What is answered may hold entries of those two codes: drop them after decryption.
   *
   * Takes:   1 <= from <= to <= 2^bits - 2.
   * Leaks:   where two fresh points fall in the order of the column, and which entries lie between.
   *          The edges themselves stay hidden as long as the codes just outside have entries.
   * Fails:   `out-of-domain`, for an empty range too.
   * Source:  spec/ordered-index.md §3; vectors/ordered-index-v1.json.
   */
  probes(from: number, to: number): Result<Probes, OutOfDomain> {
    if (!(this.#holds(from) && this.#holds(to) && from <= to)) {
      return fail({ kind: "out-of-domain" });
    }
    const terms = drawTerms(this.#tree, [from - 1, to + 1], systemRandom);
    return ok({ low: Term.of(terms.slice(0, 16)), high: Term.of(terms.slice(16)) });
  }

  /**
   * The code of one (code, value) pair: values of one code lie together, in their order, so that
   * "systolic pressure between 140 and 180" is one range.
   *
   * Takes:   `code`, as `system|code`; `value` in [1, 2^valueBits - 2]; a shape that fills the map.
   * Gives:   a code of this map. It is a keyed secret of the column's readers: encrypt it, never send it.
   * Fails:   `out-of-domain`.
   * Source:  spec/ordered-index.md §4; vectors/ordered-index-v1.json.
   */
  compositeCode(code: string, value: number, shape: CompositeShape): Result<number, OutOfDomain> {
    return compositeOf(this.#key, this.shape.bits, code, value, shape);
  }

  #holds(code: number): boolean {
    return Number.isInteger(code) && code >= 1 && code <= 2 ** this.shape.bits - 2;
  }
}

/** An ordered column: the name that the cloud knows it by, and the map that fills and queries it. */
export interface Ordered {
  readonly handle: AttributeHandle;
  readonly map: OrderedMap;
}

/**
 * The column of one attribute in one scope. Name and key are derived from the same shape, so that a
 * query of the wrong shape names a column that does not exist.
 *
 * Source:  spec/keys.md §2, §3.
 */
export function orderedColumn(
  scope: Key<"scope-index">,
  attribute: string,
  shape: MapShape,
): Ordered {
  const { profile, bits } = shape;
  const column: OrderedColumn =
    shape.profile === "flat"
      ? { attribute, profile, bits, priorDigest: shape.prior.digest }
      : { attribute, profile, bits };
  const key = derive(scope, "ordered-map", ...orderedContext(column));
  return { handle: orderedColumnHandle(scope, column), map: new OrderedMap(key, shape) };
}
