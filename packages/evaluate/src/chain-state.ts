import { type Bytes, equalBytes, toHex } from "@salus/base";
import type {
  Absent,
  CellHandle,
  ChainHead,
  Device,
  Digest,
  GrantHandle,
  GrantTerms,
  KemPublic,
  Merge,
  PolicyChoice,
  RequestHandle,
  ScopeHandle,
  SourceHandle,
  VaultHandle,
  VerifyKey,
  Wrap,
} from "@salus/protocol";

/**
 * What a patient's chain says, up to one link: who may write, under which keys, who may read.
 *
 * Everything is found by the hexadecimal of its handle. A state never changes: `applyLinks` makes
 * the next one.
 */
export interface ChainState {
  readonly vault: VaultHandle;
  readonly head: ChainHead;
  /** Of the newest link, as its device said. */
  readonly time: number;
  readonly merge: Merge;
  readonly policy: PolicyChoice;
  readonly policyVersion: number;
  /** The hash of every link, by `seq`. */
  readonly hashes: readonly Digest[];
  readonly devices: ReadonlyMap<string, DeviceState>;
  readonly sources: ReadonlyMap<string, SourceState>;
  readonly cells: ReadonlyMap<string, CellState>;
  readonly scopes: ReadonlyMap<string, ScopeState>;
  readonly grants: ReadonlyMap<string, GrantState>;
  /** By request. */
  readonly approvals: ReadonlyMap<string, ApprovalState>;
  readonly deliveries: readonly DeliveryState[];
  /** What entries of the trail are sealed to, if there is a trail. */
  readonly trail: KemPublic | undefined;
}

export interface DeviceState extends Device {
  readonly status: "live" | "removed";
}

export interface SourceState extends KemPublic {
  readonly source: SourceHandle;
  readonly key: VerifyKey;
  readonly status: "live" | "ended";
}

export interface CellState extends KemPublic {
  readonly cell: CellHandle;
  readonly source: SourceHandle;
  readonly generation: number;
  readonly replaces: CellHandle | undefined;
  readonly successor: CellHandle | undefined;
  readonly status: "live" | "closed";
}

export interface ScopeState {
  readonly scope: ScopeHandle;
  readonly node: SourceHandle | Absent;
  readonly version: number;
  readonly replaces: ScopeHandle | undefined;
  readonly successor: ScopeHandle | undefined;
  readonly status: "live" | "closed";
}

export interface GrantState {
  readonly grant: GrantHandle;
  readonly seq: number;
  readonly terms: GrantTerms;
  /** The terms as they were signed, to which the wrap is bound. */
  readonly termsBytes: Bytes;
  readonly wrap: Wrap;
  readonly status: "live" | "revoked";
}

/** A request that the patient has approved. */
export interface ApprovalState {
  readonly request: RequestHandle;
  /** SHA-256 of the signed request. */
  readonly digest: Digest;
  /** Those that were given at first. */
  readonly grants: readonly GrantHandle[];
  readonly seq: number;
  readonly time: number;
}

/** Keys that were sent to a source, in the order of the links. */
export interface DeliveryState {
  readonly seq: number;
  readonly to: SourceHandle;
  readonly wrap: Wrap;
}

/** What `handle` names in one of the maps of a state. */
export function named<T>(map: ReadonlyMap<string, T>, handle: Uint8Array): T | undefined {
  return map.get(toHex(handle));
}

/** The device whose key this is, if it is live. */
export function liveDevice(state: ChainState, key: VerifyKey): DeviceState | undefined {
  return withKey(state.devices.values(), (device) => device.sign, key);
}

/**
 * Whether a live device's key is the one that signed the first link, and so made the vault.
 *
 * A later link may name any key as a device without its holder's doing: whoever finds herself in a
 * vault that she has not made does not own it.
 */
export function isFounder(state: ChainState, key: VerifyKey): boolean {
  const [founder] = state.devices.values(); // Devices stand in the order in which they came.
  return founder?.status === "live" && equalBytes(founder.sign, key);
}

/** The live source whose roster key this is. */
export function liveSource(state: ChainState, key: VerifyKey): SourceState | undefined {
  return withKey(state.sources.values(), (source) => source.key, key);
}

/** The live one of these whose key this is. */
export function withKey<T extends { readonly status: string }>(
  all: Iterable<T>,
  keyOf: (item: T) => VerifyKey,
  key: VerifyKey,
): T | undefined {
  for (const item of all) {
    if (item.status === "live" && equalBytes(keyOf(item), key)) return item;
  }
  return undefined;
}

/** What the next link must be, until which nothing else follows and no append may end. */
export type Due =
  /** The first of the grants that an approval lists. */
  | {
      readonly next: "chain/grant";
      readonly request: RequestHandle;
      readonly grants: readonly GrantHandle[];
    }
  /** The end of what a grant of an approved request takes the place of. */
  | { readonly next: "chain/revoke"; readonly grant: GrantHandle };

/** A state in the making: `applyLinks` changes one of its own and then gives it out as a state. */
export interface ChainDraft extends ChainState {
  head: ChainHead;
  time: number;
  readonly hashes: Digest[];
  readonly devices: Map<string, DeviceState>;
  readonly sources: Map<string, SourceState>;
  readonly cells: Map<string, CellState>;
  readonly scopes: Map<string, ScopeState>;
  readonly grants: Map<string, GrantState>;
  readonly approvals: Map<string, ApprovalState>;
  readonly deliveries: DeliveryState[];
  trail: KemPublic | undefined;
  policyVersion: number;
  due: Due | undefined;
}

/** A copy that may be changed. Cost: one entry copied for each thing ever named. */
export function draftOf(state: ChainState): ChainDraft {
  return {
    ...state,
    hashes: [...state.hashes],
    devices: new Map(state.devices),
    sources: new Map(state.sources),
    cells: new Map(state.cells),
    scopes: new Map(state.scopes),
    grants: new Map(state.grants),
    approvals: new Map(state.approvals),
    deliveries: [...state.deliveries],
    due: undefined,
  };
}

/** A draft as the state that it has become. */
export function stateOf({ due: _, ...state }: ChainDraft): ChainState {
  return state;
}
