import { toHex } from "@salus/base";
import { evaluateSealed, evaluateSealedBound, type SealedBounds } from "@salus/evaluate";
import { LeftHalf, RightHalf } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockCipher } from "../src/cipher.ts";
import { derive, Key, SealedColumn, sealedColumn } from "../src/index.ts";
import { rightHalves } from "../src/sealed-right.ts";
import { chiSquare, chiSquareLimit, seeded } from "./seeded.ts";

// Goal: evaluating a sealed column without a key gives what comparing the values gives; and a column at
// rest looks random, whatever it holds.
// Method: every bound against every value of 8 bits, then random columns and ranges up to 48 bits
// against a plain comparison; statistics with fixed seeds. Bytes are checked in vectors.test.ts.

const cell = (seed: number): Key<"cell-index"> =>
  new Key("cell-index", new Uint8Array(32).fill(seed));
const columnOf = (bits: number, seed = 1): SealedColumn =>
  sealedColumn(cell(seed), "Observation.value", bits).column;

const bits = fc.constantFrom(8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48);
const valuesAndRange = fc
  .record({ bits, picks: fc.array(fc.nat(2 ** 31), { minLength: 3, maxLength: 60 }) })
  .map(({ bits, picks }) => {
    const [a = 1, b = 1, ...values] = picks.map((pick) => valueNear(pick, bits));
    return { bits, values: [a, b, ...values], from: Math.min(a, b), to: Math.max(a, b) };
  });

describe("a range", () => {
  it("holds exactly the values that a plain comparison says", () => {
    fc.assert(
      fc.property(valuesAndRange, ({ bits, values, from, to }) => {
        const column = columnOf(bits);
        const inside = evaluate(bits, encrypt(column, values), boundsOf(column, from, to));
        expect(inside).toEqual(values.map((value) => (from <= value && value <= to ? 1 : 0)));
      }),
    );
  });

  it("may be the whole domain, or one value", () => {
    for (const size of [8, 16, 48]) {
      const column = columnOf(size);
      const top = 2 ** size - 1;
      const values = [1, 2, 3, top - 1, top];
      const rows = encrypt(column, values);
      expect(evaluate(size, rows, boundsOf(column, 1, top))).toEqual([1, 1, 1, 1, 1]);
      expect(evaluate(size, rows, boundsOf(column, 2, 2))).toEqual([0, 1, 0, 0, 0]);
      expect(evaluate(size, rows, boundsOf(column, top, top))).toEqual([0, 0, 0, 0, 1]);
    }
  });

  it("is right across the chunks that a long column is taken in", () => {
    const column = columnOf(16);
    const values = Array.from({ length: 10_000 }, (_, at) => 1 + ((at * 7919) % 65_535));
    const inside = evaluate(16, encrypt(column, values), boundsOf(column, 20_000, 20_999));
    expect(inside).toEqual(values.map((value) => (value >= 20_000 && value <= 20_999 ? 1 : 0)));
  });
});

describe("a bound", () => {
  it("compares rightly with every value of 8 bits", () => {
    const column = columnOf(8);
    const values = Array.from({ length: 255 }, (_, at) => at + 1);
    const rows = encrypt(column, values);
    for (let bound = 0; bound < 255; bound += 1) {
      const { below } = boundsOf(column, bound + 1, 255);
      const result = evaluateSealedBound(8, rows, below);
      expect(Array.from(ok(result))).toEqual(values.map((value) => (value > bound ? 1 : 0)));
    }
  });

  it("compares rightly with every value of 12 bits that differs from it in one block", () => {
    const column = columnOf(12);
    for (const bound of [0x001, 0x7f8, 0xabc, 0xffe]) {
      const values = [0, 4, 8].flatMap((shift) =>
        Array.from({ length: 16 }, (_, z) => (bound & ~(15 << shift)) | (z << shift)),
      );
      const positive = values.filter((value) => value > 0);
      const { below } = boundsOf(column, bound + 1, 0xfff);
      const result = evaluateSealedBound(12, encrypt(column, positive), below);
      expect(Array.from(ok(result))).toEqual(positive.map((value) => (value > bound ? 1 : 0)));
    }
  });

  it("under another key says nothing", () => {
    const values = Array.from({ length: 400 }, (_, at) => 1 + at * 100);
    const rows = encrypt(columnOf(16, 1), values);
    const inside = evaluate(16, rows, boundsOf(columnOf(16, 2), 10_000, 30_000));
    const right = inside.filter((flag, at) => {
      const value = values[at] as number;
      return flag === (value >= 10_000 && value <= 30_000 ? 1 : 0);
    });
    expect(right.length).toBeLessThan(350);
  });

  it("shows the blocks that it shares with another bound, and no more", () => {
    const column = columnOf(16);
    const [first, second] = [0x1234, 0x1299].map(
      (bound) => toHex(boundsOf(column, bound + 1, 65_535).below).match(/.{34}/g) ?? [],
    );
    const shared = first?.map((block, at) => block === second?.[at]);
    expect(shared).toEqual([true, true, false, false]);
  });
});

