import { assert, fail, ok, type Result } from "@salus/base";
import { deriveBytes, type Key } from "./keys.ts";

/** A code or range that a column does not have. It names neither: errors reach logs. */
export interface OutOfDomain {
  readonly kind: "out-of-domain";
}

/** How a composite code is made up: `codeBits` for which code, then `valueBits` for its value. */
export interface CompositeShape {
  readonly codeBits: number;
  readonly valueBits: number;
}

/**
 * The code of one (code, value) pair, in a column of `bits` bits.
 *
 * Takes:   `key`, of the column: an ordered map's, or the mask key of a sealed column.
 * Fails:   `out-of-domain`.
 * Source:  spec/ordered-index.md §4; vectors/ordered-index-v1.json.
 */
export function compositeOf(
  key: Key<"ordered-map"> | Key<"sealed-mask">,
  bits: number,
  code: string,
  value: number,
  { codeBits, valueBits }: CompositeShape,
): Result<number, OutOfDomain> {
  assert(codeBits + valueBits === bits, "a composite fills its column");
  assert(codeBits >= 1 && codeBits <= 24 && valueBits >= 2, "a code number has 1 to 24 bits");
  if (!(Number.isInteger(value) && value >= 1 && value <= 2 ** valueBits - 2)) {
    return fail({ kind: "out-of-domain" });
  }
  return ok(codeNumber(key, code, codeBits) * 2 ** valueBits + value);
}

/** Two codes may have one number: the exact filter after decryption tells them apart. */
function codeNumber(
  key: Key<"ordered-map"> | Key<"sealed-mask">,
  code: string,
  codeBits: number,
): number {
  const bytes = deriveBytes(key, "code-number", code);
  const number = new DataView(bytes.buffer).getUint32(0) % 2 ** codeBits;
  return number === 0 || number === 2 ** codeBits - 1 ? 1 : number;
}
