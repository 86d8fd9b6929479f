import type { Bytes } from "@salus/base";
import * as v from "valibot";
import {
  type AccountRole,
  attemptField,
  codeField,
  exactly,
  FACTOR_KINDS,
  type FactorKind,
  factorKindField,
  linksField,
  roleField,
  rolesField,
  signedField,
  webauthnField,
} from "./directory-fields.ts";
import { type Evaluators, evaluatorFields } from "./discovery.ts";
import { listField, opaqueField, type Schema, textField, timeField, uintField } from "./fields.ts";
import { AccountHandle, type AttemptId, Digest, LoginTag, SessionId, VerifyKey } from "./ids.ts";
import { CHAIN_PAGE_MAX } from "./limits.ts";

/** The sizes of OPAQUE's messages over ristretto255 and SHA-512. Source: RFC 9807 §4, §5, §6. */
export const OPAQUE_BYTES = {
  registration: 32,
  response: 64,
  record: 192,
  start: 96,
  startResponse: 320,
  finish: 64,
} as const;

/** The cost of Argon2id, with four lanes. */
export interface PasswordCost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** What clients stretch a password with: compiled in, and no less is ever used. Spec: accounts §4. */
export const PASSWORD_COST: PasswordCost = { memoryKiB: 65_536, passes: 3 };

/** A session, as it is answered to who opened it. */
export interface OpenedSession {
  readonly session: SessionId;
  readonly role: AccountRole;
  readonly expires: number;
  readonly account: AccountHandle;
}

/** `GET /v1/directory`. */
export interface DirectoryInfo extends Evaluators {
  /** What capabilities are made out to, and the server that passwords are registered with. */
  readonly id: string;
  readonly version: string;
  readonly time: number;
  /** Its static OPAQUE key, which clients pin. */
  readonly opaque: Bytes;
  /** What a guess at a password costs, in the records that it has: `PASSWORD_COST`. */
  readonly kdf: PasswordCost;
  /** The key that signs checkpoints of its log, which clients pin. */
  readonly log: VerifyKey;
  /** Whether patients may sign in with a text message. */
  readonly sms: boolean;
  readonly limits: Readonly<Record<string, number>>;
}

/** `POST /v1/sign-ups`. */
export interface SignUpStart {
  readonly login: LoginTag;
  readonly registration: Bytes;
}

export interface SignUpStarted {
  readonly signUp: AttemptId;
  readonly response: Bytes;
}

/** `POST /v1/sign-ups/{id}/finish`, answered with an `OpenedSession`. */
export interface SignUpFinish {
  readonly record: Bytes;
  /** From genesis to the first `account/root`. */
  readonly links: readonly Bytes[];
  /** SHA-256 of the recovery tag. */
  readonly recovery: Digest;
  /** The first is the one that the session is in. */
  readonly roles: readonly AccountRole[];
}

/** `POST /v1/sign-ins`. */
export interface SignInStart {
  readonly login: LoginTag;
  readonly start: Bytes;
  readonly role: AccountRole;
}

export interface SignInStarted {
  readonly signIn: AttemptId;
  readonly response: Bytes;
}

/** `POST /v1/sign-ins/{id}/finish`. */
export interface SignInFinish {
  readonly finish: Bytes;
}

export interface SignInFinished {
  /** What the sign-in can be finished with; none when there is a session. */
  readonly factors: readonly FactorKind[];
  readonly session: OpenedSession | null;
}

/** `POST /v1/sign-ins/{id}/second`, answered with an `OpenedSession`. */
export type SecondProof =
  | { readonly kind: "totp"; readonly code: string }
  | { readonly kind: "sms"; readonly code: string }
  /** `assertion`: a WebAuthn AuthenticationResponseJSON. */
  | { readonly kind: "passkey"; readonly assertion: string };

/** `POST /v1/account/password` and `POST /v1/recoveries/{id}`. */
export interface PasswordRegistration {
  readonly registration: Bytes;
}

export interface PasswordResponse {
  readonly response: Bytes;
}