describe("right halves", () => {
  it("are the same one by one and in a batch, in any order", () => {
    fc.assert(
      fc.property(valuesAndRange, ({ bits, values }) => {
        const { shape, ciphers } = parts(bits);
        const batch = rightHalves(shape, ciphers, values, seeded("batch"));
        const random = seeded("batch");
        const single = values.map((value) => toHex(rightHalves(shape, ciphers, [value], random)));
        expect(toHex(batch)).toBe(single.join(""));
      }),
    );
  });

  it("of one value never repeat", () => {
    const column = columnOf(16);
    const rows = encrypt(column, new Array<number>(2000).fill(4711));
    const halves = toHex(rows).match(/.{60}/g) ?? [];
    expect(new Set(halves).size).toBe(2000);
    expect(new Set(halves.map((half) => half.slice(0, 32))).size).toBe(2000);
  });

  // 20,000 entries, each column of bytes against 256 equally likely bytes. Alpha is 0.001 for all 30, 48
  // or 62 columns together: z is the normal quantile of 0.001 / 62.
  it.each([
    [8, "one value", () => 77],
    [16, "one value", () => 4711],
    [16, "ascending values", (at: number) => 1 + at],
    [48, "values of two kinds", (at: number) => (at % 2 === 0 ? 1 : 2 ** 48 - 1)],
  ])("of %i bits look random byte by byte: %s", (bits, _, valueAt) => {
    const { shape, ciphers } = parts(bits);
    const values = Array.from({ length: 20_000 }, (_, at) => valueAt(at));
    const rows = rightHalves(shape, ciphers, values, seeded("columns"));
    for (let byte = 0; byte < shape.rightBytes; byte += 1) {
      const counts = new Uint32Array(256);
      for (let at = byte; at < rows.length; at += shape.rightBytes) {
        counts[rows[at] as number] = (counts[rows[at] as number] as number) + 1;
      }
      expect(chiSquare(counts), `byte ${byte}`).toBeLessThan(chiSquareLimit(256, 4.17));
    }
  });

  it("do not show by their bits which of two values they hold: alpha 0.001", () => {
    const { shape, ciphers } = parts(16);
    const count = 10_000;
    const random = seeded("two values");
    const ones = [0x1111, 0xeeee].map((value) => {
      const rows = rightHalves(shape, ciphers, new Array<number>(count).fill(value), random);
      return bitCounts(rows, shape.rightBytes);
    });
    // The difference of two binomial counts; z is the two-sided quantile of 0.001 / 240 bits.
    const deviation = Math.sqrt(count / 2);
    for (let bit = 0; bit < 8 * shape.rightBytes; bit += 1) {
      const difference = (ones[0]?.[bit] ?? 0) - (ones[1]?.[bit] ?? 0);
      expect(Math.abs(difference) / deviation, `bit ${bit}`).toBeLessThan(4.61);
    }
  });
});

describe("composite values", () => {
  const sizes = { codeBits: 16, valueBits: 16 };
  const column = columnOf(32);
  const compositeOf = (code: string, value: number): number =>
    ok(column.compositeCode(code, value, sizes));

  it("are found by a range of their code's values, and not by another code's", () => {
    const values = [
      compositeOf("http://loinc.org|8480-6", 120),
      compositeOf("http://loinc.org|8480-6", 150),
      compositeOf("http://loinc.org|8462-4", 150),
    ];
    const bounds = boundsOf(
      column,
      compositeOf("http://loinc.org|8480-6", 140),
      compositeOf("http://loinc.org|8480-6", 180),
    );
    expect(evaluate(32, encrypt(column, values), bounds)).toEqual([0, 1, 0]);
  });

  it("are numbered by the column's key", () => {
    const other = columnOf(32, 2).compositeCode("http://loinc.org|8480-6", 120, sizes);
    expect(other).not.toEqual({ ok: true, value: compositeOf("http://loinc.org|8480-6", 120) });
  });
});

