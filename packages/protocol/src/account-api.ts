import type { Bytes } from "@salus/base";
import * as v from "valibot";
import { OPAQUE_BYTES } from "./directory-api.ts";
import {
  type AccountRole,
  attemptField,
  codeField,
  exactly,
  type FactorKind,
  factorKindField,
  roleField,
  rolesField,
  webauthnField,
} from "./directory-fields.ts";
import { type Mailbox, mailboxSchema } from "./discovery.ts";
import { listField, opaqueField, type Schema, textField, timeField } from "./fields.ts";
import { AccountHandle, type AttemptId, FactorId, SessionId, VerifyKey } from "./ids.ts";

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
  /** Whose requests are of it: a device's, once it belongs to the account. */
  readonly key: VerifyKey;
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

/** Open sessions of one account, and second factors of one. */
const SESSIONS_MAX = 1000;
const FACTORS_MAX = 32;

export const codeSentSchema: Schema<CodeSent> = v.strictObject({
  status: v.picklist(["sent_if_registered"]),
});

export const sessionsPageSchema: Schema<SessionsPage> = v.strictObject({
  sessions: listField<ListedSession>(
    v.strictObject({
      session: opaqueField(SessionId),
      key: opaqueField(VerifyKey),
      role: roleField,
      opened: timeField(),
      seen: timeField(),
      expires: timeField(),
      current: v.boolean(),
    }),
    SESSIONS_MAX,
  ),
});

export const stepUpStartSchema: Schema<StepUpStart> = v.union([
  v.strictObject({ kind: v.picklist(["password"]), start: exactly(OPAQUE_BYTES.start) }),
  v.strictObject({ kind: v.picklist(["totp"]), code: codeField }),
  v.strictObject({ kind: v.picklist(["passkey"]) }),
]);

export const stepUpDoneSchema: Schema<StepUpDone> = v.strictObject({ until: timeField() });

export const stepUpStartedSchema: Schema<StepUpStarted> = v.union([
  stepUpDoneSchema,
  v.strictObject({ stepUp: attemptField, response: exactly(OPAQUE_BYTES.startResponse) }),
  v.strictObject({ stepUp: attemptField, options: webauthnField }),
]);

export const stepUpFinishSchema: Schema<StepUpFinish> = v.union([
  v.strictObject({ finish: exactly(OPAQUE_BYTES.finish) }),
  v.strictObject({ assertion: webauthnField }),
]);

export const accountInfoSchema: Schema<AccountInfo> = v.strictObject({
  account: opaqueField(AccountHandle),
  roles: rolesField,
  factors: listField<ListedFactor>(
    v.strictObject({
      id: opaqueField(FactorId),
      kind: factorKindField,
      added: timeField(),
      hint: textField(64),
    }),
    FACTORS_MAX,
  ),
  discoverable: v.boolean(),
  mailbox: v.nullable(mailboxSchema),
});

export const accountChangeSchema: Schema<AccountChange> = v.strictObject({
  discoverable: v.boolean(),
  roles: rolesField,
});

export const totpSecretSchema: Schema<TotpSecret> = v.strictObject({ secret: exactly(20) });

export const factorCodeSchema: Schema<FactorCode> = v.strictObject({ code: codeField });

export const phoneNumberSchema: Schema<PhoneNumber> = v.strictObject({ number: textField(16, 1) });

export const passkeyOptionsSchema: Schema<PasskeyOptions> = v.strictObject({
  options: webauthnField,
});

export const passkeyAttestationSchema: Schema<PasskeyAttestation> = v.strictObject({
  attestation: webauthnField,
});

export const passkeyQuestionSchema: Schema<PasskeyQuestion> = v.strictObject({
  signIn: attemptField,
});
