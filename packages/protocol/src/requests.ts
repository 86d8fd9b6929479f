import { type Bytes, compareBytes, utf8 } from "@salus/base";
import * as v from "valibot";
import { SIGNED_BYTES_MAX } from "./batch.ts";
import { type Mailbox, mailboxSchema } from "./discovery.ts";
import {
  bytesField,
  checked,
  listField,
  opaqueField,
  type Schema,
  textField,
  timeField,
} from "./fields.ts";
import {
  Absent,
  Digest,
  GrantHandle,
  isAbsent,
  MailboxId,
  RequestHandle,
  VaultHandle,
  VerifyKey,
} from "./ids.ts";
import { APPROVAL_GRANTS_MAX } from "./limits.ts";
import { type KemPublic, kemField, kemFits, suiteField } from "./suites.ts";

/** What a practitioner asks of a patient, signed by her device. Spec: requests §1. */
export interface AccessRequest {
  readonly request: RequestHandle;
  readonly to: MailboxId;
  /** The organisation's certificate, and so on down to this device's. */
  readonly certificates: readonly Bytes[];
  /** Of the physician's certificate. */
  readonly attestations: readonly Bytes[];
  /** Certificates of the devices that are to read, this one's first. */
  readonly devices: readonly Bytes[];
  /** A v3-PurposeOfUse code. */
  readonly purpose: string;
  /** Organisation nodes; none for all. */
  readonly sources: readonly string[];
  /** Sorted; none for all. */
  readonly categories: readonly string[];
  readonly period: readonly [] | readonly [start: number, end: number];
  /** Until when access is asked for. */
  readonly expires: number;
  /** After that the request is void. */
  readonly answerBy: number;
  /** `kind|value` that the patient was looked up by; empty when her code was read. */
  readonly identifier: string;
  readonly note: string;
  /** Where the answer goes. */
  readonly reply: Mailbox;
  readonly time: number;
}

/** What the patient says to a request. Spec: requests §2. */
export interface RequestAnswer {
  readonly request: RequestHandle;
  readonly decision: "approved" | "denied";
  /** Whose chain to read, when it was approved. */
  readonly vault: VaultHandle | Absent;
  readonly grants: readonly GrantHandle[];
  readonly note: string;
  readonly time: number;
}

/** What a patient tells a source that she has let in. Spec: requests §4. */
export interface Association {
  /** What the organisation remembers for its patient. */
  readonly reference: Bytes;
  readonly vault: VaultHandle;
  readonly time: number;
}

/** The public keys that are to be certified. */
export interface JoiningCard extends KemPublic {
  readonly sign: VerifyKey;
}

/** How somebody who was invited hands over her keys. Spec: requests §4. */
export interface Joining {
  /** SHA-256 of the invitation's text. */
  readonly invitation: Digest;
  readonly card: JoiningCard;
  /** HMAC of the card under the invitation's secret. */
  readonly proof: Digest;
  readonly time: number;
}

/** A practitioner hands her organisation's gateway something to store. Spec: requests §6. */
export interface Writing {
  /** The organisation's roster key: nobody else's gateway takes it. */
  readonly organisation: VerifyKey;
  readonly vault: VaultHandle;
  /** One FHIR resource without an id, as JSON. */
  readonly resource: string;
  readonly time: number;
}

/** What one writing may have, as UTF-8. */
export const WRITING_BYTES_MAX = 49_152;

/** At most so many devices of one practitioner are granted by one request. */
const REQUEST_DEVICES_MAX = 8;

const CERTIFICATES_MAX = 4;
const ATTESTATIONS_MAX = 16;
const SOURCES_MAX = 64;
const CATEGORIES_MAX = 64;
const NODE_BYTES_MAX = 128;
const CODE_BYTES_MAX = 64;
const IDENTIFIER_BYTES_MAX = 512;
const NOTE_BYTES_MAX = 1024;

const signed = bytesField(1, SIGNED_BYTES_MAX);
const note = textField(NOTE_BYTES_MAX);
const time = timeField();

function someOf<T>(item: Schema<T>, max: number): Schema<readonly T[]> {
  return checked(listField(item, max), (list) => list.length > 0);
}

const category = textField(CODE_BYTES_MAX, 1);

export const requestSchema: Schema<AccessRequest> = v.strictObject({
  request: opaqueField(RequestHandle),
  to: opaqueField(MailboxId),
  certificates: someOf(signed, CERTIFICATES_MAX),
  attestations: listField(signed, ATTESTATIONS_MAX),
  devices: someOf(signed, REQUEST_DEVICES_MAX),
  purpose: textField(CODE_BYTES_MAX, 1),
  sources: listField(textField(NODE_BYTES_MAX, 1), SOURCES_MAX),
  categories: checked(listField(category, CATEGORIES_MAX), areSorted),
  period: v.union([v.strictTuple([]), v.strictTuple([time, time])]),
  expires: time,
  answerBy: time,
  identifier: textField(IDENTIFIER_BYTES_MAX),
  note,
  reply: mailboxSchema,
  time,
});

/** Ascending as UTF-8, without repeats. */
function areSorted(texts: readonly string[]): boolean {
  return texts.every(
    (text, at) => at === 0 || compareBytes(utf8(texts[at - 1] as string), utf8(text)) < 0,
  );
}

export const answerSchema: Schema<RequestAnswer> = checked<RequestAnswer>(
  v.strictObject({
    request: opaqueField(RequestHandle),
    decision: v.picklist(["approved", "denied"]),
    vault: v.union([opaqueField(VaultHandle), opaqueField(Absent)]),
    grants: listField(opaqueField(GrantHandle), APPROVAL_GRANTS_MAX),
    note,
    time,
  }),
  ({ decision, vault, grants }) =>
    decision === "approved"
      ? !isAbsent(vault) && grants.length > 0
      : isAbsent(vault) && grants.length === 0,
);

export const associationSchema: Schema<Association> = v.strictObject({
  reference: bytesField(16, 16),
  vault: opaqueField(VaultHandle),
  time,
});

export const joiningSchema: Schema<Joining> = v.strictObject({
  invitation: opaqueField(Digest),
  card: checked<JoiningCard>(
    v.strictObject({ sign: opaqueField(VerifyKey), suite: suiteField, kem: kemField }),
    kemFits,
  ),
  proof: opaqueField(Digest),
  time,
});

export const writingSchema: Schema<Writing> = v.strictObject({
  organisation: opaqueField(VerifyKey),
  vault: opaqueField(VaultHandle),
  resource: textField(WRITING_BYTES_MAX, 1),
  time,
});
