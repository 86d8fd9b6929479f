import type { RecipientContextParams, SenderContextParams } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { _ecdhKem, QSF } from "@noble/post-quantum/hybrid.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { x25519 } from "#engine";
import { randomBytes } from "./random.ts";

/**
 * X-Wing: the hybrid of ML-KEM-768 and X25519 that the draft names by its label `\.//^\`, built by
 * @noble/post-quantum over the engine's X25519.
 *
 * Source:  draft-connolly-cfrg-xwing-kem §5; vectors/sharing-v1.json.
 */
export const xwing: typeof QSF extends (...args: never[]) => infer Kem ? Kem : never = QSF(
  "\\.//^\\",
  ml_kem768,
  _ecdhKem(x25519),
  shake256,
  sha3_256,
);

export class XWingKem extends XWing {
  override async encap(
    params: SenderContextParams,
  ): Promise<{ sharedSecret: ArrayBuffer; enc: ArrayBuffer }> {
    const publicKey = new Uint8Array(
      await this.serializePublicKey(params.recipientPublicKey as CryptoKey),
    );
    const { cipherText, sharedSecret } = xwing.encapsulate(
      publicKey,
      params.ekm === undefined ? randomBytes(64) : new Uint8Array(params.ekm as ArrayBuffer),
    );
    return {
      sharedSecret: sharedSecret.buffer as ArrayBuffer,
      enc: cipherText.buffer as ArrayBuffer,
    };
  }
  override async decap(params: RecipientContextParams): Promise<ArrayBuffer> {
    const secret = new Uint8Array(await this.serializePrivateKey(params.recipientKey as CryptoKey));
    return xwing.decapsulate(new Uint8Array(params.enc as ArrayBuffer), secret)
      .buffer as ArrayBuffer;
  }
}
