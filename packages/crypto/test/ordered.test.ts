import { compareBytes, toHex } from "@salus/base";
import { Term } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derive, Key, type MapShape, OrderedMap, orderedColumn, Prior } from "../src/index.ts";
import { drawTerms } from "../src/ordered-terms.ts";
import { Tree } from "../src/ordered-tree.ts";
import { integer, leavesOf } from "./leaves.ts";
import { chiSquare, chiSquareLimit, seeded } from "./seeded.ts";

// Goal: terms sort as their codes do, whatever was drawn; equal codes cannot be seen to be equal; and
// nothing but a code of the map is ever encrypted.
// Method: every pair in small domains, then random maps up to 48 bits; statistics with fixed seeds. The
// intervals have a test of their own; bytes are checked against vectors in vectors.test.ts.

const mapKey = (seed: number): Key<"ordered-map"> =>
  new Key("ordered-map", new Uint8Array(32).fill(seed));

const bits = fc.integer({ min: 2, max: 48 });
const weights = fc.array(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 4, maxLength: 4 });
const shape: fc.Arbitrary<MapShape> = fc.oneof(
  bits.map((count) => ({ bits: count, profile: "private" }) as const),
  fc
    .tuple(bits, weights)
    .map(([count, list]) => ({ bits: count, profile: "flat", prior: new Prior(list) }) as const),
);
const mapWithCodes = fc
  .record({ shape, seed: fc.nat(255), picks: fc.array(fc.nat(2 ** 31), { minLength: 2 }) })
  .map(({ shape, seed, picks }) => ({
    map: new OrderedMap(mapKey(seed), shape),
    codes: picks.map((pick) => codeNear(pick, shape.bits)),
  }));

describe("order", () => {
  it.each([1, 2, 3, 4, 5, 6, 7])(
    "holds for every pair of codes of %i bits, sentinels too",
    (size) => {
      for (const prior of [undefined, new Prior([1]), new Prior([1, 2 ** 32 - 1])]) {
        const tree = new Tree(mapKey(size), { bits: size, prior });
        const codes = Array.from({ length: 2 ** size }, (_, code) => code);
        const repeated = codes.flatMap((code) => Array.from({ length: 8 }, () => code));
        const terms = split(drawTerms(tree, repeated, seeded("every pair")));
        // Each run of eight lies above the one before, and so above all before it.
        for (let at = 8; at < terms.length; at += 8) {
          const before = terms.slice(at - 8, at).toSorted(compareBytes);
          const here = terms.slice(at, at + 8).toSorted(compareBytes);
          expect(compareBytes(before[7] as Term, here[0] as Term)).toBeLessThan(0);
        }
      }
    },
  );

  it("holds for random codes of maps up to 48 bits", () => {
    fc.assert(
      fc.property(mapWithCodes, ({ map, codes }) => {
        const terms = encryptAll(map, codes);
        for (const [at, code] of codes.entries()) {
          const next = (at + 1) % codes.length;
          const order = Math.sign(code - (codes[next] as number));
          const found = Math.sign(compareBytes(terms[at] as Term, terms[next] as Term));
          if (order !== 0) expect(found).toBe(order);
        }
      }),
    );
  });

  it("of bytes is that of unsigned integers", () => {
    fc.assert(
      fc.property(mapWithCodes, ({ map, codes }) => {
        const [a, b] = encryptAll(map, codes) as [Term, Term];
        const difference = integer(a) - integer(b);
        const sign = difference < 0n ? -1 : difference > 0n ? 1 : 0;
        expect(Math.sign(compareBytes(a, b))).toBe(sign);
      }),
    );
  });
});

describe("decryption", () => {
  it("gives back every code, in the order given", () => {
    fc.assert(
      fc.property(mapWithCodes, ({ map, codes }) => {
        expect(encryptAll(map, codes).map((term) => map.decrypt(term))).toEqual(codes);
      }),
    );
  });

  it("gives back every code of a map that has a table", () => {
    const codes = Array.from({ length: 1022 }, (_, at) => at + 1);
    const map = new OrderedMap(mapKey(1), { bits: 10, profile: "private" });
    expect(encryptAll(map, codes).map((term) => map.decrypt(term))).toEqual(codes);
  });

  it("under another key gives other codes", () => {
    const codes = Array.from({ length: 100 }, (_, at) => 20_000 + at);
    const map = new OrderedMap(mapKey(1), { bits: 16, profile: "private" });
    const other = new OrderedMap(mapKey(2), { bits: 16, profile: "private" });
    const found = encryptAll(map, codes).filter((term, at) => other.decrypt(term) === codes[at]);
    expect(found).toEqual([]);
  });
});

