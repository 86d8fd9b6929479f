import { type Bytes, fail, ok, type Result } from "@salus/base";
import * as v from "valibot";
import { parseAs, type Schema, textField } from "./fields.ts";
import type { Malformed } from "./ids.ts";

/** A WebAuthn RegistrationResponseJSON, as far as a directory looks at it. */
export interface NewCredential {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
  readonly clientExtensionResults: ShownExtensions;
  readonly authenticatorAttachment?: "platform" | "cross-platform" | undefined;
}

/** A WebAuthn AuthenticationResponseJSON, as far as a directory looks at it. */
export interface UsedCredential {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string | undefined;
  };
  readonly clientExtensionResults: ShownExtensions;
}

/**
 * What a directory may see of a credential's extensions: nothing that a key is made of.
 *
 * `PublicKeyCredential.toJSON()` contains the output of `prf`, from which a way to unlock is derived.
 * A client takes it out before it sends; a directory refuses what still has it, so that the fault of
 * one client is found at once and not years later.
 */
export interface ShownExtensions {
  readonly credProps?: { readonly rk?: boolean | undefined } | undefined;
  readonly prf?: { readonly enabled?: boolean | undefined } | undefined;
}

const FIELD_MAX = 16_384;
const field = textField(FIELD_MAX, 1);

const extensions: Schema<ShownExtensions> = v.strictObject({
  credProps: v.optional(v.strictObject({ rk: v.optional(v.boolean()) })),
  prf: v.optional(v.strictObject({ enabled: v.optional(v.boolean()) })),
});

const credential = {
  id: field,
  rawId: field,
  type: v.literal("public-key"),
  clientExtensionResults: extensions,
};

// Not strict: browsers add fields of their own, which are dropped here.
const attestation: Schema<NewCredential> = v.object({
  ...credential,
  response: v.object({ clientDataJSON: field, attestationObject: field }),
  authenticatorAttachment: v.optional(v.picklist(["platform", "cross-platform"])),
});

const assertion: Schema<UsedCredential> = v.object({
  ...credential,
  response: v.object({
    clientDataJSON: field,
    authenticatorData: field,
    signature: field,
    userHandle: v.optional(v.string()),
  }),
});

/** Read what a new passkey says of itself. Fails: `malformed`, also when it shows an output of `prf`. */
export function parseNewCredential(text: string): Result<NewCredential, Malformed> {
  return parseJson(attestation, text, "attestation");
}

/** Read what a passkey signed. Fails: `malformed`, also when it shows an output of `prf`. */
export function parseUsedCredential(text: string): Result<UsedCredential, Malformed> {
  return parseJson(assertion, text, "assertion");
}

/** A credential in two halves: what a directory is shown, and what stays with whoever holds it. */
export interface SplitCredential {
  /** JSON, which the functions above read. */
  readonly shown: string;
  /** The output of `prf`, 32 bytes, when it was asked for and there is one. */
  readonly prf: Bytes | undefined;
}

/**
 * Take out of a credential what a key is made of.
 *
 * Takes:   the JSON of `PublicKeyCredential.toJSON()`.
 * Leaks:   `shown`, to the directory: a public key or a signature, the site, no output of `prf`.
 * Fails:   `malformed`: no credential, or an output that is not of 32 bytes.
 * Source:  spec/accounts.md §2; W3C Web Authentication Level 3 §10.1.4.
 */
export function splitCredential(text: string): Result<SplitCredential, Malformed> {
  const credential = parseJson(anyCredential, text, "credential");
  if (!credential.ok) return credential;
  const { credProps, prf } = credential.value.clientExtensionResults;
  const first = prf?.results?.first;
  const output = first === undefined ? undefined : fromBase64Url(first);
  if (first !== undefined && output?.length !== PRF_BYTES) {
    return fail({ kind: "malformed", what: "credential" });
  }
  const clientExtensionResults: ShownExtensions = {
    ...(credProps && { credProps: { rk: credProps.rk } }),
    ...(prf && { prf: { enabled: prf.enabled } }),
  };
  return ok({
    shown: JSON.stringify({ ...credential.value, clientExtensionResults }),
    prf: output,
  });
}

const PRF_BYTES = 32;

const anyCredential = v.looseObject({
  clientExtensionResults: v.object({
    credProps: v.optional(v.object({ rk: v.optional(v.boolean()) })),
    prf: v.optional(
      v.object({
        enabled: v.optional(v.boolean()),
        results: v.optional(v.object({ first: v.optional(v.string()) })),
      }),
    ),
  }),
});

function fromBase64Url(text: string): Bytes | undefined {
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function parseJson<T>(schema: Schema<T>, text: string, what: string): Result<T, Malformed> {
  try {
    return parseAs(schema, JSON.parse(text), what);
  } catch {
    return fail({ kind: "malformed", what });
  }
}
