import { BlockCipher } from "@salus/evaluate";

const BLOCK = 16;
const SLOTS = 16;
const BLOCKS = 4;

/**
 * The pads of right halves of 16-bit values in the more standard form, `pad(k, r) = AES-128_k(r)`: a key
 * schedule for each slot.
 *
 * Values that share a prefix share its keys, so pads are grouped by key over the whole batch: the most
 * that this form can save. Shuffling and packing, which both forms need, are left out.
 */
export function keyedPads(mask: BlockCipher, values: Float64Array, nonces: Uint8Array): number {
  let checksum = 0;
  const inputs = new DataView(new ArrayBuffer(SLOTS * BLOCK));
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const [prefix, rows] of groupByPrefix(values, block)) {
      for (let z = 0; z < SLOTS; z += 1) {
        inputs.setUint32(z * BLOCK, (2 << 24) | (block << 16));
        inputs.setUint32(z * BLOCK + 4, prefix);
        inputs.setUint8(z * BLOCK + 10, z);
      }
      const keys = mask.encrypt(new Uint8Array(inputs.buffer));
      const column = new Uint8Array(rows.length * BLOCK);
      for (const [at, row] of rows.entries()) {
        column.set(nonces.subarray(row * BLOCK, (row + 1) * BLOCK), at * BLOCK);
      }
      for (let z = 0; z < SLOTS; z += 1) {
        const pads = new BlockCipher(keys.subarray(z * BLOCK, (z + 1) * BLOCK)).encrypt(column);
        checksum ^= pads[0] as number;
      }
    }
  }
  return checksum;
}

function groupByPrefix(values: Float64Array, block: number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const [row, value] of values.entries()) {
    const prefix = Math.floor(value / 2 ** (16 - 4 * block));
    const rows = groups.get(prefix) ?? [];
    if (rows.length === 0) groups.set(prefix, rows);
    rows.push(row);
  }
  return groups;
}
