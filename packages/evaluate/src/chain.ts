import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { splitSigned, VaultHandle } from "@salus/protocol";
import { checkDue } from "./approval-rules.ts";
import { advance, checkFirst, checkNext, type PlaceError } from "./chain-place.ts";
import { type ChainRuleError, type LaterType, linkRules } from "./chain-rules.ts";
import { type ChainDraft, type ChainState, draftOf, liveDevice, stateOf } from "./chain-state.ts";
import {
  readPayload,
  readSigned,
  type Statement,
  type StatementError,
  statementOf,
  type UnverifiedStatement,
  verifyRead,
} from "./statement.ts";

/** Why a link is refused. Spec: chain §2. */
export type ChainError = StatementError | ChainRuleError | PlaceError;

/**
 * Read a chain from its first link.
 *
 * Takes:   the signed bytes of link 0 and of any that follow it.
 * Fails:   any `ChainError`, of the first link that is refused.
 * Cost:    one signature a link, and a millisecond for every key that it names.
 * Source:  spec/chain.md; vectors/chain-v1.json.
 */
export function readChain(links: readonly Uint8Array[]): Result<ChainState, ChainError> {
  const [first, ...later] = links;
  if (first === undefined) return fail({ kind: "chain-gap" });
  const genesis = readGenesis(first);
  return genesis.ok ? applyLinks(genesis.value, later) : genesis;
}

/**
 * The state after some more links: all of them, or none.
 *
 * Fails:   any `ChainError`, of the first link that is refused; `state` is as it was.
 * Cost:    one signature a link, and one copy of the state for the whole list.
 * Source:  spec/chain.md §2, §3.
 */
export function applyLinks(
  state: ChainState,
  links: readonly Uint8Array[],
): Result<ChainState, ChainError> {
  return enterLinks(state, links, verifyRead);
}

/**
 * The state after links that the caller has just signed: every rule holds for them as for those of
 * others, and only the signatures, which were made here a moment ago, are not verified again.
 *
 * Fails:   any `ChainError`, of the first link that is refused; `state` is as it was.
 */
export function applyOwnLinks(
  state: ChainState,
  links: readonly Uint8Array[],
): Result<ChainState, ChainError> {
  return enterLinks(state, links, (read) => ok(statementOf(read)));
}

/** How a link that was read becomes one that counts. */
type Verify = <T extends LaterType>(
  read: UnverifiedStatement<T>,
) => Result<Statement<T>, StatementError>;

function enterLinks(
  state: ChainState,
  links: readonly Uint8Array[],
  verify: Verify,
): Result<ChainState, ChainError> {
  const draft = draftOf(state);
  for (const link of links) {
    const entered = enterLink(draft, link, verify);
    if (!entered.ok) return entered;
  }
  // An approval and its grants are one thing, and so are a grant and the end of what it replaces.
  return draft.due === undefined ? ok(stateOf(draft)) : fail({ kind: "chain-fields" });
}

function readGenesis(signed: Uint8Array): Result<ChainState, ChainError> {
  const read = readSigned("chain/genesis", signed);
  if (!read.ok) return read;
  const { seq, device } = read.value.unverified;
  const placed = checkFirst(read.value.unverified);
  if (!placed.ok) return placed;
  if (!equalBytes(device.sign, read.value.parts.key)) return fail({ kind: "unknown-device" });
  const verified = verifyRead(read.value);
  if (!verified.ok) return verified;
  const { hash, payload } = verified.value;
  const { merge, policy, policyVersion, time } = payload;
  return ok({
    vault: VaultHandle.of(hash),
    head: { seq, hash },
    time,
    merge,
    policy,
    policyVersion,
    hashes: [hash],
    devices: new Map([[toHex(device.id), { ...device, status: "live" as const }]]),
    sources: new Map(),
    cells: new Map(),
    scopes: new Map(),
    grants: new Map(),
    approvals: new Map(),
    deliveries: [],
    trail: undefined,
  });
}

function enterLink(
  draft: ChainDraft,
  signed: Uint8Array,
  verify: Verify,
): Result<void, ChainError> {
  const parts = splitSigned(signed);
  if (!parts.ok) return parts;
  const type = parts.value.type;
  if (!isLaterType(type)) return fail({ kind: "wrong-type" });
  const read = readPayload(type, parts.value, signed);
  return read.ok ? enterRead(draft, read.value, verify) : read;
}

function enterRead<T extends LaterType>(
  draft: ChainDraft,
  read: UnverifiedStatement<T>,
  verify: Verify,
): Result<void, ChainError> {
  const placed = checkPlace(draft, read);
  if (!placed.ok) return placed;
  const verified = verify(read);
  if (!verified.ok) return verified;
  const { type, payload, hash } = verified.value;
  const due = checkDue(draft, type, payload);
  if (!due.ok) return due;
  const ruled = linkRules[type](draft, payload);
  if (!ruled.ok) return ruled;
  advance(draft, payload, hash);
  return ok(undefined);
}

function checkPlace(
  draft: ChainDraft,
  read: UnverifiedStatement<LaterType>,
): Result<void, ChainError> {
  const follows = checkNext(draft, read.unverified);
  if (!follows.ok) return follows;
  const signer = liveDevice(draft, read.parts.key);
  return signer === undefined ? fail({ kind: "unknown-device" }) : ok(undefined);
}

function isLaterType(type: string): type is LaterType {
  return Object.hasOwn(linkRules, type);
}
