import type { Brand, Bytes } from "@salus/base";
import type {
  AccountHandle,
  AccountRole,
  AttemptId,
  Digest,
  FactorId,
  FactorKind,
  IdentifierKind,
  IdentifierTag,
  KemKey,
  MailboxId,
  ProofId,
  SessionId,
  Suite,
  VerifyKey,
} from "@salus/protocol";
import type { Transaction } from "kysely";

/** The first half of an account's handle: what leads the keys of its rows. */
export type AccountId = Brand<Bytes, "AccountId">;

/** A login as the database knows it: the HMAC of its tag. */
export type LoginName = Brand<Bytes, "LoginName">;

/** What a text message is about: a sign-in, a factor, a proof, a box. */
export type MessageId = Brand<Bytes, "MessageId">;

/** What attempts are counted under: an HMAC of whose they are. */
export type Bucket = Brand<Bytes, "Bucket">;

/** What parcels lie in: an account, or a mailbox that is no account's. */
export type BoxId = Brand<Bytes, "BoxId">;

/** The tables of `migrations`, as this program reads and writes them. */
export interface Schema {
  directory: { name: string; id: Bytes };
  service_key: { name: string; hash: Bytes };
  account: {
    account: AccountId;
    handle: AccountHandle;
    head_seq: number;
    head_hash: Digest;
    head_root: VerifyKey;
    recovery: Digest;
    /** Names of roles, with commas between them. */
    roles: string;
    discoverable: boolean;
    created: number;
  };
  account_link: { account: AccountId; seq: number; bytes: Bytes };
  account_device: { account: AccountId; sign: VerifyKey };
  login: { login: LoginName; account: AccountId };
  password: { account: AccountId; credential: AttemptId; record: Bytes; tag: Bytes };
  factor: {
    account: AccountId;
    factor: FactorId;
    kind: FactorKind;
    secret: Bytes;
    counter: number;
    failures: number;
    hint: string;
    added: number;
  };
  session: {
    session: SessionId;
    account: AccountId;
    key: VerifyKey;
    role: AccountRole;
    opened: number;
    seen: number;
    expires: number;
    stepped_up: number;
    limited: boolean;
  };
  mailbox: {
    mailbox: MailboxId;
    account: AccountId;
    sign: VerifyKey;
    suite: Suite;
    kem: KemKey;
    added: number;
  };
  identifier: {
    account: AccountId;
    tag: IdentifierTag;
    kind: IdentifierKind;
    proven: boolean;
    registered: number;
  };
  phone_proof: {
    proof: ProofId;
    account: AccountId;
    tag: IdentifierTag;
    code: Bytes;
    tries: number;
    expires: number;
  };
  box: { box: BoxId; number: number; expires: number };
  parcel: {
    box: BoxId;
    number: number;
    time: number;
    expires: number;
    notice: boolean;
    bytes: Bytes;
  };
  certificate_status: { certificate: Digest; hash: Digest; bytes: Bytes };
  sign_up: { sign_up: AttemptId; key: VerifyKey; login: LoginName; tag: Bytes; expires: number };
  sign_in: {
    sign_in: AttemptId;
    key: VerifyKey;
    account: AccountId;
    bucket: Bucket;
    role: AccountRole;
    state: Bytes;
    used: boolean;
    proven: boolean;
    tries: number;
    expires: number;
  };
  step_up: {
    step_up: AttemptId;
    session: SessionId;
    kind: "password" | "passkey";
    state: Bytes;
    expires: number;
  };
  password_change: { session: SessionId; credential: AttemptId; expires: number };
  recovery: {
    recovery: AttemptId;
    account: AccountId;
    key: VerifyKey;
    login: LoginName;
    tag: Bytes;
    expires: number;
  };
  sms_message: {
    message: MessageId;
    purpose: "sign-in" | "factor" | "proof" | "request" | "recovery";
    account: AccountId;
    sealed: Bytes;
    ready: boolean;
    due: number;
    tries: number;
    expires: number;
  };
  sms_code: {
    subject: AttemptId | FactorId;
    account: AccountId;
    code: Bytes;
    tries: number;
    expires: number;
  };
  sms_number: { number: Bytes; sent: readonly number[]; expires: number };
  passkey_challenge: {
    attempt: AttemptId | SessionId;
    purpose: "add" | "sign-in";
    challenge: Bytes;
    expires: number;
  };
  attempt: { bucket: Bucket; span: number; tries: number; expires: number };
  nonce: { signer: VerifyKey; nonce: Bytes; expires: number };
}

export type Trx = Transaction<Schema>;
