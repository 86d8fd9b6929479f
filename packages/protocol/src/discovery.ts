import type { Brand, Bytes, Result } from "@salus/base";
import * as v from "valibot";
import { SIGNED_BYTES_MAX } from "./batch.ts";
import {
  bytesField,
  checked,
  decodeAs,
  listField,
  opaqueField,
  type Schema,
  textField,
  timeField,
  uintField,
} from "./fields.ts";
import {
  Element,
  IdentifierTag,
  MailboxId,
  type Malformed,
  ProofId,
  SessionId,
  VerifyKey,
} from "./ids.ts";
import { type KemPublic, kemField, kemFits, type Wrap, wrapField } from "./suites.ts";

/** What somebody can be looked up by. Spec: discovery §1. */
export const IDENTIFIER_KINDS = ["phone", "email", "health-number", "record-number"] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** An identifier in its one form, which a client made of what somebody typed. */
export type IdentifierValue = Brand<string, "IdentifierValue">;
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: IdentifierValue;
}

/** Who evaluates the oblivious function, and the key that their shares combine to. Spec: discovery §2. */
export interface Evaluators {
  /** So many of the holders are needed. */
  readonly threshold: number;
  readonly holders: readonly Holder[];
  /** What clients pin. */
  readonly public: Element;
}

/** One holder of a share of the key. */
export interface Holder {
  /** Where its share stands on the polynomial. */
  readonly index: number;
  /** Where it is asked; empty for the directory that says so. */
  readonly url: string;
  /** Its share's public key. */
  readonly key: Element;
}

/** `POST /v1/evaluations`. */
export interface Evaluations {
  readonly elements: readonly Element[];
}

/** What a holder answers: the elements raised to its share, and one proof of all of them. */
export interface Evaluated {
  readonly elements: readonly Element[];
  readonly proof: Bytes;
}

/** Where parcels for somebody go: the id is `mailboxId(sign)`. Spec: discovery §4. */
export interface Mailbox extends KemPublic {
  readonly id: MailboxId;
  readonly sign: VerifyKey;
}

/** `POST /v1/identifiers/proofs`: a code is sent to a number. */
export interface PhoneProof {
  /** E.164. */
  readonly number: string;
}

export interface PhoneProofSent {
  readonly proof: ProofId;
}

/** `POST /v1/identifiers`. */
export interface Registration {
  readonly tag: IdentifierTag;
  readonly kind: IdentifierKind;
  /** For a phone, the proof that was begun and the code that arrived; nothing for what is claimed. */
  readonly proof: readonly [] | readonly [proof: ProofId, code: string];
}

/** `GET /v1/identifiers`. */
export interface RegisteredIdentifiers {
  readonly identifiers: readonly RegisteredIdentifier[];
}

export interface RegisteredIdentifier {
  readonly tag: IdentifierTag;
  readonly kind: IdentifierKind;
  readonly proven: boolean;
  readonly registered: number;
}

/** A statement: a practitioner's device asks for whoever has an identifier. Spec: discovery §3. */
export interface LookUpAsked {
  /** The directory that is asked. */
  readonly audience: string;
  /** The session that it is asked in. */
  readonly session: SessionId;
  readonly tag: IdentifierTag;
  /** A v3-PurposeOfUse code. */
  readonly reason: string;
  readonly time: number;
}

/** `POST /v1/look-ups`. */
export interface LookUp {
  /** A signed `look-up`. */
  readonly asked: Bytes;
  /** The organisation's certificate, and so on down to that of the key that signed. */
  readonly certificates: readonly Bytes[];
  readonly attestations: readonly Bytes[];
}

/** `POST /v1/statuses`: what is said of a certificate, by those whose word counts. */
export interface Statuses {
  /** Signed statuses of one certificate. */
  readonly statuses: readonly Bytes[];
  /** From the organisation's down to that certificate. */
  readonly certificates: readonly Bytes[];
}

export interface LookUpAnswer {
  /** The patient's mailbox, or a decoy. */
  readonly mailbox: Mailbox;
}

const PARCEL_KINDS = ["request", "answer", "joining", "association", "notice", "writing"] as const;
export type ParcelKind = (typeof PARCEL_KINDS)[number];