describe("probes", () => {
  it("lie strictly outside every term of their range, in the codes just outside", () => {
    fc.assert(
      fc.property(mapWithCodes, ({ map, codes }) => {
        const from = Math.min(...codes);
        const to = Math.max(...codes);
        const probes = map.probes(from, to);
        if (!probes.ok) throw new Error(probes.error.kind);
        const { low, high } = probes.value;
        expect(map.decrypt(low)).toBe(from - 1);
        expect(map.decrypt(high)).toBe(to + 1);
        for (const term of encryptAll(map, codes)) {
          expect(compareBytes(low, term)).toBeLessThan(0);
          expect(compareBytes(term, high)).toBeLessThan(0);
        }
      }),
    );
  });

  it("are fresh each time, and not the edges of intervals", () => {
    const map = new OrderedMap(mapKey(5), { bits: 8, profile: "private" });
    const sent = Array.from({ length: 200 }, () => {
      const probes = map.probes(100, 120);
      if (!probes.ok) throw new Error(probes.error.kind);
      return [toHex(probes.value.low), toHex(probes.value.high)];
    }).flat();
    expect(new Set(sent).size).toBe(400);
  });
});

describe("terms of one code", () => {
  // One code of a private map of 8 bits, 20,000 terms, 64 equal parts of its interval.
  const tree = new Tree(mapKey(6), { bits: 8, prior: undefined });
  const drawn = drawTerms(tree, new Array<number>(20_000).fill(77), seeded("leaf offsets"));
  const terms = split(drawn).map(integer);

  it("never repeat", () => {
    expect(new Set(terms).size).toBe(terms.length);
  });

  it("are uniform in its interval: chi-square, 64 bins, alpha 0.001", () => {
    const [leaf] = leavesOf(tree, [77]);
    const counts = new Array<number>(64).fill(0);
    for (const term of terms) {
      const bin = Number(((term - (leaf?.low ?? 0n)) * 64n) / (leaf?.width ?? 1n));
      counts[bin] = (counts[bin] as number) + 1;
    }
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(64, 3.09));
  });

  it("are in no order: as many rises as falls, z-test, alpha 0.001", () => {
    const rises = terms.filter((term, at) => at > 0 && term > (terms[at - 1] as bigint)).length;
    // The number of rises of a random sequence has the variance (n + 1) / 12.
    const deviation = Math.sqrt((terms.length + 1) / 12);
    expect(Math.abs(rises - (terms.length - 1) / 2) / deviation).toBeLessThan(3.29);
  });
});

describe("composite codes", () => {
  const composite = fc
    .record({
      codeBits: fc.integer({ min: 1, max: 24 }),
      valueBits: fc.integer({ min: 2, max: 24 }),
    })
    .map((sizes) => ({
      sizes,
      map: new OrderedMap(mapKey(8), {
        bits: sizes.codeBits + sizes.valueBits,
        profile: "private",
      }),
    }));

  it("keep a code's values together, in their order, and off the sentinels", () => {
    fc.assert(
      fc.property(composite, fc.string(), fc.nat(2 ** 24), ({ map, sizes }, code, pick) => {
        const top = 2 ** sizes.valueBits - 2;
        const codeOf = (value: number): number => {
          const found = map.compositeCode(code, value, sizes);
          if (!found.ok) throw new Error(found.error.kind);
          return found.value;
        };
        const value = 1 + (pick % top);
        expect(codeOf(value) - codeOf(1)).toBe(value - 1);
        expect(map.encrypt(codeOf(1)).ok).toBe(true);
        expect(map.encrypt(codeOf(top)).ok).toBe(true);
        // A range of one code is a range of the map.
        expect(map.probes(codeOf(1), codeOf(top)).ok).toBe(true);
      }),
    );
  });

  it("number codes by the map's key", () => {
    const sizes = { codeBits: 24, valueBits: 24 };
    const numbers = [1, 2].map((seed) => {
      const map = new OrderedMap(mapKey(seed), { bits: 48, profile: "private" });
      return map.compositeCode("http://loinc.org|8480-6", 1, sizes);
    });
    expect(numbers[0]).not.toEqual(numbers[1]);
  });
});

