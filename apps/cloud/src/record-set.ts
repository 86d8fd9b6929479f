import { assert } from "@salus/base";

/** Bits of each of the values 0 … 255. */
const BITS: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => {
  let count = 0;
  for (let rest = value; rest > 0; rest >>= 1) count += rest & 1;
  return count;
});

/**
 * A set of records of one vault, by their numbers: one bit each.
 *
 * Numbers are given out without gaps, so that a set of a hundred thousand records is twelve
 * kilobytes, and joining two sets is a pass over those.
 */
export class RecordSet {
  readonly #bits: Uint8Array;

  /** Takes:   `last`, the greatest number that a member may have. */
  constructor(last: number) {
    this.#bits = new Uint8Array((last >> 3) + 1);
  }

  static of(last: number, records: Iterable<number>): RecordSet {
    const set = new RecordSet(last);
    set.addAll(records);
    return set;
  }

  add(record: number): void {
    const at = record >> 3;
    assert(record > 0 && at < this.#bits.length, "a record's number is one of the vault's");
    this.#bits[at] = (this.#bits[at] as number) | (1 << (record & 7));
  }

  addAll(records: Iterable<number>): void {
    for (const record of records) this.add(record);
  }

  has(record: number): boolean {
    return (((this.#bits[record >> 3] ?? 0) >> (record & 7)) & 1) === 1;
  }

  get size(): number {
    let count = 0;
    for (const byte of this.#bits) count += BITS[byte] as number;
    return count;
  }

  get isEmpty(): boolean {
    return this.#bits.every((byte) => byte === 0);
  }

  /** Keep what is in both. */
  intersect(other: RecordSet): void {
    for (let at = 0; at < this.#bits.length; at += 1) {
      this.#bits[at] = (this.#bits[at] as number) & (other.#bits[at] ?? 0);
    }
  }

  /** Add what is in the other, whose numbers are no greater. */
  unite(other: RecordSet): void {
    assert(other.#bits.length <= this.#bits.length, "a set is united with one that fits");
    for (let at = 0; at < other.#bits.length; at += 1) {
      this.#bits[at] = (this.#bits[at] as number) | (other.#bits[at] as number);
    }
  }

  /** Take away what is in the other. */
  subtract(other: RecordSet): void {
    for (let at = 0; at < this.#bits.length; at += 1) {
      this.#bits[at] = (this.#bits[at] as number) & ~(other.#bits[at] ?? 0);
    }
  }

  /** The members above a number, ascending, at most so many. */
  after(record: number, count: number): number[] {
    const found: number[] = [];
    for (let at = (record + 1) >> 3; at < this.#bits.length && found.length < count; at += 1) {
      const byte = this.#bits[at] as number;
      if (byte === 0) continue;
      for (let bit = 0; bit < 8 && found.length < count; bit += 1) {
        const member = (at << 3) | bit;
        if (member > record && ((byte >> bit) & 1) === 1) found.push(member);
      }
    }
    return found;
  }

  copy(): RecordSet {
    const copy = new RecordSet(this.#bits.length * 8 - 1);
    copy.#bits.set(this.#bits);
    return copy;
  }
}
