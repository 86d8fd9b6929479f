import { ristretto255, ristretto255_oprf } from "@noble/curves/ed25519.js";
import { type Bytes, encodeTuple, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  Element,
  type Evaluated,
  type Evaluators,
  type Holder,
  type Identifier,
  IdentifierTag,
} from "@salus/protocol";
import { randomBytes } from "./random.ts";

/** Why what the holders answered gives no tag. Spec: discovery §2. */
export type EvaluationError =
  /** Fewer holders answered than the threshold. */
  | { readonly kind: "too-few-holders" }
  /** A holder did not use the share that its key belongs to. */
  | { readonly kind: "bad-proof"; readonly holder: number }
  /** The holders' keys do not combine to the public key. */
  | { readonly kind: "wrong-holders" };

/** What one holder answered. */
export interface HolderAnswer {
  /** The holder's. */
  readonly index: number;
  readonly evaluated: Evaluated;
}

interface Blind {
  readonly input: Bytes;
  readonly blind: Uint8Array;
}

const { voprf, oprf } = ristretto255_oprf;
const { Point } = ristretto255;
const { Fn } = Point;
type Point = InstanceType<typeof Point>;

/** Identifiers of which holders see nothing, and what it takes to finish what they answer. */
export class BlindedIdentifiers {
  /** What every holder is sent. */
  readonly elements: readonly Element[];
  readonly #blinds: readonly Blind[];

  /** Made by `blindIdentifiers`. */
  constructor(elements: readonly Element[], blinds: readonly Blind[]) {
    this.elements = elements;
    this.#blinds = blinds;
  }

  /**
   * Verify what holders answered, and combine it to tags, in the order of the identifiers.
   *
   * Takes:   `evaluators`, whose public key the caller has pinned; answers of at least as many
   *          different holders as the threshold says, of which the first so many are used.
   * Fails:   any `EvaluationError`.
   * Cost:    7 ms in Node for each holder, and 3 ms more for each further identifier.
   * Source:  RFC 9497 §2.2.2, §3.3.2; spec/discovery.md §2; vectors/discovery-v1.json.
   */
  finish(
    evaluators: Evaluators,
    answers: readonly HolderAnswer[],
  ): Result<readonly IdentifierTag[], EvaluationError> {
    const { threshold, holders } = evaluators;
    const used = answers.slice(0, threshold).map(({ index, evaluated }) => ({
      holder: holders.find((holder) => holder.index === index),
      evaluated,
    }));
    if (used.length < threshold) return fail({ kind: "too-few-holders" });
    const shares: Share[] = [];
    for (const { holder, evaluated } of used) {
      if (holder === undefined) return fail({ kind: "wrong-holders" });
      const share = this.#verify(holder, evaluated);
      if (share === undefined) return fail({ kind: "bad-proof", holder: holder.index });
      shares.push(share);
    }
    if (new Set(shares.map((share) => share.index)).size < threshold) {
      return fail({ kind: "too-few-holders" });
    }
    const key = combine(shares, (share) => share.key).toBytes();
    if (!equalBytes(key, evaluators.public)) return fail({ kind: "wrong-holders" });
    const tags = this.#blinds.map(({ input, blind }, at) => {
      const element = combine(shares, (share) => share.elements[at] as Point);
      return IdentifierTag.of(oprf.finalize(input, blind, element.toBytes()).slice(0, 32));
    });
    return ok(tags);
  }

  /** What a holder answered, as points, if its proof is good for its key. */
  #verify({ index, key }: Holder, evaluated: Evaluated): Share | undefined {
    if (evaluated.elements.length !== this.elements.length) return undefined;
    const items = this.#blinds.map(({ input, blind }, at) => ({
      input,
      blind,
      blinded: this.elements[at] as Element,
      evaluated: evaluated.elements[at] as Element,
    }));
    try {
      // Its outputs are of one share alone, and mean nothing unless there is only one.
      voprf.finalizeBatch(items, key, evaluated.proof);
      const elements = evaluated.elements.map((element) => Point.fromBytes(element));
      return { index, key: Point.fromBytes(key), elements };
    } catch {
      return undefined; // No point, the identity, or another proof: whichever, the holder is wrong.
    }
  }

  toJSON(): string {
    return "[blinded identifiers]";
  }
}

/**
 * What the oblivious function takes of an identifier.
 *
 * Source:  spec/discovery.md §2; vectors/discovery-v1.json.
 */
export function identifierInput({ kind, value }: Identifier): Bytes {
  return encodeTuple("salus/discovery/v1", kind, value);
}

/**
 * Blind identifiers, so that holders can evaluate them and learn nothing of them.
 *
 * Takes:   `draw`, in tests with vectors only.
 * Leaks:   to the holders: how many identifiers there are.
 * Cost:    1.3 ms in Node for each.
 * Source:  RFC 9497 §3.3.2; spec/discovery.md §2.
 */
export function blindIdentifiers(
  identifiers: readonly Identifier[],
  draw: (size: number) => Bytes = randomBytes,
): BlindedIdentifiers {
  return blindInputs(identifiers.map(identifierInput), draw);
}

/** Blind inputs as they are, which only vectors have: everybody else blinds identifiers. */
export function blindInputs(
  inputs: readonly Bytes[],
  draw: (size: number) => Bytes,
): BlindedIdentifiers {
  const drawn = inputs.map((input) => ({ input, ...voprf.blind(input, (size = 0) => draw(size)) }));
  return new BlindedIdentifiers(
    drawn.map(({ blinded }) => Element.of(blinded)),
    drawn.map(({ input, blind }) => ({ input, blind })),
  );
}

/** A holder's answer, verified. */
interface Share {
  readonly index: number;
  readonly key: Point;
  readonly elements: readonly Point[];
}

/**
 * Interpolate at 0, in the exponent. Everything here is public, so that time may tell it.
 *
 * Source:  RFC 9591 §4.2 for the coefficients; spec/discovery.md §2.
 */
function combine(shares: readonly Share[], pick: (share: Share) => Point): Point {
  let sum = Point.ZERO;
  for (const share of shares) {
    let [over, under] = [Fn.ONE, Fn.ONE];
    for (const { index } of shares) {
      if (index === share.index) continue;
      over = Fn.mul(over, BigInt(index));
      under = Fn.mul(under, Fn.sub(BigInt(index), BigInt(share.index)));
    }
    sum = sum.add(pick(share).multiplyUnsafe(Fn.div(over, under)));
  }
  return sum;
}
