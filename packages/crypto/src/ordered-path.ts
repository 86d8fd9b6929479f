/**
 * Exact arithmetic on the intervals of an ordered map, a path of them at a time.
 *
 * A number of 128 bits is four 32-bit limbs, the most significant first. Everything is modulo 2^128,
 * which also carries the one number that needs 129 bits, the root's width 2^128: it is written as 0,
 * and both `w - 2*res` and `w - cut` come out right because their true values are below 2^128.
 *
 * Limbs are 32-bit integers that wrap around, which the compiler keeps in machine registers; carries
 * are computed without a branch, because a branch on a random bit costs more than the arithmetic.
 */
export const LIMBS = 4;

/** The most levels that a map can have: 2^48 leaves of 2^48 points. */
export const LEVELS_MAX = 48;

/** A node of a path: the limbs of its low end, then those of its width. */
export const NODE_LIMBS = 8;

/** A leaf keeps at least 2^48 points: ordered-index §1. */
const LEAF_BITS = 48;

/** The limbs of `2 * res`, for a node with so many levels below it: a leaf's share of every child. */
const TWICE_RESERVE: Int32Array = twiceReserve();

function twiceReserve(): Int32Array {
  const table = new Int32Array(LEVELS_MAX * LIMBS);
  for (let below = 0; below < LEVELS_MAX; below += 1) {
    const bit = LEAF_BITS + below + 1;
    table[below * LIMBS + 3 - (bit >>> 5)] = 1 << (bit & 31);
  }
  return table;
}

/** A path from the root, whose interval is [0, 2^128), down to a leaf; only the root is filled in. */
export function newPath(): Int32Array {
  return new Int32Array((LEVELS_MAX + 1) * NODE_LIMBS);
}

/**
 * Go down the path towards a code, from one depth to another. Each node is cut at
 * `res + floor((w - 2*res) * fraction / 2^32)`: the left child is [lo, lo + cut), the right one the rest.
 *
 * Takes:   `path`, filled in down to the depth `from`; the cut fractions by depth, as 32 bits; a code of
 *          `bits` bits.
 * Gives:   `path`, filled in down to the depth `to`.
 * Cost:    about 30 ns a level: nearly all the work of a map that has no table. Interval and width stay in
 *          local variables from level to level, which is quicker by a quarter than going through memory.
 * Source:  spec/ordered-index.md §1; vectors/ordered-index-v1.json.
 */
export function descend(
  path: Int32Array,
  fractions: Int32Array,
  code: number,
  bits: number,
  from: number,
  to: number,
): void {
  let low0 = path[from * NODE_LIMBS] as number;
  let low1 = path[from * NODE_LIMBS + 1] as number;
  let low2 = path[from * NODE_LIMBS + 2] as number;
  let low3 = path[from * NODE_LIMBS + 3] as number;
  let w0 = path[from * NODE_LIMBS + LIMBS] as number;
  let w1 = path[from * NODE_LIMBS + LIMBS + 1] as number;
  let w2 = path[from * NODE_LIMBS + LIMBS + 2] as number;
  let w3 = path[from * NODE_LIMBS + LIMBS + 3] as number;
  for (let depth = from; depth < to; depth += 1) {
    const below = bits - depth - 1;
    const r0 = TWICE_RESERVE[below * LIMBS] as number;
    const r1 = TWICE_RESERVE[below * LIMBS + 1] as number;
    const r2 = TWICE_RESERVE[below * LIMBS + 2] as number;
    // t = w - 2*res, whose lowest limb is that of w.
    const t2 = (w2 - r2) | 0;
    const t1 = (w1 - r1 - borrow(w2, r2, t2)) | 0;
    const t0 = (w0 - r0 - borrow(w1, r1, t1)) | 0;
    // t * fraction / 2^32: each limb gives the upper half of a product, and the lower half to the limb
    // below; that of the lowest limb is what the division drops.
    const fraction = fractions[depth] as number;
    const upper1 = productHigh(t1, fraction);
    const upper2 = productHigh(t2, fraction);
    const upper3 = productHigh(w3, fraction);
    const lower1 = Math.imul(t0, fraction);
    const lower2 = Math.imul(t1, fraction);
    const lower3 = Math.imul(t2, fraction);
    // Their sum, plus res, whose limbs are those of 2*res shifted down by a bit.
    const res1 = (r0 << 31) | (r1 >>> 1);
    const res2 = (r1 << 31) | (r2 >>> 1);
    const cut3 = (upper3 + lower3) | 0;
    const sum2 = (upper2 + lower2 + carry(upper3, lower3, cut3)) | 0;
    const cut2 = (sum2 + res2) | 0;
    const sum1 = (upper1 + lower1 + carry(upper2, lower2, sum2)) | 0;
    const cut1 = (sum1 + res1 + carry(sum2, res2, cut2)) | 0;
    const over = carry(upper1, lower1, sum1) + carry(sum1, res1, cut1);
    const cut0 = (productHigh(t0, fraction) + over) | 0;
    if (goesRight(code, below)) {
      const l3 = (low3 + cut3) | 0;
      const l2 = (low2 + cut2 + carry(low3, cut3, l3)) | 0;
      const l1 = (low1 + cut1 + carry(low2, cut2, l2)) | 0;
      low0 = (low0 + cut0 + carry(low1, cut1, l1)) | 0;
      low1 = l1;
      low2 = l2;
      low3 = l3;
      const rest3 = (w3 - cut3) | 0;
      const rest2 = (w2 - cut2 - borrow(w3, cut3, rest3)) | 0;
      const rest1 = (w1 - cut1 - borrow(w2, cut2, rest2)) | 0;
      w0 = (w0 - cut0 - borrow(w1, cut1, rest1)) | 0;
      w1 = rest1;
      w2 = rest2;
      w3 = rest3;
    } else {
      w0 = cut0;
      w1 = cut1;
      w2 = cut2;
      w3 = cut3;
    }
    const child = (depth + 1) * NODE_LIMBS;
    writeLimbs(path, child, low0, low1, low2, low3);
    writeLimbs(path, child + LIMBS, w0, w1, w2, w3);
  }
}

