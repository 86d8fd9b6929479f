import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import type { KEM } from "@noble/post-quantum/utils.js";
import { assert, type Bytes } from "@salus/base";
import { MlKem768 } from "mlkem";
import { sha3, shake } from "#engine";
import { randomBytes } from "./random.ts";

const MESSAGE_BYTES = 32;
const SEED_BYTES = 64;
/** What one draw of noise takes, for both of ML-KEM-768's η of 2; and an entry of the matrix at most. */
const NOISE_BYTES = 128;
const ENTRY_BYTES = 672;

/**
 * The library's hash functions by its names, as the engine computes them. In JavaScript Keccak is two
 * thirds of an operation; OpenSSL's takes a fifth of that.
 *
 * The names are private to the library, which is pinned; a version that had others would be noticed.
 *
 * Source:  FIPS 203 §4.1: H, J, XOF and PRF.
 */
const HASHES = {
  _h: (text: Uint8Array) => sha3(text),
  _kdf: (secret: Uint8Array, cipherText: Uint8Array) => shake(256, 32, secret, cipherText),
  _xof: (place: Uint8Array) => shake(128, ENTRY_BYTES, place),
  _prf1: noise,
  _prf2: noise,
} as const;

function noise(seed: Uint8Array, nonce: number): Uint8Array {
  return shake(256, NOISE_BYTES, seed, Uint8Array.of(nonce));
}

/** Without the promises that the library wraps around each step. */
class Steps extends MlKem768 {
  constructor() {
    super();
    assert(
      Object.keys(HASHES).every((name) => name in this),
      "the library has these names",
    );
    Object.assign(this, HASHES);
  }

  keygen(seed: Uint8Array): ReturnType<KEM["keygen"]> {
    const [publicKey, secretKey] = this._deriveKeyPairCore(seed);
    return { publicKey: publicKey as Bytes, secretKey: secretKey as Bytes };
  }

  encapsulate(publicKey: Uint8Array, message: Uint8Array): ReturnType<KEM["encapsulate"]> {
    const [cipherText, sharedSecret] = this._encapCore(publicKey, message);
    return { cipherText: cipherText as Bytes, sharedSecret: sharedSecret as Bytes };
  }

  decapsulate(cipherText: Uint8Array, secretKey: Uint8Array): Bytes {
    return this._decapCore(cipherText, secretKey) as Bytes;
  }
}

const steps = new Steps();

/**
 * ML-KEM-768 in the shape that @noble/post-quantum builds a hybrid from.
 *
 * Cost:    0.2 ms a step in Node; 0.4 to 0.5 ms in a browser.
 * Source:  FIPS 203; docs/decisions/0141.
 */
export const mlKem768: KEM = {
  ...ml_kem768,
  keygen: (seed = randomBytes(SEED_BYTES)) => steps.keygen(seed),
  encapsulate: (publicKey, message = randomBytes(MESSAGE_BYTES)) =>
    steps.encapsulate(publicKey, message),
  decapsulate: (cipherText, secretKey) => steps.decapsulate(cipherText, secretKey),
};
