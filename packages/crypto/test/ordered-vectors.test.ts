import { toHex } from "@salus/base";
import { Term } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/ordered-index-v1.json" with { type: "json" };
import { orderedContext } from "../src/handles.ts";
import { derive, Key, type MapShape, OrderedMap, Prior } from "../src/index.ts";
import { drawTerms } from "../src/ordered-terms.ts";
import { Tree } from "../src/ordered-tree.ts";
import { bytes, playback } from "./vector-bytes.ts";

// Goal: intervals, terms, probes and composite codes are byte for byte what spec/ordered-index.md says.
// Method: vectors of an implementation that shares no code with ours, with its random draws played back.

const scope = new Key("scope-index", bytes(vectors.scopeIndexKey));

describe.each(vectors.valid)("$comment", (vector) => {
  const shape = shapeOf(vector);
  const key = derive(scope, "ordered-map", ...contextOf(vector, shape));
  const tree = new Tree(key, {
    bits: shape.bits,
    prior: "prior" in shape ? shape.prior : undefined,
  });
  const map = new OrderedMap(key, shape);

  it("has the key of its context", () => {
    expect(toHex(Key.reveal(key))).toBe(vector.mapKey);
    if ("prior" in shape) expect(toHex(shape.prior.digest)).toBe(vector.priorDigest);
  });

  it("has the intervals", () => {
    const codes = vector.intervals.map((interval) => interval.code);
    const found: unknown[] = [];
    tree.visitLeaves(codes, (position, path, leaf) => {
      found[position] = { lo: hex(path, leaf), width: hex(path, leaf + 4) };
    });
    expect(found).toEqual(vector.intervals.map(({ lo, width }) => ({ lo, width })));
  });

  it("decrypts the ends of each interval to its code, and not the points outside", () => {
    for (const { code, lo, width } of vector.intervals) {
      const low = BigInt(`0x${lo}`);
      const end = low + BigInt(`0x${width}`);
      expect(map.decrypt(point(low))).toBe(code);
      expect(map.decrypt(point(end - 1n))).toBe(code);
      if (low > 0n) expect(map.decrypt(point(low - 1n))).toBe(code - 1);
    }
  });

  it("encrypts with the draws given", () => {
    for (const { comment, code, randomness, term } of vector.encryptions) {
      const random = playback([randomness].flat());
      expect(toHex(drawTerms(tree, [code], random.stream)), comment).toBe(term);
      expect(random.left(), comment).toBe(0);
    }
  });

  it("probes just outside a range", () => {
    for (const range of vector.ranges) {
      const random = playback(range.randomness);
      const codes = [range.low - 1, range.high + 1];
      const terms = toHex(drawTerms(tree, codes, random.stream));
      expect([terms.slice(0, 32), terms.slice(32)]).toEqual(range.probes);
      const probes = map.probes(range.low, range.high);
      if (!probes.ok) throw new Error(probes.error.kind);
      expect(map.decrypt(probes.value.low)).toBe(range.low - 1);
      expect(map.decrypt(probes.value.high)).toBe(range.high + 1);
    }
  });
});

describe("composite codes", () => {
  it.each(vectors.composites)("$comment: $systemCode, $value", (vector) => {
    const key = new Key("ordered-map", bytes(vector.mapKey));
    const codeBits = vector.numberBits;
    const { valueBits } = vector;
    const map = new OrderedMap(key, { bits: codeBits + valueBits, profile: "private" });
    expect(map.compositeCode(vector.systemCode, vector.value, { codeBits, valueBits })).toEqual({
      ok: true,
      value: vector.composite,
    });
  });
});

describe("what is refused", () => {
  const key = new Key("ordered-map", new Uint8Array(32));

  it.each(vectors.invalid)("$comment", (vector) => {
    const bits = "bits" in vector ? (vector.bits as number) : 24;
    const map = new OrderedMap(key, { bits, profile: "private" });
    expect(attempt(map, vector)).toMatchObject({ ok: false, error: { kind: vector.error } });
  });

  function attempt(map: OrderedMap, vector: (typeof vectors.invalid)[number]): unknown {
    if (vector.code !== undefined) return map.encrypt(vector.code);
    if (vector.low !== undefined) return map.probes(vector.low, vector.high as number);
    const valueBits = vector.valueBits as number;
    const shape = { codeBits: map.shape.bits - valueBits, valueBits };
    return map.compositeCode("http://loinc.org|8480-6", vector.value as number, shape);
  }
});

type Vector = (typeof vectors.valid)[number];

function shapeOf(vector: Vector): MapShape {
  const { bits } = vector;
  if (vector.prior === undefined) return { bits, profile: "private" };
  return { bits, profile: "flat", prior: new Prior(vector.prior) };
}

function contextOf(vector: Vector, shape: MapShape): ReturnType<typeof orderedContext> {
  const { attribute, bits } = vector;
  const { profile } = shape;
  return orderedContext(
    shape.profile === "flat"
      ? { attribute, profile, bits, priorDigest: shape.prior.digest }
      : { attribute, profile, bits },
  );
}

function hex(limbs: Int32Array, at: number): string {
  const words = Array.from(limbs.subarray(at, at + 4), (limb) => limb >>> 0);
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}

function point(value: bigint): Term {
  return Term.of(bytes(value.toString(16).padStart(32, "0")));
}
