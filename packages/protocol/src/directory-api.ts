import type { Bytes } from "@salus/base";
import * as v from "valibot";
import { SIGNED_BYTES_MAX } from "./batch.ts";
import { type Evaluators, evaluatorFields, type Mailbox, mailboxSchema } from "./discovery.ts";
import {
  bytesField,
  checked,
  listField,
  opaqueField,
  type Schema,
  textField,
  uintField,
} from "./fields.ts";
import {
  AccountHandle,
  AttemptId,
  Digest,
  FactorId,
  LoginTag,
  SessionId,
  VerifyKey,
} from "./ids.ts";
import { CHAIN_PAGE_MAX, LIMITS } from "./limits.ts";

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

/** What a person uses the directory as. What she may do is said by certificates. Spec: accounts §1. */
export type AccountRole = "patient" | "practitioner" | "administrator";

/** What a sign-in may be finished with, beside the password. */
export type FactorKind = "totp" | "sms" | "passkey";

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

/** What is answered wherever a text message may have been sent. */
export interface CodeSent {
  readonly status: "sent_if_registered";
}

/** `GET /v1/sessions`. */
export interface SessionsPage {
  readonly sessions: readonly ListedSession[];
}

export interface ListedSession {
  readonly session: SessionId;
  readonly role: AccountRole;
  readonly opened: number;
  readonly seen: number;
  readonly expires: number;
  readonly current: boolean;
}

/** `POST /v1/step-ups`. */
export type StepUpStart =
  | { readonly kind: "password"; readonly start: Bytes }
  | { readonly kind: "totp"; readonly code: string }
  | { readonly kind: "passkey" };

/** A code is answered with `until` at once, the others with what they go on with. */
export type StepUpStarted =
  | StepUpDone
  | { readonly stepUp: AttemptId; readonly response: Bytes }
  /** A WebAuthn PublicKeyCredentialRequestOptionsJSON. */
  | { readonly stepUp: AttemptId; readonly options: string };

/** `POST /v1/step-ups/{id}/finish`. */
export type StepUpFinish = { readonly finish: Bytes } | { readonly assertion: string };

export interface StepUpDone {
  /** Until when this session may do what needs a step-up. */
  readonly until: number;
}

/** `GET /v1/account`. */
export interface AccountInfo {
  readonly account: AccountHandle;
  readonly roles: readonly AccountRole[];
  readonly factors: readonly ListedFactor[];
  readonly discoverable: boolean;
  readonly mailbox: Mailbox | null;
}

export interface ListedFactor {
  readonly id: FactorId;
  readonly kind: FactorKind;
  readonly added: number;
  /** Enough for its owner to know it by: the last digits of a number. */
  readonly hint: string;
}

/** `POST /v1/account`. */
export interface AccountChange {
  readonly discoverable: boolean;
  readonly roles: readonly AccountRole[];
}

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

/** `POST /v1/factors/totp`. */
export interface TotpSecret {
  readonly secret: Bytes;
}

/** `POST /v1/factors/totp/finish` and `POST /v1/factors/phone/finish`. */
export interface FactorCode {
  readonly code: string;
}

/** `POST /v1/factors/phone`. */
export interface PhoneNumber {
  readonly number: string;
}

/** `POST /v1/factors/passkey` and `POST /v1/passkeys/options`: WebAuthn options as JSON. */
export interface PasskeyOptions {
  readonly options: string;
}

/** `POST /v1/factors/passkey/finish`: a WebAuthn RegistrationResponseJSON. */
export interface PasskeyAttestation {
  readonly attestation: string;
}

