import type { Bytes } from "@salus/base";
import * as v from "valibot";
import { SIGNED_BYTES_MAX } from "./batch.ts";
import { bytesField, checked, listField, opaqueField, type Schema, textField } from "./fields.ts";
import { AttemptId } from "./ids.ts";
import { LIMITS } from "./limits.ts";

const ACCOUNT_ROLES = ["patient", "practitioner", "administrator"] as const;

/** What a person uses the directory as. What she may do is said by certificates. Spec: accounts §1. */
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

export const FACTOR_KINDS = ["totp", "sms", "passkey"] as const;

/** What a sign-in may be finished with, beside the password. */
export type FactorKind = (typeof FACTOR_KINDS)[number];

const CODE_BYTES_MAX = 8;
const WEBAUTHN_BYTES_MAX = 16_384;

export const roleField: Schema<AccountRole> = v.picklist(ACCOUNT_ROLES);

/** Roles of one account: at least one, none twice. */
export const rolesField: Schema<readonly AccountRole[]> = checked(
  listField(roleField, ACCOUNT_ROLES.length),
  (list) => list.length > 0 && new Set(list).size === list.length,
);

export const factorKindField: Schema<FactorKind> = v.picklist(FACTOR_KINDS);

export const attemptField: Schema<AttemptId> = opaqueField(AttemptId);

/** What was read off a telephone or an authenticator. */
export const codeField: Schema<string> = textField(CODE_BYTES_MAX, 1);

/** JSON of the WebAuthn API. */
export const webauthnField: Schema<string> = textField(WEBAUTHN_BYTES_MAX, 1);

export const signedField: Schema<Bytes> = bytesField(1, SIGNED_BYTES_MAX);

/** The links of one append. */
export const linksField: Schema<readonly Bytes[]> = checked(
  listField(signedField, LIMITS.links),
  (links) => links.length > 0,
);

/** Byte strings of one length. */
export function exactly(size: number): Schema<Bytes> {
  return bytesField(size, size);
}