/** Whether a code goes right at a node with so many levels below its children. */
function goesRight(code: number, below: number): boolean {
  const bit = below < 32 ? code >>> below : (code / 2 ** 32) >>> (below - 32);
  return (bit & 1) === 1;
}

/** The upper half of the 64-bit product of two limbs, by halves of 16 bits. */
function productHigh(a: number, b: number): number {
  const lowLow = Math.imul(a & 0xffff, b & 0xffff);
  const lowHigh = Math.imul(a & 0xffff, b >>> 16);
  const highLow = Math.imul(a >>> 16, b & 0xffff);
  const highHigh = Math.imul(a >>> 16, b >>> 16);
  const middle = (lowLow >>> 16) + (lowHigh & 0xffff) + (highLow & 0xffff);
  return (highHigh + (lowHigh >>> 16) + (highLow >>> 16) + (middle >>> 16)) | 0;
}

/** The carry out of a limb of `sum = a + b + carry`: its highest bits tell. */
function carry(a: number, b: number, sum: number): number {
  return ((a & b) | ((a | b) & ~sum)) >>> 31;
}

/** The borrow out of a limb of `difference = a - b - borrow`. */
function borrow(a: number, b: number, difference: number): number {
  return ((~a & b) | (~(a ^ b) & difference)) >>> 31;
}

function writeLimbs(
  numbers: Int32Array,
  at: number,
  limb0: number,
  limb1: number,
  limb2: number,
  limb3: number,
): void {
  numbers[at] = limb0;
  numbers[at + 1] = limb1;
  numbers[at + 2] = limb2;
  numbers[at + 3] = limb3;
}

/** Write the sum of two numbers, which may take the place of either. */
export function writeSum(
  as: Int32Array,
  a: number,
  bs: Int32Array,
  b: number,
  out: Int32Array,
  sum: number,
): void {
  const a1 = as[a + 1] as number;
  const a2 = as[a + 2] as number;
  const a3 = as[a + 3] as number;
  const b1 = bs[b + 1] as number;
  const b2 = bs[b + 2] as number;
  const b3 = bs[b + 3] as number;
  const s3 = (a3 + b3) | 0;
  const s2 = (a2 + b2 + carry(a3, b3, s3)) | 0;
  const s1 = (a1 + b1 + carry(a2, b2, s2)) | 0;
  const s0 = ((as[a] as number) + (bs[b] as number) + carry(a1, b1, s1)) | 0;
  writeLimbs(out, sum, s0, s1, s2, s3);
}

/** Write a - b, which may take the place of either. */
export function writeDifference(
  numbers: Int32Array,
  a: number,
  b: number,
  difference: number,
): void {
  const a1 = numbers[a + 1] as number;
  const a2 = numbers[a + 2] as number;
  const a3 = numbers[a + 3] as number;
  const b1 = numbers[b + 1] as number;
  const b2 = numbers[b + 2] as number;
  const b3 = numbers[b + 3] as number;
  const d3 = (a3 - b3) | 0;
  const d2 = (a2 - b2 - borrow(a3, b3, d3)) | 0;
  const d1 = (a1 - b1 - borrow(a2, b2, d2)) | 0;
  const d0 = ((numbers[a] as number) - (numbers[b] as number) - borrow(a1, b1, d1)) | 0;
  writeLimbs(numbers, difference, d0, d1, d2, d3);
}

/** Whether a < b, as unsigned integers. */
export function isBelow(as: Int32Array, a: number, bs: Int32Array, b: number): boolean {
  for (let limb = 0; limb < LIMBS; limb += 1) {
    const x = (as[a + limb] as number) >>> 0;
    const y = (bs[b + limb] as number) >>> 0;
    if (x !== y) return x < y;
  }
  return false;
}