describe("a column", () => {
  const scope = new Key("scope-index", new Uint8Array(32).fill(9));
  const shapes: readonly MapShape[] = [
    { bits: 16, profile: "private" },
    { bits: 17, profile: "private" },
    { bits: 16, profile: "flat", prior: new Prior([1, 2]) },
    { bits: 16, profile: "flat", prior: new Prior([2, 1]) },
  ];

  it("has another name and another map for every shape, attribute and scope", () => {
    const other = new Key("scope-index", new Uint8Array(32).fill(10));
    const columns = [
      ...shapes.map((each) => orderedColumn(scope, "a", each)),
      orderedColumn(scope, "b", shapes[0] as MapShape),
      orderedColumn(other, "a", shapes[0] as MapShape),
    ];
    expect(new Set(columns.map(({ handle }) => toHex(handle))).size).toBe(columns.length);
    const term = Term.of(new Uint8Array(16).fill(0x55));
    expect(new Set(columns.map(({ map }) => map.decrypt(term))).size).toBe(columns.length);
  });

  it("is the same for whoever derives it again", () => {
    const [first, second] = [1, 2].map(() => orderedColumn(scope, "a", shapes[2] as MapShape));
    expect(first?.handle).toEqual(second?.handle);
    const terms = encryptAll(first?.map as OrderedMap, [1, 1000, 65_534]);
    expect(terms.map((term) => second?.map.decrypt(term))).toEqual([1, 1000, 65_534]);
  });
});

describe("misuse", () => {
  const map = new OrderedMap(mapKey(7), { bits: 8, profile: "private" });

  it.each([0, 255, 256, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "has no term for %d",
    (code) => {
      const refused = { ok: false, error: { kind: "out-of-domain" } };
      expect(map.encrypt(code)).toEqual(refused);
      expect(map.encryptMany([7, code])).toEqual(refused);
      expect(map.probes(code, 254)).toEqual(refused);
      expect(map.probes(1, code)).toEqual(refused);
      expect(map.compositeCode("c", code, { codeBits: 1, valueBits: 7 })).toEqual(refused);
    },
  );

  it("has no probes for an empty range", () => {
    expect(map.probes(7, 6)).toEqual({ ok: false, error: { kind: "out-of-domain" } });
  });

  it("takes an empty batch", () => {
    expect(map.encryptMany([])).toEqual({ ok: true, value: new Uint8Array(0) });
  });

  it.each([0, 49, 7.5])("has no map of %d bits", (size) => {
    expect(() => new OrderedMap(mapKey(1), { bits: size, profile: "private" })).toThrow("48 bits");
  });

  it.each([[[]], [[1, 2, 3]], [[0, 1]], [[1, 2 ** 32]], [[1, 1.5]]])(
    "has no prior of %j",
    (list) => {
      expect(() => new Prior(list)).toThrow("bug");
    },
  );

  it("does not compile with a key for another purpose, or with bytes that are no term", () => {
    const scope = new Key("scope-index", new Uint8Array(32));
    // @ts-expect-error a scope's key is not a map's
    void (() => new OrderedMap(scope, { bits: 8, profile: "private" }));
    // @ts-expect-error a flat map has a prior
    void (() => new OrderedMap(mapKey(1), { bits: 8, profile: "flat" }));
    // @ts-expect-error a term is more than sixteen bytes
    void (() => map.decrypt(new Uint8Array(16)));
    // @ts-expect-error a map key has no children
    void (() => derive(mapKey(1), "ordered-map", "a", "private", 8));
  });
});

/** Any code for small picks, and otherwise one near an end or a power of two, where mistakes live. */
function codeNear(pick: number, size: number): number {
  const top = 2 ** size - 2;
  const edge = 2 ** (pick % (size + 1)) + (pick % 5) - 2;
  const code = pick % 2 === 0 ? edge : Math.floor((pick / 2 ** 31) * top);
  return Math.min(Math.max(code, 1), top);
}

function encryptAll(map: OrderedMap, codes: readonly number[]): readonly Term[] {
  const terms = map.encryptMany(codes);
  if (!terms.ok) throw new Error(terms.error.kind);
  return split(terms.value);
}

function split(terms: Uint8Array): readonly Term[] {
  return Array.from({ length: terms.length / 16 }, (_, at) =>
    Term.of(terms.slice(16 * at, 16 * at + 16)),
  );
}
