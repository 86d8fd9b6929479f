import type { Bytes, Result } from "@salus/base";
import * as v from "valibot";
import {
  bytesField,
  checked,
  decodeAs,
  listField,
  opaqueField,
  type Schema,
  sortedField,
  textField,
  timeField,
  uintField,
} from "./fields.ts";
import {
  Absent,
  CellHandle,
  Digest,
  GrantHandle,
  type Malformed,
  RequestHandle,
  ScopeHandle,
  SourceHandle,
  VerifyKey,
} from "./ids.ts";
import { type KemPublic, kemField, kemFits, suiteField } from "./suites.ts";

/** What a grant allows, readable by the cloud and shown before it is signed. Spec: sharing §4. */
export interface GrantTerms extends KemPublic {
  readonly grantee: VerifyKey;
  /** A v3-PurposeOfUse code, normally `TREAT`. */
  readonly purpose: string;
  readonly request: RequestHandle | Absent;
  readonly sources: readonly SourceHandle[];
  readonly cells: readonly CellHandle[];
  readonly scopes: readonly ScopeHandle[];
  readonly notBefore: number;
  readonly expires: number;
  /** The period of care that it covers, or none. */
  readonly period: readonly [] | readonly [start: number, end: number];
}

/** What a patient hands to a source, inside a `keys` wrap. Spec: sharing §3. */
export interface Delivery {
  readonly node: Bytes;
  readonly cells: readonly DeliveredCell[];
  readonly scopes: readonly DeliveredScope[];
}

export interface DeliveredCell {
  readonly cell: CellHandle;
  readonly category: string;
  readonly generation: number;
  readonly index: Bytes;
}

export interface DeliveredScope {
  readonly scope: ScopeHandle;
  readonly root: boolean;
  readonly category: string;
  readonly version: number;
  readonly key: Bytes;
}

/** The keys inside a `grant` wrap. Spec: sharing §4. */
export interface GrantedKeys {
  readonly cells: readonly GrantedCell[];
  readonly scopes: readonly GrantedScope[];
}

export interface GrantedCell {
  readonly cell: CellHandle;
  readonly source: SourceHandle;
  readonly category: string;
  readonly generation: number;
  readonly seed: Bytes;
  readonly index: Bytes;
}

export interface GrantedScope {
  readonly scope: ScopeHandle;
  readonly node: SourceHandle | Absent;
  readonly category: string;
  readonly version: number;
  readonly key: Bytes;
}

/** Where somebody stands in the provider tree; `device`: a further device of a physician. */
export type Role = "organisation" | "department" | "physician" | "device";

/** One step of the provider tree, signed by the step above. Spec: sharing §5. */
export interface Certificate extends KemPublic {
  readonly issuer: VerifyKey;
  readonly subject: VerifyKey;
  readonly role: Role;
  /** The provider id. */
  readonly node: string;
  /** The provider id above; empty for an organisation. */
  readonly parent: string;
  readonly name: string;
  /** `system|value`. */
  readonly identifiers: readonly string[];
  readonly notBefore: number;
  readonly expires: number;
}

/** What has become of a certificate, by who stands above it. Spec: sharing §5. */
export interface CertificateStatus {
  /** SHA-256 of the signed certificate. */
  readonly certificate: Digest;
  readonly status: "suspended" | "reinstated" | "left";
  /** From 1 without gaps, for each certificate. */
  readonly seq: number;
  readonly time: number;
}

/** An authority's word, for a few days, that a certificate is as it should be. Spec: sharing §5. */
export interface Attestation {
  /** SHA-256 of the signed certificate. */
  readonly certificate: Digest;
  readonly subject: VerifyKey;
  readonly notBefore: number;
  readonly expires: number;
}

/** How long an attestation may be good for. */
export const ATTESTATION_LIFE_MS = 604_800_000;

/** So much is kept of what one signer says of one certificate. Source: spec/sharing.md §5. */
export const STATUSES_KEPT_MAX = 1000;

/** A right to make one request, signed by who makes it. Spec: sharing §6. */
export interface Capability {
  readonly audience: string;
  readonly method: string;
  readonly path: string;
  readonly body: Digest;
  readonly nonce: Bytes;
  readonly expires: number;
  /** The grant that it is made under, or the request that all grants answer that it is made under. */
  readonly grant: GrantHandle | RequestHandle | Absent;
}

/** How far ahead a capability may expire. */
export const CAPABILITY_LIFE_MS = 300_000;

const NODE_BYTES_MAX = 128;
const CATEGORY_BYTES_MAX = 64;
const PURPOSE_BYTES_MAX = 64;
const NAME_BYTES_MAX = 512;
const IDENTIFIERS_MAX = 32;
const URL_BYTES_MAX = 2048;
const HANDLES_MAX = 4096;

