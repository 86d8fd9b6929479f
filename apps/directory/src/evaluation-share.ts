import { ristretto255, ristretto255_oprf } from "@noble/curves/ed25519.js";
import { type Bytes, encodeTuple, fail, ok, type Result, utf8 } from "@salus/base";
import {
  Element,
  type Evaluated,
  type IdentifierKind,
  IdentifierTag,
  type Malformed,
} from "@salus/protocol";

const { voprf } = ristretto255_oprf;
const { Point } = ristretto255;

/**
 * One holder's share of the key of the oblivious function: a scalar, so that a key can be split.
 *
 * Source:  RFC 9497 §3.2, ristretto255-SHA512 in VOPRF mode; spec/discovery.md §2.
 */
export class EvaluationShare {
  /** The share's public key, which its proofs are checked against. */
  readonly key: Element;
  readonly #scalar: Uint8Array;

  constructor(scalar: Uint8Array) {
    this.#scalar = scalar;
    const point = Point.BASE.multiply(Point.Fn.fromBytes(this.#scalar));
    this.key = Element.of(point.toBytes());
  }

  /** Draw a whole key, of which one holder has all. */
  static draw(seed: Bytes): Bytes {
    const { secretKey } = voprf.deriveKeyPair(seed, utf8("salus/discovery/v1"));
    return Uint8Array.from(secretKey);
  }

  /**
   * Evaluate blinded elements, and prove that it was done with this share.
   *
   * Takes:   at least one element, as it came.
   * Fails:   `malformed`: one of them is no element, or the identity.
   * Sees:    nothing of what was blinded.
   * Cost:    5 ms for one element, 1.5 ms for each other.
   * Source:  RFC 9497 §3.3.2; spec/discovery.md §2.
   */
  evaluate(elements: readonly Element[]): Result<Evaluated, Malformed> {
    if (!elements.every(isElement)) return fail({ kind: "malformed", what: "element" });
    const made = voprf.blindEvaluateBatch(this.#scalar, this.key, [...elements]);
    const evaluated = made.evaluated.map((element) => Element.of(element));
    return ok({ elements: evaluated, proof: Uint8Array.from(made.proof) });
  }

  /**
   * The tag of an identifier that its owner has shown to the directory: a number that a code is sent
   * to. The directory asks itself as any client does, and learns nothing that it could not before.
   *
   * Takes:   this share, which is the whole key as long as there is one holder.
   */
  tagOf(kind: IdentifierKind, value: string): IdentifierTag {
    const input = encodeTuple("salus/discovery/v1", kind, value);
    const { blind, blinded } = voprf.blind(input);
    const { evaluated, proof } = voprf.blindEvaluate(this.#scalar, this.key, blinded);
    const output = voprf.finalize(input, blind, evaluated, blinded, this.key, proof);
    return IdentifierTag.of(output.slice(0, 32));
  }
}

function isElement(element: Element): boolean {
  try {
    return !Point.fromBytes(element).is0();
  } catch {
    return false;
  }
}