/** One statement, sealed to a mailbox. */
export interface Parcel {
  readonly to: MailboxId;
  readonly kind: ParcelKind;
  readonly wrap: Wrap;
}

/** What the directory itself puts into a mailbox: who looked its owner up. */
export interface Notice {
  /** The signed `look-up`, and what shows whose it is. */
  readonly asked: Bytes;
  readonly certificates: readonly Bytes[];
  readonly attestations: readonly Bytes[];
}

/** Something in a mailbox. */
export type Received = ReceivedParcel | ReceivedNotice;

export interface ReceivedParcel {
  readonly number: number;
  readonly time: number;
  readonly parcel: Parcel;
}

export interface ReceivedNotice {
  readonly number: number;
  readonly time: number;
  readonly notice: Notice;
}

/** `GET /v1/parcels`, and what `POST /v1/collections` answers. */
export interface ParcelPage {
  readonly parcels: readonly Received[];
  readonly more: boolean;
}

/** `POST /v1/collections`: what is in the mailbox of the key that signs. */
export interface Collection {
  /** The last number that was seen. */
  readonly after: number;
  /** What was read and may be forgotten. */
  readonly done: readonly number[];
}

/** A statement, signed by a mailbox's own key: it is this session's account's. Spec: discovery §4. */
export interface MailboxClaim {
  /** The directory. */
  readonly audience: string;
  readonly session: SessionId;
  readonly mailbox: Mailbox;
  readonly time: number;
}

/** `PUT /v1/mailbox`. */
export interface NewMailbox {
  /** A signed `mailbox`. */
  readonly mailbox: Bytes;
}

/** What a directory takes at most. Source: spec/discovery.md §2, §3, §4. */
export const DISCOVERY: {
  readonly elements: number;
  readonly lookUps: number;
  readonly registrations: number;
  readonly parcels: number;
  readonly parcelBytes: number;
  readonly pageParcels: number;
  readonly identifiers: number;
} = {
  /** In one request for evaluations. */
  elements: 4,
  /** Of one practitioner in a day; so many elements are evaluated in a session's account. */
  lookUps: 200,
  /** Of one account in a day. */
  registrations: 20,
  /** Of one account in a day. */
  parcels: 200,
  parcelBytes: 65_536,
  pageParcels: 100,
  /** Of one account. */
  identifiers: 64,
};

/** A parcel's text is a multiple of so many bytes long. */
export const PARCEL_BLOCK_BYTES = 4096;

const HOLDERS_MAX = 16;
const INDEX_MAX = 0xffff;
const URL_BYTES_MAX = 2048;
const PROOF_BYTES = 64;
const CERTIFICATES_MAX = 4;
const ATTESTATIONS_MAX = 16;
const STATUSES_MAX = 64;
const REASON_BYTES_MAX = 64;
const CODE_BYTES_MAX = 16;
/** `+` and 15 digits. */
const NUMBER_BYTES_MAX = 16;
const SEAL_BYTES = 16;

const signed = bytesField(1, SIGNED_BYTES_MAX);
const audience = textField(64, 1);
const tag = opaqueField(IdentifierTag);
const kind: Schema<IdentifierKind> = v.picklist(IDENTIFIER_KINDS);
const elements: Schema<readonly Element[]> = v.pipe(
  listField(opaqueField(Element), DISCOVERY.elements),
  v.minLength(1),
);
const practitioner = {
  asked: signed,
  certificates: listField(signed, CERTIFICATES_MAX),
  attestations: listField(signed, ATTESTATIONS_MAX),
};

/** The fields of `Evaluators`, in `GET /v1/directory`. */
export const evaluatorFields: {
  readonly threshold: Schema<number>;
  readonly holders: Schema<readonly Holder[]>;
  readonly public: Schema<Element>;
} = {
  threshold: uintField(1, HOLDERS_MAX),
  holders: listField<Holder>(
    v.strictObject({
      index: uintField(1, INDEX_MAX),
      url: textField(URL_BYTES_MAX),
      key: opaqueField(Element),
    }),
    HOLDERS_MAX,
  ),
  public: opaqueField(Element),
};

