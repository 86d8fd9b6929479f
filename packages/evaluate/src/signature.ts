import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { type Bytes, beInteger, concat, fail, ok, type Result, toHex, utf8 } from "@salus/base";
import type { VerifyKey } from "@salus/protocol";
import { type Ed25519Verifier, ed25519Verifier } from "#engine";

/** The public key is no good: statements §2, rule 1. */
export interface BadKey {
  readonly kind: "bad-key";
}

/** The key is good and the signature is not its: statements §2, rules 2 to 4. */
export interface BadSignature {
  readonly kind: "bad-signature";
}

const SIGNATURE_BYTES = 64;
const SMALL_ORDER: ReadonlySet<string> = new Set(ED25519_TORSION_SUBGROUP);

/**
 * Keys that passed rule 1, newest last. The rule costs a millisecond, ten times a signature, and a
 * reader meets the same few keys again and again. A bad key is not remembered: it would push out a
 * good one.
 */
const goodKeys = new Map<string, Ed25519Verifier>();
const GOOD_KEYS_MAX = 4096;

/**
 * The bytes that are signed for a payload of one type.
 *
 * Source:  spec/statements.md §1.
 */
export function signedMessage(type: string, ...body: readonly Uint8Array[]): Bytes {
  const name = utf8(`salus/${type}/v1`);
  const size = body.reduce((sum, part) => sum + part.length, 0);
  return concat(PAE, beInteger(name.length, 8), name, beInteger(size, 8), ...body);
}

const PAE = utf8("salus/pae/v1");

/**
 * Verify an Ed25519 signature: the one verifier, the same verdict in every engine.
 *
 * Rules 3 and 4, and that R is canonical, are the engine's: both refuse `S ≥ L`, and OpenSSL
 * compares R with the encoding that it computes itself. What they forgive is refused here.
 *
 * Takes:   `message`, as `signedMessage` made it: never bytes that say their own type.
 * Fails:   `bad-key`, `bad-signature`.
 * Cost:    0.1 ms in Node, 2.5 ms in a browser; 1 ms more for a key not seen lately.
 * Source:  RFC 8032 §5.1.7; spec/statements.md §2; vectors/statements-v1.json.
 */
export function verifySignature(
  key: VerifyKey,
  message: Uint8Array,
  signature: Uint8Array,
): Result<void, BadKey | BadSignature> {
  const verifier = verifierFor(key);
  if (verifier === undefined) return fail({ kind: "bad-key" });
  const sound =
    signature.length === SIGNATURE_BYTES &&
    !SMALL_ORDER.has(toHex(signature.subarray(0, 32))) &&
    verifier(message, signature);
  return sound ? ok(undefined) : fail({ kind: "bad-signature" });
}

/**
 * Whether a public key may be trusted with anything: asked when a key enters the chain, so that a
 * bad one is refused before something is signed under it.
 *
 * Fails:   `bad-key`.
 */
export function checkKey(key: VerifyKey): Result<void, BadKey> {
  return verifierFor(key) === undefined ? fail({ kind: "bad-key" }) : ok(undefined);
}

function verifierFor(key: VerifyKey): Ed25519Verifier | undefined {
  const name = toHex(key);
  const known = goodKeys.get(name);
  if (known !== undefined) return known;
  if (!isGoodKey(key)) return undefined;
  const verifier = ed25519Verifier(key);
  if (goodKeys.size >= GOOD_KEYS_MAX) {
    const [oldest = ""] = goodKeys.keys();
    goodKeys.delete(oldest);
  }
  goodKeys.set(name, verifier);
  return verifier;
}

function isGoodKey(key: VerifyKey): boolean {
  try {
    const point = ed25519.Point.fromBytes(key, false); // Throws when it is not canonical.
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}
