import { type Bytes, compareBytes, type Result } from "@salus/base";
import * as v from "valibot";
import { type Device, deviceField, type LinkPlace, placeFields } from "./chain.ts";
import { bytesField, checked, decodeAs, listField, opaqueField, type Schema } from "./fields.ts";
import {
  Absent,
  AccountHandle,
  DeviceId,
  type Malformed,
  OpenerId,
  UnlockId,
  VaultHandle,
  VerifyKey,
} from "./ids.ts";
import { type KemPublic, kemField, kemFits, suiteField, type Wrap, wrapField } from "./suites.ts";

/** What the private half of a way to unlock is derived from. Spec: accounts §2. */
export type UnlockKind = "password" | "phrase" | "passkey";

/** A way to unlock: a key pair that the account root is sealed to. */
export interface Unlock extends KemPublic {
  readonly id: UnlockId;
  readonly kind: UnlockKind;
}

/** The account root, sealed to one device or way to unlock. */
export interface RootWrap {
  readonly to: OpenerId;
  readonly wrap: Wrap;
}

export interface AccountGenesis extends LinkPlace {
  readonly device: Device;
  /** The Ed25519 key of the account root. */
  readonly root: VerifyKey;
  readonly salt: Bytes;
}

export interface AccountDeviceLink extends LinkPlace {
  readonly op: "add" | "remove";
  readonly device: Device;
}

export interface AccountUnlockLink extends LinkPlace {
  readonly op: "add" | "remove";
  readonly unlock: Unlock;
}

export interface AccountRootLink extends LinkPlace {
  readonly root: VerifyKey;
  readonly wraps: readonly RootWrap[];
}

/** The payload of each type of link of an account's chain. Spec: accounts §3. */
export interface AccountPayloads {
  "account/genesis": AccountGenesis;
  "account/device": AccountDeviceLink;
  "account/unlock": AccountUnlockLink;
  "account/root": AccountRootLink;
}

export type AccountLinkType = keyof AccountPayloads;

/** A link has at most 65,536 bytes, so fewer wraps than this stand in it. */
const WRAPS_MAX = 512;
const ROOTS_MAX = 1024;

const unlock: Schema<Unlock> = checked<Unlock>(
  v.strictObject({
    id: opaqueField(UnlockId),
    kind: v.picklist(["password", "phrase", "passkey"]),
    suite: suiteField,
    kem: kemField,
  }),
  kemFits,
);

const wraps: Schema<readonly RootWrap[]> = checked(
  listField<RootWrap>(v.strictObject({ to: opaqueField(OpenerId), wrap: wrapField }), WRAPS_MAX),
  (list) =>
    list.every(({ to }, at) => at === 0 || compareBytes((list[at - 1] as RootWrap).to, to) < 0),
);

const op = v.picklist(["add", "remove"]);

export const accountSchemas: { readonly [T in AccountLinkType]: Schema<AccountPayloads[T]> } = {
  "account/genesis": v.strictObject({
    ...placeFields,
    device: deviceField,
    root: opaqueField(VerifyKey),
    salt: bytesField(16, 16),
  }),
  "account/device": v.strictObject({ ...placeFields, op, device: deviceField }),
  "account/unlock": v.strictObject({ ...placeFields, op, unlock }),
  "account/root": v.strictObject({ ...placeFields, root: opaqueField(VerifyKey), wraps }),
};

/** What a `root` wrap holds. Spec: accounts §3. */
export interface AccountRoots {
  /** Oldest first; the last is the current. */
  readonly roots: readonly Bytes[];
  /** The handle of the person's vault, or none: known from herself and not from the cloud. */
  readonly vault: VaultHandle | Absent;
  /** The device secret: every device shows it for the printed kit. */
  readonly secret: Bytes;
}

const accountRoots: Schema<AccountRoots> = v.strictObject({
  roots: checked(listField(bytesField(32, 32), ROOTS_MAX), (roots) => roots.length > 0),
  secret: bytesField(16, 16),
  vault: v.union([opaqueField(VaultHandle), opaqueField(Absent)]),
});

/** Read what a `root` wrap held. Fails: `malformed`. */
export function parseAccountRoots(bytes: Bytes): Result<AccountRoots, Malformed> {
  return decodeAs(accountRoots, bytes, "account roots");
}

/** What a device keeps of an account that it belongs to. Spec: keys §5. */
export interface HeldAccount {
  /** The device root. */
  readonly device: Bytes;
  readonly id: DeviceId;
  /** None before a sign-up or a sign-in. */
  readonly account: AccountHandle | Absent;
  /** The device secret; none while somebody signed in without it. */
  readonly secret: Bytes;
  /** As in `AccountRoots`; none while nothing has been unlocked. */
  readonly roots: readonly Bytes[];
  readonly vault: VaultHandle | Absent;
}

const heldAccount: Schema<HeldAccount> = v.strictObject({
  device: bytesField(32, 32),
  id: opaqueField(DeviceId),
  account: v.union([opaqueField(AccountHandle), opaqueField(Absent)]),
  secret: v.union([bytesField(16, 16), opaqueField(Absent)]),
  roots: listField(bytesField(32, 32), ROOTS_MAX),
  vault: v.union([opaqueField(VaultHandle), opaqueField(Absent)]),
});

/** Read what a device keeps. Fails: `malformed`. */
export function parseHeldAccount(bytes: Bytes): Result<HeldAccount, Malformed> {
  return decodeAs(heldAccount, bytes, "held account");
}
