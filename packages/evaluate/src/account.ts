import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { AccountHandle, splitSigned, type VerifyKey } from "@salus/protocol";
import { type AccountRuleError, accountRules, type LaterAccountType } from "./account-rules.ts";
import {
  type AccountDraft,
  type AccountState,
  accountDraftOf,
  currentRoot,
} from "./account-state.ts";
import { advance, checkFirst, checkNext, type PlaceError } from "./chain-place.ts";
import { type DeviceState, withKey } from "./chain-state.ts";
import { checkKey } from "./signature.ts";
import {
  readPayload,
  readSigned,
  type StatementError,
  type UnverifiedStatement,
  verifyRead,
} from "./statement.ts";

/** Why a link of an account is refused. Spec: accounts §3. */
export type AccountChainError = StatementError | AccountRuleError | PlaceError;

/**
 * Read an account's chain from its first link.
 *
 * Takes:   the signed bytes of link 0 and of those that follow it, up to the end of an append.
 * Fails:   any `AccountChainError`, of the first link that is refused.
 * Cost:    one signature a link.
 * Source:  spec/accounts.md §3; vectors/account-v1.json.
 */
export function readAccount(links: readonly Uint8Array[]): Result<AccountState, AccountChainError> {
  const [first, ...later] = links;
  if (first === undefined) return fail({ kind: "chain-gap" });
  const genesis = readGenesis(first);
  return genesis.ok ? append(genesis.value, later) : genesis;
}

/**
 * The account after one append: all of its links, or none.
 *
 * Fails:   any `AccountChainError`, of the first link that is refused; `chain-fields` also when a
 *          device or way to unlock was added or removed and no `account/root` followed. `state` is as
 *          it was.
 * Cost:    one signature a link.
 * Source:  spec/accounts.md §3.
 */
export function applyAccountLinks(
  state: AccountState,
  links: readonly Uint8Array[],
): Result<AccountState, AccountChainError> {
  return append(accountDraftOf(state), links);
}

/** The device whose `account` key this is, if it is live. */
export function liveAccountDevice(state: AccountState, key: VerifyKey): DeviceState | undefined {
  return withKey(state.devices.values(), (device) => device.sign, key);
}

function append(
  draft: AccountDraft,
  links: readonly Uint8Array[],
): Result<AccountState, AccountChainError> {
  for (const link of links) {
    const entered = enterLink(draft, link);
    if (!entered.ok) return entered;
  }
  const { owed, ...state } = draft;
  return owed === "nothing" ? ok(state) : fail({ kind: "chain-fields" });
}

function readGenesis(signed: Uint8Array): Result<AccountDraft, AccountChainError> {
  const read = readSigned("account/genesis", signed);
  if (!read.ok) return read;
  const { device, root } = read.value.unverified;
  const placed = checkFirst(read.value.unverified);
  if (!placed.ok) return placed;
  if (!equalBytes(device.sign, read.value.parts.key)) return fail({ kind: "unknown-device" });
  if (equalBytes(device.sign, root)) return fail({ kind: "chain-duplicate" });
  const verified = verifyRead(read.value);
  if (!verified.ok) return verified;
  const good = checkKey(root);
  if (!good.ok) return good;
  const { hash, payload } = verified.value;
  return ok({
    account: AccountHandle.of(hash),
    head: { seq: payload.seq, hash },
    time: payload.time,
    hashes: [hash],
    devices: new Map([[toHex(device.id), { ...device, status: "live" as const }]]),
    unlocks: new Map(),
    roots: [root],
    sealed: { seq: payload.seq, wraps: [] },
    owed: "wraps",
  });
}

function enterLink(draft: AccountDraft, signed: Uint8Array): Result<void, AccountChainError> {
  const parts = splitSigned(signed);
  if (!parts.ok) return parts;
  const type = parts.value.type;
  if (!isLaterType(type)) return fail({ kind: "wrong-type" });
  const read = readPayload(type, parts.value, signed);
  return read.ok ? enterRead(draft, read.value) : read;
}

function enterRead<T extends LaterAccountType>(
  draft: AccountDraft,
  read: UnverifiedStatement<T>,
): Result<void, AccountChainError> {
  const placed = checkNext(draft, read.unverified);
  if (!placed.ok) return placed;
  if (!maySign(draft, read.parts.key)) return fail({ kind: "unknown-device" });
  const verified = verifyRead(read);
  if (!verified.ok) return verified;
  const { type, payload, hash } = verified.value;
  const ruled = accountRules[type](draft, payload);
  if (ruled.ok) advance(draft, payload, hash);
  return ruled;
}

/** A live device, or who knows the current root: the way back when no device is left. */
function maySign(draft: AccountDraft, key: VerifyKey): boolean {
  return liveAccountDevice(draft, key) !== undefined || equalBytes(currentRoot(draft), key);
}

function isLaterType(type: string): type is LaterAccountType {
  return Object.hasOwn(accountRules, type);
}
