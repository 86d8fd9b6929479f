import type { Bytes, Result } from "@salus/base";
import * as v from "valibot";
import { encodeCbor } from "./cbor.ts";
import { type Mailbox, mailboxSchema } from "./discovery.ts";
import { bytesField, decodeAs, opaqueField, type Schema, textField, timeField } from "./fields.ts";
import { Digest, type Malformed, VaultHandle, VerifyKey } from "./ids.ts";
import type { Role } from "./sharing.ts";

/** Where the parts of a world stand. */
interface Addresses {
  readonly directory: string;
  readonly cloud: string;
}

/** Who is to become what below whom. Spec: requests §4. */
export interface JoinInvitation extends Addresses {
  /** 16 bytes: who has them may join, once. */
  readonly secret: Bytes;
  readonly expires: number;
  readonly node: string;
  readonly parent: string;
  readonly role: Role;
  readonly name: string;
  /** The key that will certify. */
  readonly issuer: VerifyKey;
}

/** An organisation asks a patient to let it in. */
export interface AssociateInvitation extends Addresses {
  readonly secret: Bytes;
  readonly expires: number;
  /** SHA-256 of its signed certificate: no other will do. */
  readonly organisation: Digest;
  /** 16 bytes, which the organisation remembers for its patient. */
  readonly reference: Bytes;
}

/** What a patient's own code shows. */
export interface PatientInvitation extends Addresses {
  readonly mailbox: Mailbox;
  readonly vault: VaultHandle;
}

/** What an invitation says, by kind. */
export interface Invitations {
  join: JoinInvitation;
  associate: AssociateInvitation;
  patient: PatientInvitation;
}
export type InvitationKind = keyof Invitations;

const URL_BYTES_MAX = 2048;
const NODE_BYTES_MAX = 128;
const NAME_BYTES_MAX = 512;

const url = textField(URL_BYTES_MAX);
const common = { directory: url, cloud: url };
const secret = { secret: bytesField(16, 16), expires: timeField() };

const schemas: { readonly [K in InvitationKind]: Schema<Invitations[K]> } = {
  join: v.strictObject({
    ...common,
    ...secret,
    node: textField(NODE_BYTES_MAX, 1),
    parent: textField(NODE_BYTES_MAX),
    role: v.picklist(["organisation", "department", "physician", "device"]),
    name: textField(NAME_BYTES_MAX),
    issuer: opaqueField(VerifyKey),
  }),
  associate: v.strictObject({
    ...common,
    ...secret,
    organisation: opaqueField(Digest),
    reference: bytesField(16, 16),
  }),
  patient: v.strictObject({
    ...common,
    mailbox: mailboxSchema,
    vault: opaqueField(VaultHandle),
  }),
};

/** The bytes of an invitation, without its kind. */
export function encodeInvitationBody(invitation: Invitations[InvitationKind]): Bytes {
  return encodeCbor(invitation);
}

/** Read an invitation's bytes as one of a kind. Fails: `malformed`. */
export function parseInvitationBody<K extends InvitationKind>(
  kind: K,
  bytes: Uint8Array,
): Result<Invitations[K], Malformed> {
  return decodeAs(schemas[kind], bytes, "invitation");
}

export function isInvitationKind(kind: string): kind is InvitationKind {
  return Object.hasOwn(schemas, kind);
}