/** `POST /v1/passkeys/options`. */
export interface PasskeyQuestion {
  readonly signIn: AttemptId;
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

const ROLES = ["patient", "practitioner", "administrator"] as const;
const FACTORS = ["totp", "sms", "passkey"] as const;
const CODE_BYTES_MAX = 8;
const WEBAUTHN_BYTES_MAX = 16_384;
/** Open sessions of one account, and second factors of one. */
const SESSIONS_MAX = 1000;
const FACTORS_MAX = 32;

const signed = bytesField(1, SIGNED_BYTES_MAX);
const someLinks: Schema<readonly Bytes[]> = checked(
  listField(signed, LIMITS.links),
  (links) => links.length > 0,
);
const role: Schema<AccountRole> = v.picklist(ROLES);
const roles: Schema<readonly AccountRole[]> = checked(
  listField(role, ROLES.length),
  (list) => list.length > 0 && new Set(list).size === list.length,
);
const factorKind: Schema<FactorKind> = v.picklist(FACTORS);
const attempt = opaqueField(AttemptId);
const code = textField(CODE_BYTES_MAX, 1);
const webauthn = textField(WEBAUTHN_BYTES_MAX, 1);

function exactly(size: number): Schema<Bytes> {
  return bytesField(size, size);
}

export const directoryInfoSchema: Schema<DirectoryInfo> = v.strictObject({
  id: textField(64, 1),
  version: textField(64),
  time: uintField(),
  opaque: exactly(32),
  kdf: v.strictObject({ memoryKiB: uintField(), passes: uintField() }),
  log: opaqueField(VerifyKey),
  ...evaluatorFields,
  sms: v.boolean(),
  limits: v.record(v.string(), uintField()),
});

export const openedSessionSchema: Schema<OpenedSession> = v.strictObject({
  session: opaqueField(SessionId),
  role,
  expires: uintField(),
  account: opaqueField(AccountHandle),
});

export const signUpStartSchema: Schema<SignUpStart> = v.strictObject({
  login: opaqueField(LoginTag),
  registration: exactly(OPAQUE_BYTES.registration),
});

export const signUpStartedSchema: Schema<SignUpStarted> = v.strictObject({
  signUp: attempt,
  response: exactly(OPAQUE_BYTES.response),
});

export const signUpFinishSchema: Schema<SignUpFinish> = v.strictObject({
  record: exactly(OPAQUE_BYTES.record),
  links: someLinks,
  recovery: opaqueField(Digest),
  roles,
});

export const signInStartSchema: Schema<SignInStart> = v.strictObject({
  login: opaqueField(LoginTag),
  start: exactly(OPAQUE_BYTES.start),
  role,
});

export const signInStartedSchema: Schema<SignInStarted> = v.strictObject({
  signIn: attempt,
  response: exactly(OPAQUE_BYTES.startResponse),
});

export const signInFinishSchema: Schema<SignInFinish> = v.strictObject({
  finish: exactly(OPAQUE_BYTES.finish),
});

export const signInFinishedSchema: Schema<SignInFinished> = v.strictObject({
  factors: listField(factorKind, FACTORS.length),
  session: v.nullable(openedSessionSchema),
});

export const secondProofSchema: Schema<SecondProof> = v.union([
  v.strictObject({ kind: v.picklist(["totp"]), code }),
  v.strictObject({ kind: v.picklist(["sms"]), code }),
  v.strictObject({ kind: v.picklist(["passkey"]), assertion: webauthn }),
]);

export const codeSentSchema: Schema<CodeSent> = v.strictObject({
  status: v.picklist(["sent_if_registered"]),
});

export const sessionsPageSchema: Schema<SessionsPage> = v.strictObject({
  sessions: listField<ListedSession>(
    v.strictObject({
      session: opaqueField(SessionId),
      role,
      opened: uintField(),
      seen: uintField(),
      expires: uintField(),
      current: v.boolean(),
    }),
    SESSIONS_MAX,
  ),
});

export const stepUpStartSchema: Schema<StepUpStart> = v.union([
  v.strictObject({ kind: v.picklist(["password"]), start: exactly(OPAQUE_BYTES.start) }),
  v.strictObject({ kind: v.picklist(["totp"]), code }),
  v.strictObject({ kind: v.picklist(["passkey"]) }),
]);

export const stepUpDoneSchema: Schema<StepUpDone> = v.strictObject({ until: uintField() });

export const stepUpStartedSchema: Schema<StepUpStarted> = v.union([
  stepUpDoneSchema,
  v.strictObject({ stepUp: attempt, response: exactly(OPAQUE_BYTES.startResponse) }),
  v.strictObject({ stepUp: attempt, options: webauthn }),
]);

export const stepUpFinishSchema: Schema<StepUpFinish> = v.union([
  v.strictObject({ finish: exactly(OPAQUE_BYTES.finish) }),
  v.strictObject({ assertion: webauthn }),
]);

export const accountInfoSchema: Schema<AccountInfo> = v.strictObject({
  account: opaqueField(AccountHandle),
  roles,
  factors: listField<ListedFactor>(
    v.strictObject({
      id: opaqueField(FactorId),
      kind: factorKind,
      added: uintField(),
      hint: textField(64),
    }),
    FACTORS_MAX,
  ),
  discoverable: v.boolean(),
  mailbox: v.nullable(mailboxSchema),
});

export const accountChangeSchema: Schema<AccountChange> = v.strictObject({
  discoverable: v.boolean(),
  roles,
});

export const passwordRegistrationSchema: Schema<PasswordRegistration> = v.strictObject({
  registration: exactly(OPAQUE_BYTES.registration),
});

export const passwordResponseSchema: Schema<PasswordResponse> = v.strictObject({
  response: exactly(OPAQUE_BYTES.response),
});

export const passwordFinishSchema: Schema<PasswordFinish> = v.strictObject({
  record: exactly(OPAQUE_BYTES.record),
  links: someLinks,
});

export const totpSecretSchema: Schema<TotpSecret> = v.strictObject({ secret: exactly(20) });

export const factorCodeSchema: Schema<FactorCode> = v.strictObject({ code });

export const phoneNumberSchema: Schema<PhoneNumber> = v.strictObject({ number: textField(16, 1) });

export const passkeyOptionsSchema: Schema<PasskeyOptions> = v.strictObject({ options: webauthn });

export const passkeyAttestationSchema: Schema<PasskeyAttestation> = v.strictObject({
  attestation: webauthn,
});

export const passkeyQuestionSchema: Schema<PasskeyQuestion> = v.strictObject({ signIn: attempt });

export const recoveryStartSchema: Schema<RecoveryStart> = v.strictObject({
  login: opaqueField(LoginTag),
  tag: exactly(32),
});

export const recoveryStartedSchema: Schema<RecoveryStarted> = v.strictObject({
  account: opaqueField(AccountHandle),
  links: listField(signed, CHAIN_PAGE_MAX),
  more: v.boolean(),
  recovery: attempt,
});