/** `POST /v1/account/password/finish` and `POST /v1/recoveries/{id}/finish`. */
export interface PasswordFinish {
  readonly record: Bytes;
  readonly links: readonly Bytes[];
}

/** `POST /v1/account/phrase`. */
export interface PhraseChange {
  /** SHA-256 of the new recovery tag. */
  readonly recovery: Digest;
  readonly links: readonly Bytes[];
}

/** `POST /v1/recoveries`. */
export interface RecoveryStart {
  readonly login: LoginTag;
  /** The recovery tag itself, of which the directory has the digest. */
  readonly tag: Bytes;
}

export interface RecoveryStarted {
  readonly account: AccountHandle;
  readonly links: readonly Bytes[];
  /** Whether there are more, at `GET /v1/recoveries/{id}/chain`. */
  readonly more: boolean;
  readonly recovery: AttemptId;
}

export const directoryInfoSchema: Schema<DirectoryInfo> = v.strictObject({
  id: textField(64, 1),
  version: textField(64),
  time: timeField(),
  opaque: exactly(32),
  kdf: v.strictObject({ memoryKiB: uintField(), passes: uintField() }),
  log: opaqueField(VerifyKey),
  ...evaluatorFields,
  sms: v.boolean(),
  limits: v.record(v.string(), uintField()),
});

export const openedSessionSchema: Schema<OpenedSession> = v.strictObject({
  session: opaqueField(SessionId),
  role: roleField,
  expires: timeField(),
  account: opaqueField(AccountHandle),
});

export const signUpStartSchema: Schema<SignUpStart> = v.strictObject({
  login: opaqueField(LoginTag),
  registration: exactly(OPAQUE_BYTES.registration),
});

export const signUpStartedSchema: Schema<SignUpStarted> = v.strictObject({
  signUp: attemptField,
  response: exactly(OPAQUE_BYTES.response),
});

export const signUpFinishSchema: Schema<SignUpFinish> = v.strictObject({
  record: exactly(OPAQUE_BYTES.record),
  links: linksField,
  recovery: opaqueField(Digest),
  roles: rolesField,
});

export const signInStartSchema: Schema<SignInStart> = v.strictObject({
  login: opaqueField(LoginTag),
  start: exactly(OPAQUE_BYTES.start),
  role: roleField,
});

export const signInStartedSchema: Schema<SignInStarted> = v.strictObject({
  signIn: attemptField,
  response: exactly(OPAQUE_BYTES.startResponse),
});

export const signInFinishSchema: Schema<SignInFinish> = v.strictObject({
  finish: exactly(OPAQUE_BYTES.finish),
});

export const signInFinishedSchema: Schema<SignInFinished> = v.strictObject({
  factors: listField(factorKindField, FACTOR_KINDS.length),
  session: v.nullable(openedSessionSchema),
});

export const secondProofSchema: Schema<SecondProof> = v.union([
  v.strictObject({ kind: v.picklist(["totp"]), code: codeField }),
  v.strictObject({ kind: v.picklist(["sms"]), code: codeField }),
  v.strictObject({ kind: v.picklist(["passkey"]), assertion: webauthnField }),
]);

export const passwordRegistrationSchema: Schema<PasswordRegistration> = v.strictObject({
  registration: exactly(OPAQUE_BYTES.registration),
});

export const passwordResponseSchema: Schema<PasswordResponse> = v.strictObject({
  response: exactly(OPAQUE_BYTES.response),
});

export const passwordFinishSchema: Schema<PasswordFinish> = v.strictObject({
  record: exactly(OPAQUE_BYTES.record),
  links: linksField,
});

export const phraseChangeSchema: Schema<PhraseChange> = v.strictObject({
  recovery: opaqueField(Digest),
  links: linksField,
});

export const recoveryStartSchema: Schema<RecoveryStart> = v.strictObject({
  login: opaqueField(LoginTag),
  tag: exactly(32),
});

export const recoveryStartedSchema: Schema<RecoveryStarted> = v.strictObject({
  account: opaqueField(AccountHandle),
  links: listField(signedField, CHAIN_PAGE_MAX),
  more: v.boolean(),
  recovery: attemptField,
});
