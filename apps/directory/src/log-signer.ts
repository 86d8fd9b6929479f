import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { type Bytes, concat, fromHex } from "@salus/base";
import { signedMessage } from "@salus/evaluate";
import { encodeSigned, VerifyKey } from "@salus/protocol";

/** What an Ed25519 seed stands in, as PKCS #8. Source: RFC 8410 §7. */
const PREFIX = "302e020100300506032b657004220420";

/** The key that signs checkpoints of the service's log. */
export class LogSigner {
  /** What clients pin. */
  readonly key: VerifyKey;
  readonly #private: ReturnType<typeof createPrivateKey>;

  constructor(seed: Uint8Array) {
    const prefix = fromHex(PREFIX);
    const der = prefix.ok ? concat(prefix.value, seed) : seed;
    this.#private = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
    const spki = createPublicKey(this.#private).export({ format: "der", type: "spki" });
    this.key = VerifyKey.of(spki.subarray(-32));
  }

  /** Sign a payload as a statement of one type. Source: spec/statements.md §1. */
  sign(type: "checkpoint", payload: Bytes): Bytes {
    const signature = Uint8Array.from(sign(null, signedMessage(type, payload), this.#private));
    return encodeSigned({ type, payload, key: this.key, signature });
  }
}
