import { assert, type Bytes } from "@salus/base";
import { authorMessage, signedMessage } from "@salus/evaluate";
import {
  encodeCbor,
  encodeSigned,
  parseAs,
  type StatementPayloads,
  type StatementType,
  statementSchemas,
  VerifyKey,
} from "@salus/protocol";
import { ed25519Signer } from "#engine";
import { Key } from "./keys.ts";

/** A signing key: signs statements and records, each under its type, and no bytes that somebody gives it. */
export class Signer {
  readonly key: VerifyKey;
  readonly #sign: (message: Uint8Array) => Bytes;

  /** Cost: 0.4 ms in Node: keep it. Source: RFC 8032 §5.1.5; spec/keys.md §2. */
  constructor(seed: Key<"sign-seed" | "mailbox-sign-seed" | "root-sign-seed">) {
    const pair = ed25519Signer(Key.reveal(seed));
    this.key = VerifyKey.of(pair.publicKey);
    this.#sign = (message) => pair.sign(message);
  }

  /**
   * Sign a payload as a statement.
   *
   * Takes:   exactly what the type's schema has: a payload that no reader would take is a bug.
   * Gives:   the signed bytes.
   * Leaks:   the payload and the signer, to whoever gets the statement.
   * Cost:    35 µs in Node, 1 ms in a browser.
   * Source:  spec/statements.md §1; vectors/statements-v1.json.
   */
  sign<T extends StatementType>(type: T, payload: StatementPayloads[T]): Bytes {
    assert(parseAs(statementSchemas[type], payload, type).ok, `a ${type} fits its schema`);
    const bytes = encodeCbor(payload);
    const signature = this.#sign(signedMessage(type, bytes));
    return encodeSigned({ type, payload: bytes, key: this.key, signature });
  }

  /**
   * Sign the parts of an envelope as its author.
   *
   * Leaks:   who the author is.
   * Source:  spec/envelope.md §4; vectors/envelope-v1.json.
   */
  signRecord(header: Bytes, commitment: Bytes, body: Bytes): Bytes {
    return this.#sign(authorMessage(header, commitment, body));
  }

  toJSON(): string {
    return "[signer]";
  }
}
