import { type Bytes, fail, ok, type Result } from "@salus/base";
import { signedMessage } from "@salus/evaluate";
import { encodeCbor, type KemKey, type KemPublic, type Suite, type Wrap } from "@salus/protocol";
import { hpkeOpen, hpkeSeal, kemPublic } from "./hpke.ts";
import { Key } from "./keys.ts";

/** A wrap that does not open, whatever was wrong with it. Spec: sharing §1. */
export interface Unreadable {
  readonly kind: "unreadable";
}

/** What a wrap is for, and the public facts that it is bound to. Spec: sharing §1. */
export interface WrapPurpose {
  readonly purpose: "batch" | "keys" | "grant" | "root" | "parcel" | "trail";
  readonly context: object;
}

/** Every purpose of a key that is the seed of a key pair. */
type KemSeed = "kem-seed" | "cell-kem-seed" | "mailbox-kem-seed" | "trail-kem-seed" | "unlock";

/** An HPKE key pair: what a device, an organisation or a cell receives wraps with. */
export class KemPair implements KemPublic {
  readonly suite: Suite;
  readonly kem: KemKey;
  readonly #seed: Key<KemSeed>;

  /** Cost: 0.5 ms in Node for suite 1. Source: spec/sharing.md §1. */
  constructor(seed: Key<KemSeed>, suite: Suite) {
    this.suite = suite;
    this.kem = kemPublic(suite, Key.reveal(seed));
    this.#seed = seed;
  }

  /** The public half, alone. */
  get public(): KemPublic {
    return { suite: this.suite, kem: this.kem };
  }

  /**
   * Open a wrap that was sealed to this key for one purpose and context.
   *
   * Fails:   `unreadable`.
   * Source:  spec/sharing.md §1; vectors/sharing-v1.json.
   */
  async unwrap(purpose: WrapPurpose, wrap: Wrap): Promise<Result<Bytes, Unreadable>> {
    const text = await hpkeOpen(this.suite, Key.reveal(this.#seed), infoOf(purpose), wrap);
    return text === undefined ? fail({ kind: "unreadable" }) : ok(text);
  }

  toJSON(): string {
    return "[kem pair]";
  }
}

/**
 * Seal a text to a public key, for one purpose and context: it opens for no other.
 *
 * Takes:   `drawn`, in tests with vectors only.
 * Leaks:   the length of the text, and to whom, by the key that stands beside the wrap.
 * Source:  spec/sharing.md §1; vectors/sharing-v1.json.
 */
export function wrapTo(
  to: KemPublic,
  purpose: WrapPurpose,
  text: Bytes,
  drawn?: Bytes,
): Promise<Wrap> {
  return hpkeSeal(to, infoOf(purpose), text, drawn);
}

function infoOf({ purpose, context }: WrapPurpose): Bytes {
  return signedMessage(`wrap/${purpose}`, encodeCbor(context));
}
