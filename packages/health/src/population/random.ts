import { assert } from "@salus/base";

/**
 * A stream of numbers that a seed and a path of numbers decide, so that any patient's history can
 * be made by itself, in any order, any number of times. For synthetic data only: not for keys.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number, ...path: readonly number[]) {
    let state = 0x9e3779b9;
    for (const part of [seed, ...path]) {
      assert(Number.isSafeInteger(part) && part >= 0, "a seed is a natural number");
      state = mix(state ^ mix((part % 2 ** 32) >>> 0) ^ Math.floor(part / 2 ** 32));
    }
    this.#a = mix(state + 1);
    this.#b = mix(state + 2);
    this.#c = mix(state + 3);
    this.#d = mix(state + 4) | 1;
  }

  /** Uniform in [0, 1). The generator is sfc32 (C. Doty-Humphrey, PractRand). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  /** An integer, both ends included. */
  integer(least: number, greatest: number): number {
    return least + Math.floor(this.next() * (greatest - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    assert(items.length > 0, "one of nothing cannot be picked");
    return items[Math.floor(this.next() * items.length)] as Item;
  }

  /** Normal by the sum of uniforms: tails end at four deviations, as plausible values do. */
  normal(mean: number, deviation: number): number {
    let sum = -6;
    for (let count = 0; count < 12; count += 1) sum += this.next();
    return mean + deviation * Math.max(-4, Math.min(4, sum));
  }
}

/** A permutation of 32-bit integers in which every bit depends on every other (murmur3's end). */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
