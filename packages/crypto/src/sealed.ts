import { type Bytes, fail, ok, type Result } from "@salus/base";
import { type SealedBounds, type SealedShape, sealedShape } from "@salus/evaluate";
import { type AttributeHandle, RightHalf } from "@salus/protocol";
import { blockCipher } from "./cipher.ts";
import { type CompositeShape, compositeOf, type OutOfDomain } from "./composite.ts";
import { sealedColumnHandle } from "./handles.ts";
import { derive, type Key } from "./keys.ts";
import { systemRandom } from "./random.ts";
import { leftHalf } from "./sealed-left.ts";
import { type ColumnCiphers, rightHalves } from "./sealed-right.ts";

/** The two keys of a sealed column. */
export interface SealedKeys {
  readonly mask: Key<"sealed-mask">;
  readonly permutation: Key<"sealed-perm">;
}

/**
 * One sealed column under its keys: order that shows only while a query is answered.
 *
 * What is stored of a value, its right half, cannot be compared with another one; it can be compared
 * with what a query sends of its bounds, their left halves.
 */
export class SealedColumn {
  readonly shape: SealedShape;
  readonly #keys: SealedKeys;

  /** Takes:   `keys` derived for exactly these bits; `sealedColumn` does both at once. */
  constructor(keys: SealedKeys, bits: number) {
    this.shape = sealedShape(bits);
    this.#keys = keys;
  }

  /**
   * Encrypt one value to its right half.
   *
   * Takes:   an integer in [1, 2^bits - 1].
   * Leaks:   nothing but that there is a value, until a query. docs/threat-model.md.
   * Fails:   `out-of-domain`.
   * Source:  spec/sealed-index.md §2; vectors/sealed-index-v1.json.
   */
  encrypt(value: number): Result<RightHalf, OutOfDomain> {
    const halves = this.encryptMany([value]);
    return halves.ok ? ok(RightHalf.of(halves.value)) : halves;
  }

  /**
   * Encrypt many values: their right halves one after the other, in the order of the values.
   *
   * Takes:   integers in [1, 2^bits - 1].
   * Leaks:   as `encrypt`.
   * Fails:   `out-of-domain` if any value is, and then nothing is encrypted.
   * Cost:    about 2 µs a value of 16 bits. bench/sealed-encrypt.ts.
   * Source:  spec/sealed-index.md §2; vectors/sealed-index-v1.json.
   */
  encryptMany(values: ArrayLike<number>): Result<Bytes, OutOfDomain> {
    for (let at = 0; at < values.length; at += 1) {
      if (!this.#holds(values[at] as number)) return fail({ kind: "out-of-domain" });
    }
    return ok(rightHalves(this.shape, this.#ciphers(), values, systemRandom));
  }

  /**
   * The bounds of a query for `from <= value <= to`.
   *
   * Takes:   1 <= from <= to <= 2^bits - 1.
   * Leaks:   per entry and bound the side, and the first block that differs; equal bounds, and bounds
   *          that begin alike, are seen to be so. Whoever keeps a left half can compare later entries
   *          of the cell with it, until a new generation. docs/threat-model.md.
   * Fails:   `out-of-domain`, for an empty range too.
   * Source:  spec/sealed-index.md §3, §4; vectors/sealed-index-v1.json.
   */
  bounds(from: number, to: number): Result<SealedBounds, OutOfDomain> {
    if (!(this.#holds(from) && this.#holds(to) && from <= to)) {
      return fail({ kind: "out-of-domain" });
    }
    const ciphers = this.#ciphers();
    return ok({
      below: leftHalf(this.shape, ciphers, from - 1),
      greatest: leftHalf(this.shape, ciphers, to),
    });
  }

  /**
   * The value of one (code, value) pair, as in an ordered map: see `OrderedMap.compositeCode`.
   *
   * Takes:   `code`, as `system|code`; `value` in [1, 2^valueBits - 2]; a shape that fills the column.
   * Gives:   a value of this column. It is a keyed secret of the cell's readers: encrypt it.
   * Fails:   `out-of-domain`.
   * Source:  spec/sealed-index.md §4; spec/ordered-index.md §4.
   */
  compositeCode(code: string, value: number, shape: CompositeShape): Result<number, OutOfDomain> {
    return compositeOf(this.#keys.mask, this.shape.bits, code, value, shape);
  }

  #holds(value: number): boolean {
    return Number.isInteger(value) && value >= 1 && value <= 2 ** this.shape.bits - 1;
  }

  #ciphers(): ColumnCiphers {
    return { mask: blockCipher(this.#keys.mask), permutation: blockCipher(this.#keys.permutation) };
  }
}

/** A sealed column: the name that the cloud knows it by, and what fills and queries it. */
export interface Sealed {
  readonly handle: AttributeHandle;
  readonly column: SealedColumn;
}

/**
 * The column of one attribute in one cell.
 *
 * Source:  spec/keys.md §2, §3.
 */
export function sealedColumn(cell: Key<"cell-index">, attribute: string, bits: number): Sealed {
  const keys = {
    mask: derive(cell, "sealed-mask", attribute, bits),
    permutation: derive(cell, "sealed-perm", attribute, bits),
  };
  return {
    handle: sealedColumnHandle(cell, attribute, bits),
    column: new SealedColumn(keys, bits),
  };
}