const key = bytesField(32, 32);
const category = textField(CATEGORY_BYTES_MAX, 1);
const version = uintField(1, 0xffff_ffff);
const keys = { suite: suiteField, kem: kemField };

const grantTerms: Schema<GrantTerms> = checked<GrantTerms>(
  v.strictObject({
    ...keys,
    grantee: opaqueField(VerifyKey),
    purpose: textField(PURPOSE_BYTES_MAX, 1),
    request: v.union([opaqueField(RequestHandle), opaqueField(Absent)]),
    sources: sortedField(opaqueField(SourceHandle), HANDLES_MAX),
    cells: sortedField(opaqueField(CellHandle), HANDLES_MAX),
    scopes: sortedField(opaqueField(ScopeHandle), HANDLES_MAX),
    notBefore: timeField(),
    expires: timeField(),
    period: v.union([v.strictTuple([]), v.strictTuple([timeField(), timeField()])]),
  }),
  kemFits,
);

/** Read the terms of a grant. Fails: `malformed`. */
export function parseGrantTerms(terms: Bytes): Result<GrantTerms, Malformed> {
  return decodeAs(grantTerms, terms, "grant terms");
}

const delivery: Schema<Delivery> = v.strictObject({
  node: v.union([key, opaqueField(Absent)]),
  cells: listField<DeliveredCell>(
    v.strictObject({
      cell: opaqueField(CellHandle),
      category,
      generation: version,
      index: key,
    }),
    HANDLES_MAX,
  ),
  scopes: listField<DeliveredScope>(
    checked<DeliveredScope>(
      v.strictObject({
        scope: opaqueField(ScopeHandle),
        root: v.boolean(),
        category,
        version,
        key: v.union([key, opaqueField(Absent)]),
      }),
      // A source derives the keys of its own scopes, and cannot derive the root's.
      (scope) => scope.root === scope.key.length > 0,
    ),
    HANDLES_MAX,
  ),
});

/** Read what a `keys` wrap held. Fails: `malformed`. */
export function parseDelivery(bytes: Bytes): Result<Delivery, Malformed> {
  return decodeAs(delivery, bytes, "delivery");
}

const grantedKeys: Schema<GrantedKeys> = v.strictObject({
  cells: listField<GrantedCell>(
    v.strictObject({
      cell: opaqueField(CellHandle),
      source: opaqueField(SourceHandle),
      category,
      generation: version,
      seed: key,
      index: key,
    }),
    HANDLES_MAX,
  ),
  scopes: listField<GrantedScope>(
    v.strictObject({
      scope: opaqueField(ScopeHandle),
      node: v.union([opaqueField(SourceHandle), opaqueField(Absent)]),
      category,
      version,
      key,
    }),
    HANDLES_MAX,
  ),
});

/** Read what a `grant` wrap held. Fails: `malformed`. */
export function parseGrantedKeys(bytes: Bytes): Result<GrantedKeys, Malformed> {
  return decodeAs(grantedKeys, bytes, "granted keys");
}

export const certificateSchema: Schema<Certificate> = checked<Certificate>(
  v.strictObject({
    ...keys,
    issuer: opaqueField(VerifyKey),
    subject: opaqueField(VerifyKey),
    role: v.picklist(["organisation", "department", "physician", "device"]),
    node: textField(NODE_BYTES_MAX, 1),
    parent: textField(NODE_BYTES_MAX),
    name: textField(NAME_BYTES_MAX),
    identifiers: listField(textField(NAME_BYTES_MAX), IDENTIFIERS_MAX),
    notBefore: timeField(),
    expires: timeField(),
  }),
  kemFits,
);

export const certificateStatusSchema: Schema<CertificateStatus> = v.strictObject({
  certificate: opaqueField(Digest),
  status: v.picklist(["suspended", "reinstated", "left"]),
  seq: uintField(1),
  time: timeField(),
});

export const attestationSchema: Schema<Attestation> = checked<Attestation>(
  v.strictObject({
    certificate: opaqueField(Digest),
    subject: opaqueField(VerifyKey),
    notBefore: timeField(),
    expires: timeField(),
  }),
  ({ notBefore, expires }) => expires >= notBefore && expires - notBefore <= ATTESTATION_LIFE_MS,
);

export const capabilitySchema: Schema<Capability> = v.strictObject({
  audience: textField(NAME_BYTES_MAX),
  method: textField(16),
  path: textField(URL_BYTES_MAX),
  body: opaqueField(Digest),
  nonce: bytesField(16, 16),
  expires: timeField(),
  grant: v.union([opaqueField(GrantHandle), opaqueField(Absent)]),
});
