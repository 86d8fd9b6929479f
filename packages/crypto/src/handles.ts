import type { Bytes } from "@salus/base";
import { AttributeHandle, CellHandle, DeviceId, RecordHandle, ScopeHandle } from "@salus/protocol";
import {
  type ContextPart,
  deriveBytes,
  HANDLE_BYTES,
  type Key,
  type Profile,
  type Purpose,
} from "./keys.ts";

/**
 * The name of a cell, which the cloud sees instead of source, category and generation.
 *
 * Leaks:   nothing but that two things belong to one cell.
 * Source:  spec/keys.md §3; vectors/keys-v1.json.
 */
export function cellHandle(cell: Key<"cell">): CellHandle {
  return CellHandle.of(handle(cell, "cell-handle"));
}

/**
 * The name of a scope: one (node, category, map version).
 *
 * Leaks:   nothing but that two things belong to one scope.
 * Source:  spec/keys.md §3; vectors/keys-v1.json.
 */
export function scopeHandle(scope: Key<"scope-index">): ScopeHandle {
  return ScopeHandle.of(handle(scope, "scope-handle"));
}

/** Everything that an ordered map depends on beside its scope. */
export interface OrderedColumn {
  readonly attribute: string;
  readonly profile: Profile;
  readonly bits: number;
  /** SHA-256 of the prior; `flat` maps have one, `private` maps do not. */
  readonly priorDigest?: Uint8Array;
}

/**
 * The name of one ordered column. A query built for another profile, width or prior names another
 * column, so it fails loudly instead of answering wrongly.
 *
 * Leaks:   nothing but that two entries belong to one column.
 * Source:  spec/keys.md §3; vectors/keys-v1.json.
 */
export function orderedColumnHandle(
  scope: Key<"scope-index">,
  column: OrderedColumn,
): AttributeHandle {
  return AttributeHandle.of(handle(scope, "attribute-handle", ...orderedContext(column)));
}

/** What both the key and the handle of an ordered map are derived with. */
export function orderedContext(
  column: OrderedColumn,
): [attribute: string, profile: Profile, bits: number, ...prior: [] | [digest: Uint8Array]] {
  const { attribute, profile, bits, priorDigest } = column;
  return priorDigest === undefined
    ? [attribute, profile, bits]
    : [attribute, profile, bits, priorDigest];
}

/**
 * The name of one sealed column.
 *
 * Leaks:   nothing but that two entries belong to one column.
 * Source:  spec/keys.md §3; vectors/keys-v1.json.
 */
export function sealedColumnHandle(
  cell: Key<"cell-index">,
  attribute: string,
  bits: number,
): AttributeHandle {
  return AttributeHandle.of(handle(cell, "attribute-handle", attribute, bits));
}

/**
 * The name of a record: the same at every revision, so that a repeated upload is an update.
 *
 * Takes:   the FHIR type and the logical id that the source gave.
 * Leaks:   that two revisions are of one record. Names of other sources or vaults do not compare.
 * Source:  spec/keys.md §3; vectors/keys-v1.json.
 */
export function recordHandle(
  organisation: Key<"record-handle">,
  type: string,
  id: string,
): RecordHandle {
  return RecordHandle.of(handle(organisation, "record", type, id));
}

/**
 * The id that a device of an account has in the vault's chain. All her devices know it of each other,
 * and nobody else can tell which device of an account it is, or that it is one.
 *
 * Takes:   `first`, the oldest account root; `device`, its id in the account's chain.
 * Source:  spec/accounts.md §1.
 */
export function vaultDeviceId(first: Key<"account-root">, device: DeviceId): DeviceId {
  return DeviceId.of(handle(first, "vault-device", device));
}

/** The id of the device that everybody is who has an account root. Source: spec/accounts.md §1. */
export function rootDeviceId(root: Key<"account-root">): DeviceId {
  return DeviceId.of(handle(root, "vault-device"));
}

/** The salt of the first link of an account's vault: 16 bytes. Source: spec/accounts.md §1. */
export function vaultSalt(oldest: Key<"account-root">): Bytes {
  return handle(oldest, "vault-salt");
}

function handle(key: Key<Purpose>, purpose: string, ...context: readonly ContextPart[]): Bytes {
  return deriveBytes(key, purpose, ...context).slice(0, HANDLE_BYTES);
}
