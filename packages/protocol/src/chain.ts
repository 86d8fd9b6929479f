import type { Bytes } from "@salus/base";
import * as v from "valibot";
import {
  bytesField,
  checked,
  listField,
  opaqueField,
  type Schema,
  timeField,
  uintField,
} from "./fields.ts";
import {
  Absent,
  CellHandle,
  DeviceId,
  Digest,
  GrantHandle,
  RequestHandle,
  ScopeHandle,
  SourceHandle,
  VerifyKey,
} from "./ids.ts";
import { APPROVAL_GRANTS_MAX } from "./limits.ts";
import { parseGrantTerms } from "./sharing.ts";
import { type KemPublic, kemField, kemFits, suiteField, type Wrap, wrapField } from "./suites.ts";

/** What every link says of its place in the chain. Spec: chain §1. */
export interface LinkPlace {
  readonly seq: number;
  readonly prev: Digest;
  readonly time: number;
}

/** A device of the patient. */
export interface Device extends KemPublic {
  readonly id: DeviceId;
  readonly sign: VerifyKey;
}

/** Who adds the entries of the root scope: the sources as they upload, or the patient's device. */
export type Merge = "sources" | "owner";

/** Which attributes get an ordered index: those of the policy, or none. */
export type PolicyChoice = "balanced" | "sealed-only";

export interface GenesisLink extends LinkPlace {
  readonly device: Device;
  readonly merge: Merge;
  readonly policy: PolicyChoice;
  readonly policyVersion: number;
  readonly salt: Bytes;
}

export interface DeviceLink extends LinkPlace {
  readonly op: "add" | "remove";
  readonly device: Device;
}

export interface RosterLink extends LinkPlace, KemPublic {
  readonly op: "add" | "end";
  readonly source: SourceHandle;
  readonly key: VerifyKey;
}

export interface CellLink extends LinkPlace, KemPublic {
  readonly cell: CellHandle;
  readonly source: SourceHandle;
  readonly generation: number;
  readonly replaces: readonly CellHandle[];
}

export interface ScopeLink extends LinkPlace {
  readonly scope: ScopeHandle;
  /** The organisation at whose node the scope is; absent for the root. */
  readonly node: SourceHandle | Absent;
  readonly version: number;
  readonly replaces: readonly ScopeHandle[];
}

export interface KeysLink extends LinkPlace {
  readonly to: SourceHandle;
  readonly wrap: Wrap;
}

export interface GrantLink extends LinkPlace {
  readonly grant: GrantHandle;
  /** CBOR of `GrantTerms`: bytes, because the wrap is bound to exactly these. */
  readonly terms: Bytes;
  readonly wrap: Wrap;
}

/** Cells and scopes under which nothing more is accepted. */
export interface Closes {
  readonly cells: readonly CellHandle[];
  readonly scopes: readonly ScopeHandle[];
}

/** The patient's yes to a request: exactly the grants that it lists follow. Spec: requests §2. */
export interface ApprovalLink extends LinkPlace {
  readonly request: RequestHandle;
  /** SHA-256 of the signed request. */
  readonly digest: Digest;
  readonly grants: readonly GrantHandle[];
}

/** The key that entries of the trail are sealed to. Spec: log §2. */
export interface TrailLink extends LinkPlace, KemPublic {}

/** From here on searches go by this version of the index policy: all that is stored has its entries. */
export interface PolicyLink extends LinkPlace {
  readonly policyVersion: number;
}

export interface RevokeLink extends LinkPlace {
  readonly grant: GrantHandle;
  readonly closes: Closes;
}

export interface GenerationLink extends LinkPlace {
  readonly closes: Closes;
}

/** The payload of each type of link. Spec: chain §1. */
export interface ChainPayloads {
  "chain/genesis": GenesisLink;
  "chain/device": DeviceLink;
  "chain/roster": RosterLink;
  "chain/cell": CellLink;
  "chain/scope": ScopeLink;
  "chain/keys": KeysLink;
  "chain/grant": GrantLink;
  "chain/revoke": RevokeLink;
  "chain/generation": GenerationLink;
  "chain/approval": ApprovalLink;
  "chain/trail": TrailLink;
  "chain/policy": PolicyLink;
}

