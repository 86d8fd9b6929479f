import { type Bytes, fail, type Result } from "@salus/base";
import * as v from "valibot";
import { type AccountPayloads, accountSchemas } from "./account.ts";
import { type BatchStatement, batchSchema, GRANT_BYTES_MAX, SIGNED_BYTES_MAX } from "./batch.ts";
import { encodeCbor } from "./cbor.ts";
import { type ChainPayloads, chainSchemas } from "./chain.ts";
import {
  type LookUpAsked,
  lookUpAskedSchema,
  type MailboxClaim,
  mailboxClaimSchema,
} from "./discovery.ts";
import { bytesField, decodeAs, opaqueField, type Schema, textField } from "./fields.ts";
import { type Malformed, VerifyKey } from "./ids.ts";
import { type Checkpoint, checkpointSchema } from "./log.ts";
import {
  type AccessRequest,
  type Association,
  answerSchema,
  associationSchema,
  type Joining,
  joiningSchema,
  type RequestAnswer,
  requestSchema,
  type Writing,
  writingSchema,
} from "./requests.ts";
import {
  type Attestation,
  attestationSchema,
  type Capability,
  type Certificate,
  type CertificateStatus,
  capabilitySchema,
  certificateSchema,
  certificateStatusSchema,
} from "./sharing.ts";

/** The payload of every signed statement. Spec: statements §1. */
export interface StatementPayloads extends ChainPayloads, AccountPayloads {
  batch: BatchStatement;
  certificate: Certificate;
  "certificate/status": CertificateStatus;
  attestation: Attestation;
  capability: Capability;
  request: AccessRequest;
  answer: RequestAnswer;
  association: Association;
  joining: Joining;
  "look-up": LookUpAsked;
  mailbox: MailboxClaim;
  checkpoint: Checkpoint;
  writing: Writing;
}

export type StatementType = keyof StatementPayloads;

export const statementSchemas: { readonly [T in StatementType]: Schema<StatementPayloads[T]> } = {
  ...chainSchemas,
  ...accountSchemas,
  batch: batchSchema,
  certificate: certificateSchema,
  "certificate/status": certificateStatusSchema,
  attestation: attestationSchema,
  capability: capabilitySchema,
  request: requestSchema,
  answer: answerSchema,
  association: associationSchema,
  joining: joiningSchema,
  "look-up": lookUpAskedSchema,
  mailbox: mailboxClaimSchema,
  checkpoint: checkpointSchema,
  writing: writingSchema,
};

/** The parts of signed bytes, of which nothing is believed yet. Spec: statements §1. */
export interface SignedParts {
  readonly type: string;
  readonly payload: Bytes;
  readonly key: VerifyKey;
  readonly signature: Bytes;
}

const TYPE_BYTES_MAX = 32;

const signedParts: Schema<SignedParts> = v.pipe(
  v.strictTuple([
    textField(TYPE_BYTES_MAX),
    bytesField(0, GRANT_BYTES_MAX),
    opaqueField(VerifyKey),
    bytesField(64, 64),
  ]),
  v.transform(([type, payload, key, signature]) => ({ type, payload, key, signature })),
);

/** Put a signed statement together from its parts. */
export function encodeSigned(parts: SignedParts): Bytes {
  return encodeCbor([parts.type, parts.payload, parts.key, parts.signature]);
}

/** Take signed bytes apart, verifying nothing. Fails: `malformed`. */
export function splitSigned(signed: Uint8Array): Result<SignedParts, Malformed> {
  const malformed = fail({ kind: "malformed", what: "statement" } as const);
  if (signed.length > GRANT_BYTES_MAX) return malformed;
  const parts = decodeAs(signedParts, signed, "statement");
  const long = signed.length > SIGNED_BYTES_MAX;
  return parts.ok && long && parts.value.type !== "chain/grant" ? malformed : parts;
}
