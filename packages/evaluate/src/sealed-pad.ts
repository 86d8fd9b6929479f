import { type Bytes, utf8 } from "@salus/base";
import { BlockCipher, sha256 } from "#engine";

/** The fixed public permutation: AES-128 under a key that everybody knows. */
const permutation: BlockCipher = new BlockCipher(
  sha256(utf8("salus/sealed-index/permutation/v1")).subarray(0, 16),
);

/**
 * The inside of `pad(k, r) = pi(k xor r) xor k` for many pairs: `pi` of blocks that are `k xor r`. The
 * caller has k at hand, and needs only the lowest bits.
 *
 * Why a fixed permutation and not AES under k, which is more standard: a right half needs 64 pads
 * under 64 keys, and setting those up takes more than ten times as long as all the rest. See
 * docs/decisions/0002-sealed-index-pad.md.
 *
 * Source:  spec/sealed-index.md §1.
 */
export function permuteBlocks(blocks: Bytes): Bytes {
  return permutation.encrypt(blocks);
}
