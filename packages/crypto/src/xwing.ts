import type { RecipientContextParams, SenderContextParams } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { _ecdhKem, QSF } from "@noble/post-quantum/hybrid.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import type { KEM } from "@noble/post-quantum/utils.js";
import { assert, type Bytes, toHex } from "@salus/base";
import { x25519, x25519Encapsulate } from "#engine";
import { randomBytes } from "./random.ts";
import { Recent } from "./recent.ts";

/** What an encapsulation draws: 32 bytes for ML-KEM, and an X25519 scalar. */
const DRAWN_BYTES = 64;
const SCALAR_BYTES = 32;

/** Four kilobytes each; a reader unwraps many batches with the keys of few cells. */
const EXPANDED_MAX = 256;

/**
 * A KEM that remembers the pairs of the seeds that it met last: to expand one takes as long as to
 * decapsulate with it. What it gives are copies, for the hybrid wipes what it has used.
 */
function remembering(kem: KEM): KEM {
  const pairs = new Recent<string, ReturnType<KEM["keygen"]>>(EXPANDED_MAX);
  return {
    ...kem,
    keygen: (seed) => {
      if (seed === undefined) return kem.keygen();
      const name = toHex(seed);
      // In a browser the secret key is the seed's own bytes, which the hybrid wipes as well.
      const pair = pairs.get(name) ?? copyOf(kem.keygen(seed));
      pairs.set(name, pair);
      return copyOf(pair);
    },
  };
}

function copyOf({ publicKey, secretKey }: ReturnType<KEM["keygen"]>): ReturnType<KEM["keygen"]> {
  return { publicKey: Uint8Array.from(publicKey), secretKey: Uint8Array.from(secretKey) };
}

/** X25519 as a KEM, whose ephemeral scalar the engine takes in once instead of three times. */
const ecdh: KEM = {
  ..._ecdhKem(x25519),
  encapsulate: (peer, scalar = randomBytes(SCALAR_BYTES)) => x25519Encapsulate(peer, scalar),
};

/** The hybrid that the draft names by its label `\.//^\`, over the engine's X25519. */
const hybrid: ReturnType<typeof QSF> = QSF(
  "\\.//^\\",
  remembering(ml_kem768),
  remembering(ecdh),
  shake256,
  sha3_256,
);

/** The X-Wing public key of a seed. Cost: 0.5 ms in Node. Source: draft-connolly-cfrg-xwing-kem §5.2. */
export function xwingPublic(seed: Uint8Array): Bytes {
  return Uint8Array.from(hybrid.keygen(seed).publicKey);
}

/**
 * X-Wing for @hpke/core: keys as @hpke/hybridkem-x-wing keeps them, computed by @noble/post-quantum.
 *
 * The library's own takes 3 to 4 ms for a wrap, because its X25519 is in JavaScript; this one takes
 * 1.2 to 1.7 ms in Node. Tests hold the two against each other: docs/decisions/0010.
 *
 * Source:  draft-connolly-cfrg-xwing-kem §5.4, §5.5; vectors/sharing-v1.json.
 */
export class XWingKem extends XWing {
  override async encap(
    params: SenderContextParams,
  ): Promise<{ sharedSecret: ArrayBuffer; enc: ArrayBuffer }> {
    const { recipientPublicKey, ekm } = params;
    const publicKey = await this.serializePublicKey(recipientPublicKey as CryptoKey);
    const drawn = ekm === undefined ? randomBytes(DRAWN_BYTES) : bytesOf(ekm);
    const sent = hybrid.encapsulate(new Uint8Array(publicKey), drawn);
    return { sharedSecret: bufferOf(sent.sharedSecret), enc: bufferOf(sent.cipherText) };
  }

  override async decap(params: RecipientContextParams): Promise<ArrayBuffer> {
    const seed = await this.serializePrivateKey(params.recipientKey as CryptoKey);
    return bufferOf(hybrid.decapsulate(bytesOf(params.enc), new Uint8Array(seed)));
  }
}

function bytesOf(data: unknown): Uint8Array {
  assert(data instanceof ArrayBuffer || data instanceof Uint8Array, "raw key material is bytes");
  return new Uint8Array(data);
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
