import { toHex } from "@salus/base";
import { Term } from "@salus/protocol";
import vectors from "../../../../vectors/ordered-index-v1.json" with { type: "json" };
import { orderedContext } from "../../src/handles.ts";
import { derive, Key, type MapShape, OrderedMap, Prior } from "../../src/index.ts";
import { drawTerms } from "../../src/ordered-terms.ts";
import { Tree } from "../../src/ordered-tree.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";
import { playback } from "./playback.ts";

type Vector = (typeof vectors.valid)[number];

const scope = new Key("scope-index", hex(vectors.scopeIndexKey));

export const orderedChecks: readonly Check[] = group("ordered-index-v1", [
  ...vectors.valid.flatMap(mapChecks),
  ...vectors.composites.map((vector) => ({
    name: `${vector.comment}: ${vector.systemCode}, ${vector.value}`,
    run(): void {
      const { numberBits: codeBits, valueBits } = vector;
      const shape = { bits: codeBits + valueBits, profile: "private" } as const;
      const map = new OrderedMap(new Key("ordered-map", hex(vector.mapKey)), shape);
      const composite = { codeBits, valueBits };
      same(must(map.compositeCode(vector.systemCode, vector.value, composite)), vector.composite);
    },
  })),
  ...vectors.invalid.map((vector) => ({
    name: `refused, ${vector.comment}`,
    run: () => same(refusal(vector), vector.error),
  })),
]);

/** What one map does: its key, its intervals, and what comes of given draws. */
function mapChecks(vector: Vector): readonly Check[] {
  const shape = shapeOf(vector);
  const key = derive(scope, "ordered-map", ...contextOf(vector, shape));
  const prior = shape.profile === "flat" ? shape.prior : undefined;
  const tree = new Tree(key, { bits: shape.bits, prior });
  const map = new OrderedMap(key, shape);
  const check = (name: string, run: () => void): Check => ({
    name: `${vector.comment}: ${name}`,
    run,
  });
  return [
    check("key and digest", () => {
      same(toHex(Key.reveal(key)), vector.mapKey);
      same(prior?.digest ?? null, vector.priorDigest ?? null);
    }),
    check("intervals", () => {
      const codes = vector.intervals.map(({ code }) => code);
      const found: unknown[] = [];
      tree.visitLeaves(codes, (position, path, leaf) => {
        found[position] = {
          code: codes[position],
          lo: limbs(path, leaf),
          width: limbs(path, leaf + 4),
        };
      });
      same(found, vector.intervals);
    }),
    check("decryption at the ends of intervals, and just below them", () => {
      for (const { code, lo, width } of vector.intervals) {
        const low = BigInt(`0x${lo}`);
        same(map.decrypt(point(low)), code);
        same(map.decrypt(point(low + BigInt(`0x${width}`) - 1n)), code);
        if (low > 0n) same(map.decrypt(point(low - 1n)), code - 1);
      }
    }),
    check("encryption", () => {
      for (const { comment, code, randomness, term } of vector.encryptions) {
        const random = playback([randomness]);
        same(drawTerms(tree, [code], random), term, comment);
        same(random.left, 0, `what is left of the draws of ${comment}`);
      }
    }),
    check("probes", () => {
      for (const { low, high, randomness, probes } of vector.ranges) {
        same(drawTerms(tree, [low - 1, high + 1], playback(randomness)), probes.join(""));
        const fresh = must(map.probes(low, high));
        same([map.decrypt(fresh.low), map.decrypt(fresh.high)], [low - 1, high + 1]);
      }
    }),
  ];
}

function refusal(vector: (typeof vectors.invalid)[number]): string {
  const { bits = 24, code, low, high, value, valueBits } = vector;
  const map = new OrderedMap(new Key("ordered-map", new Uint8Array(32)), {
    bits,
    profile: "private",
  });
  if (code !== undefined) return outcome(map.encrypt(code));
  if (low !== undefined) return outcome(map.probes(low, high));
  const shape = { codeBits: bits - valueBits, valueBits };
  return outcome(map.compositeCode("http://loinc.org|8480-6", value, shape));
}

function shapeOf({ bits, prior }: Vector): MapShape {
  if (prior === undefined) return { bits, profile: "private" };
  return { bits, profile: "flat", prior: new Prior(prior) };
}

function contextOf(
  { attribute, bits }: Vector,
  shape: MapShape,
): ReturnType<typeof orderedContext> {
  const { profile } = shape;
  return orderedContext(
    shape.profile === "flat"
      ? { attribute, profile, bits, priorDigest: shape.prior.digest }
      : { attribute, profile, bits },
  );
}

function limbs(path: Int32Array, at: number): string {
  const words = Array.from(path.subarray(at, at + 4), (limb) => limb >>> 0);
  return words.map((word) => word.toString(16).padStart(8, "0")).join("");
}

function point(value: bigint): Term {
  return Term.of(hex(value.toString(16).padStart(32, "0")));
}
