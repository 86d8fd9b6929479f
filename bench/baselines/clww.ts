import { BlockCipher } from "@salus/evaluate";

const WORD = 4;
const BLOCK = 16;
const CALL_CODES = 256;

/**
 * Order-preserving encryption after Chenette, Lewi, Weis and Wu (FSE 2016, §3.2), written straight from
 * the paper: word i of a term is a pseudorandom mask of the bits before bit i, plus bit i. Masks have 31
 * bits, so that no word wraps around.
 *
 * A term has 4 bytes a bit: 64 for 16 bits. Equal codes have equal terms, and two terms show the first
 * bit in which their codes differ: that is what it is quicker for. A baseline only.
 */
export class Clww {
  readonly #cipher: BlockCipher;
  readonly #bits: number;

  constructor(key: Uint8Array, bits: number) {
    this.#cipher = new BlockCipher(key);
    this.#bits = bits;
  }

  /** Terms one after the other; one AES call for many codes. */
  encryptMany(codes: Float64Array): Uint8Array {
    const out = new Uint8Array(codes.length * this.#bits * WORD);
    for (let from = 0; from < codes.length; from += CALL_CODES) {
      const some = codes.subarray(from, from + CALL_CODES);
      this.#encrypt(some, new DataView(out.buffer, from * this.#bits * WORD));
    }
    return out;
  }

  #encrypt(codes: Float64Array, out: DataView): void {
    const bits = this.#bits;
    const input = new DataView(new ArrayBuffer(codes.length * bits * BLOCK));
    for (let at = 0; at < codes.length; at += 1) {
      let place = 2 ** bits;
      for (let bit = 0; bit < bits; bit += 1) {
        const above = Math.floor((codes[at] as number) / place);
        const block = (at * bits + bit) * BLOCK;
        input.setUint32(block, bit);
        input.setUint32(block + 4, above / 2 ** 32);
        input.setUint32(block + 8, above);
        place /= 2;
      }
    }
    const output = this.#cipher.encrypt(new Uint8Array(input.buffer));
    const masks = new DataView(output.buffer, output.byteOffset);
    for (let at = 0; at < codes.length; at += 1) {
      let place = 2 ** (bits - 1);
      for (let bit = 0; bit < bits; bit += 1) {
        const word = at * bits + bit;
        const plain = Math.floor((codes[at] as number) / place) & 1;
        out.setUint32(word * WORD, (masks.getUint32(word * BLOCK) >>> 1) + plain);
        place /= 2;
      }
    }
  }
}