describe("a column", () => {
  it("has another name for every width, attribute and cell", () => {
    const handles = [
      sealedColumn(cell(1), "a", 8),
      sealedColumn(cell(1), "a", 16),
      sealedColumn(cell(1), "b", 8),
      sealedColumn(cell(2), "a", 8),
    ].map(({ handle }) => toHex(handle));
    expect(new Set(handles).size).toBe(4);
    expect(toHex(sealedColumn(cell(1), "a", 8).handle)).toBe(handles[0]);
  });
});

describe("misuse", () => {
  const column = columnOf(16);
  const refused = { ok: false, error: { kind: "out-of-domain" } };

  it.each([0, 65_536, -1, 1.5, Number.NaN])("has no half for %d", (value) => {
    expect(column.encrypt(value)).toEqual(refused);
    expect(column.encryptMany([1, value])).toEqual(refused);
    expect(column.bounds(value, 65_535)).toEqual(refused);
    expect(column.bounds(1, value)).toEqual(refused);
  });

  it("has no bounds for an empty range", () => {
    expect(column.bounds(8, 7)).toEqual(refused);
  });

  it.each([0, 4, 9, 14, 52])("has no column of %i bits", (size) => {
    expect(() => columnOf(size)).toThrow("steps of 4");
  });

  it("does not compile with a key for another purpose, or with bytes that are no half", () => {
    const mask = derive(cell(1), "sealed-mask", "a", 8);
    // @ts-expect-error a mask key is not a permutation key
    void (() => new SealedColumn({ mask, permutation: mask }, 8));
    // @ts-expect-error a right half is not a left half
    const bounds = (half: RightHalf): SealedBounds => ({ below: half, greatest: half });
    void bounds;
    // @ts-expect-error a left half is more than bytes
    void (() => evaluateSealedBound(8, new Uint8Array(48), new Uint8Array(17)));
  });

  it("takes the lengths of halves from their widths", () => {
    for (const size of [8, 12, 16, 48]) {
      const { shape } = columnOf(size);
      expect(RightHalf.parse(new Uint8Array(shape.rightBytes)).ok).toBe(true);
      expect(RightHalf.parse(new Uint8Array(shape.rightBytes + 1)).ok).toBe(false);
      expect(LeftHalf.parse(new Uint8Array(shape.leftBytes)).ok).toBe(true);
      expect(LeftHalf.parse(new Uint8Array(shape.leftBytes - 1)).ok).toBe(false);
    }
  });
});

/** A value near an end or a power of two for even picks, where mistakes live, and anywhere for odd ones. */
function valueNear(pick: number, size: number): number {
  const top = 2 ** size - 1;
  const edge = 2 ** (pick % (size + 1)) + (pick % 5) - 2;
  const value = pick % 2 === 0 ? edge : Math.floor((pick / 2 ** 31) * top);
  return Math.min(Math.max(value, 1), top);
}

function parts(size: number): {
  shape: SealedColumn["shape"];
  ciphers: Parameters<typeof rightHalves>[1];
} {
  const mask = blockCipher(derive(cell(1), "sealed-mask", "a", size));
  const permutation = blockCipher(derive(cell(1), "sealed-perm", "a", size));
  return { shape: columnOf(size).shape, ciphers: { mask, permutation } };
}

function bitCounts(rows: Uint8Array, width: number): Uint32Array {
  const counts = new Uint32Array(8 * width);
  for (const [at, byte] of rows.entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      const index = 8 * (at % width) + bit;
      counts[index] = (counts[index] as number) + ((byte >>> (7 - bit)) & 1);
    }
  }
  return counts;
}

function encrypt(column: SealedColumn, values: readonly number[]): Uint8Array {
  return ok(column.encryptMany(values));
}

function boundsOf(column: SealedColumn, from: number, to: number): SealedBounds {
  return ok(column.bounds(from, to));
}

function evaluate(size: number, rows: Uint8Array, bounds: SealedBounds): number[] {
  return Array.from(ok(evaluateSealed(size, rows, bounds)));
}

function ok<T>(
  result: { ok: true; value: T } | { ok: false; error: { readonly kind: string } },
): T {
  if (!result.ok) throw new Error(result.error.kind);
  return result.value;
}
