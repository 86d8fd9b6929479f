import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import type { Bytes } from "@salus/base";
import { signedMessage } from "@salus/evaluate";
import { type Checkpoint, encodeCbor, encodeSigned, VerifyKey } from "@salus/protocol";

/** What signs the checkpoints of a log. */
export interface CheckpointSigner {
  /** What clients pin. */
  readonly key: VerifyKey;
  /** Takes: a payload's bytes. Gives: the signed statement. */
  sign(type: "checkpoint", payload: Bytes): Bytes;
}

/** What an Ed25519 seed stands in, as PKCS #8. Source: RFC 8410 §7. */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * A service's own key: it signs checkpoints and nothing else, and opens nothing.
 *
 * Source:  RFC 8032 §5.1; spec/statements.md §1.
 */
export class LogSigner implements CheckpointSigner {
  readonly key: VerifyKey;
  readonly #private: KeyObject;

  /** Takes: 32 bytes of seed. */
  constructor(seed: Uint8Array) {
    const key = Buffer.concat([PKCS8_ED25519, seed]);
    this.#private = createPrivateKey({ key, format: "der", type: "pkcs8" });
    const spki = createPublicKey(this.#private).export({ format: "der", type: "spki" });
    this.key = VerifyKey.of(spki.subarray(-32));
  }

  sign(type: "checkpoint", payload: Bytes): Bytes {
    const signature = Uint8Array.from(sign(null, signedMessage(type, payload), this.#private));
    return encodeSigned({ type, payload, key: this.key, signature });
  }

  toJSON(): string {
    return "[log signer]";
  }
}

/** Sign a checkpoint. Source: spec/log.md §1. */
export function signCheckpoint(signer: CheckpointSigner, checkpoint: Checkpoint): Bytes {
  return signer.sign("checkpoint", encodeCbor(checkpoint));
}