export const evaluationsSchema: Schema<Evaluations> = v.strictObject({ elements });

export const evaluatedSchema: Schema<Evaluated> = v.strictObject({
  elements,
  proof: bytesField(PROOF_BYTES, PROOF_BYTES),
});

/** Mailboxes have keys of suite 1, all of them: another suite would tell a patient from a decoy. */
export const mailboxSchema: Schema<Mailbox> = checked<Mailbox>(
  v.strictObject({
    id: opaqueField(MailboxId),
    sign: opaqueField(VerifyKey),
    suite: v.literal(1),
    kem: kemField,
  }),
  kemFits,
);

export const newMailboxSchema: Schema<NewMailbox> = v.strictObject({ mailbox: signed });

export const mailboxClaimSchema: Schema<MailboxClaim> = v.strictObject({
  audience,
  session: opaqueField(SessionId),
  mailbox: mailboxSchema,
  time: timeField(),
});

export const phoneProofSchema: Schema<PhoneProof> = v.strictObject({
  number: v.pipe(textField(NUMBER_BYTES_MAX), v.regex(/^\+[1-9][0-9]{5,14}$/)),
});

export const phoneProofSentSchema: Schema<PhoneProofSent> = v.strictObject({
  proof: opaqueField(ProofId),
});

export const registrationSchema: Schema<Registration> = checked<Registration>(
  v.strictObject({
    tag,
    kind,
    proof: v.union([
      v.strictTuple([]),
      v.strictTuple([opaqueField(ProofId), textField(CODE_BYTES_MAX, 1)]),
    ]),
  }),
  (registration) => registration.proof.length === 0 || registration.kind === "phone",
);

export const registeredIdentifiersSchema: Schema<RegisteredIdentifiers> = v.strictObject({
  identifiers: listField<RegisteredIdentifier>(
    v.strictObject({ tag, kind, proven: v.boolean(), registered: timeField() }),
    DISCOVERY.identifiers,
  ),
});

export const lookUpAskedSchema: Schema<LookUpAsked> = v.strictObject({
  audience,
  session: opaqueField(SessionId),
  tag,
  reason: textField(REASON_BYTES_MAX, 1),
  time: timeField(),
});

export const lookUpSchema: Schema<LookUp> = v.strictObject(practitioner);

export const statusesSchema: Schema<Statuses> = v.strictObject({
  statuses: v.pipe(listField(signed, STATUSES_MAX), v.minLength(1)),
  certificates: listField(signed, CERTIFICATES_MAX),
});

export const lookUpAnswerSchema: Schema<LookUpAnswer> = v.strictObject({ mailbox: mailboxSchema });

export const parcelSchema: Schema<Parcel> = checked<Parcel>(
  v.strictObject({ to: opaqueField(MailboxId), kind: v.picklist(PARCEL_KINDS), wrap: wrapField }),
  ({ wrap }) => wrap.suite === 1 && isPadded(wrap.ct.length - SEAL_BYTES),
);

function isPadded(size: number): boolean {
  return size > 0 && size % PARCEL_BLOCK_BYTES === 0;
}

export const noticeSchema: Schema<Notice> = v.strictObject(practitioner);

const received = { number: uintField(1), time: timeField() };

export const parcelPageSchema: Schema<ParcelPage> = v.strictObject({
  parcels: listField<Received>(
    v.union([
      v.strictObject({ ...received, parcel: parcelSchema }),
      v.strictObject({ ...received, notice: noticeSchema }),
    ]),
    DISCOVERY.pageParcels,
  ),
  more: v.boolean(),
});

export const collectionSchema: Schema<Collection> = v.strictObject({
  after: uintField(),
  done: listField(uintField(1), DISCOVERY.pageParcels),
});

/** What answers that say nothing look like. */
export type Done = Readonly<Record<string, never>>;
export const doneSchema: Schema<Done> = v.strictObject({});

/** Read a parcel as it is kept. Fails: `malformed`. */
export function parseParcel(bytes: Uint8Array): Result<Parcel, Malformed> {
  return decodeAs(parcelSchema, bytes, "parcel");
}
