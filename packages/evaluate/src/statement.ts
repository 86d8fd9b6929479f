import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  type Digest,
  decodeAs,
  type Malformed,
  type SignedParts,
  type StatementPayloads,
  type StatementType,
  splitSigned,
  statementSchemas,
  type VerifyKey,
} from "@salus/protocol";
import { digest } from "./digest.ts";
import { type BadKey, type BadSignature, signedMessage, verifySignature } from "./signature.ts";

/** A statement whose signature has been verified, or was made here. */
export interface Statement<T extends StatementType> {
  readonly type: T;
  readonly payload: StatementPayloads[T];
  readonly signer: VerifyKey;
  /** SHA-256 of the whole signed bytes. */
  readonly hash: Digest;
}

/** Why signed bytes are no statement. Spec: statements §3. */
export type StatementError =
  | Malformed
  | { readonly kind: "wrong-type" }
  | { readonly kind: "wrong-key" }
  | BadKey
  | BadSignature;

/**
 * Read and verify a signed statement of one type.
 *
 * Takes:   `expected`, the key that must have signed it, where the reader knows it.
 * Fails:   any `StatementError`; the first that applies, in the order of the union.
 * Cost:    one signature.
 * Source:  spec/statements.md; vectors/statements-v1.json.
 */
export function verifySigned<T extends StatementType>(
  type: T,
  signed: Uint8Array,
  expected?: VerifyKey,
): Result<Statement<T>, StatementError> {
  const read = readSigned(type, signed);
  if (!read.ok) return read;
  if (expected !== undefined && !equalBytes(read.value.parts.key, expected)) {
    return fail({ kind: "wrong-key" });
  }
  return verifyRead(read.value);
}

/** A statement that was read and not verified: good for choosing the key, and for nothing else. */
export interface UnverifiedStatement<T extends StatementType> {
  readonly type: T;
  readonly unverified: StatementPayloads[T];
  readonly parts: SignedParts;
  readonly signed: Uint8Array;
}

/** Read a statement of one type without verifying it. Fails: `malformed`, `wrong-type`. */
export function readSigned<T extends StatementType>(
  type: T,
  signed: Uint8Array,
): Result<UnverifiedStatement<T>, Malformed | { readonly kind: "wrong-type" }> {
  const parts = splitSigned(signed);
  if (!parts.ok) return parts;
  if (parts.value.type !== type) return fail({ kind: "wrong-type" });
  return readPayload(type, parts.value, signed);
}

/** Read the payload of signed bytes that were taken apart. Fails: `malformed`. */
export function readPayload<T extends StatementType>(
  type: T,
  parts: SignedParts,
  signed: Uint8Array,
): Result<UnverifiedStatement<T>, Malformed> {
  const payload = decodeAs(statementSchemas[type], parts.payload, type);
  return payload.ok ? ok({ type, unverified: payload.value, parts, signed }) : payload;
}

/** Verify the signature of a statement that was read. Fails: `bad-key`, `bad-signature`. */
export function verifyRead<T extends StatementType>(
  read: UnverifiedStatement<T>,
): Result<Statement<T>, BadKey | BadSignature> {
  const { type, parts } = read;
  const message = signedMessage(type, parts.payload);
  const verified = verifySignature(parts.key, message, parts.signature);
  return verified.ok ? ok(statementOf(read)) : verified;
}

/** What was read, as a statement: after its signature was verified, or where it was made just now. */
export function statementOf<T extends StatementType>(read: UnverifiedStatement<T>): Statement<T> {
  const { type, unverified: payload, parts, signed } = read;
  return { type, payload, signer: parts.key, hash: digest(signed) };
}