export type LinkType = keyof ChainPayloads;

/** A link has at most 65,536 bytes, so a list of 16-byte handles in it has fewer than this. */
const HANDLES_MAX = 4096;
/** Three lists of 4,096 handles, and the rest. */
const TERMS_BYTES_MAX = 262_144;

/** The fields of `LinkPlace`, in every schema of a link. */
export const placeFields: {
  readonly seq: Schema<number>;
  readonly prev: Schema<Digest>;
  readonly time: Schema<number>;
} = {
  seq: uintField(),
  prev: opaqueField(Digest),
  time: timeField(),
};
const keys = { suite: suiteField, kem: kemField };

export const deviceField: Schema<Device> = checked(
  v.strictObject({ id: opaqueField(DeviceId), sign: opaqueField(VerifyKey), ...keys }),
  kemFits,
);

const closes: Schema<Closes> = v.strictObject({
  cells: listField(opaqueField(CellHandle), HANDLES_MAX),
  scopes: listField(opaqueField(ScopeHandle), HANDLES_MAX),
});

export const chainSchemas: { readonly [T in LinkType]: Schema<ChainPayloads[T]> } = {
  "chain/genesis": v.strictObject({
    ...placeFields,
    device: deviceField,
    merge: v.picklist(["sources", "owner"]),
    policy: v.picklist(["balanced", "sealed-only"]),
    policyVersion: uintField(0, 0xffff_ffff),
    salt: bytesField(16, 16),
  }),
  "chain/device": v.strictObject({
    ...placeFields,
    op: v.picklist(["add", "remove"]),
    device: deviceField,
  }),
  "chain/roster": checked<RosterLink>(
    v.strictObject({
      ...placeFields,
      ...keys,
      op: v.picklist(["add", "end"]),
      source: opaqueField(SourceHandle),
      key: opaqueField(VerifyKey),
    }),
    kemFits,
  ),
  "chain/cell": checked<CellLink>(
    v.strictObject({
      ...placeFields,
      ...keys,
      cell: opaqueField(CellHandle),
      source: opaqueField(SourceHandle),
      generation: uintField(1, 0xffff_ffff),
      replaces: listField(opaqueField(CellHandle), 1),
    }),
    kemFits,
  ),
  "chain/scope": v.strictObject({
    ...placeFields,
    scope: opaqueField(ScopeHandle),
    node: v.union([opaqueField(SourceHandle), opaqueField(Absent)]),
    version: uintField(1, 0xffff_ffff),
    replaces: listField(opaqueField(ScopeHandle), 1),
  }),
  "chain/keys": v.strictObject({ ...placeFields, to: opaqueField(SourceHandle), wrap: wrapField }),
  "chain/grant": v.strictObject({
    ...placeFields,
    grant: opaqueField(GrantHandle),
    terms: checked(bytesField(1, TERMS_BYTES_MAX), (terms) => parseGrantTerms(terms).ok),
    wrap: wrapField,
  }),
  "chain/revoke": v.strictObject({ ...placeFields, grant: opaqueField(GrantHandle), closes }),
  "chain/generation": v.strictObject({ ...placeFields, closes }),
  "chain/approval": v.strictObject({
    ...placeFields,
    request: opaqueField(RequestHandle),
    digest: opaqueField(Digest),
    grants: checked(
      listField(opaqueField(GrantHandle), APPROVAL_GRANTS_MAX),
      (grants) => grants.length > 0,
    ),
  }),
  "chain/trail": checked<TrailLink>(v.strictObject({ ...placeFields, ...keys }), kemFits),
  "chain/policy": v.strictObject({ ...placeFields, policyVersion: uintField(0, 0xffff_ffff) }),
};
