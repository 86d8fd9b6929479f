import { equalBytes, toHex } from "@salus/base";
import type {
  AccountHandle,
  ChainHead,
  Digest,
  OpenerId,
  RootWrap,
  Unlock,
  VerifyKey,
  Wrap,
} from "@salus/protocol";
import type { ChainPosition } from "./chain-place.ts";
import { type DeviceState, named } from "./chain-state.ts";

/**
 * What an account's chain says, up to one link: her devices, her ways to unlock, her roots.
 *
 * A state never changes: `applyAccountLinks` makes the next one.
 */
export interface AccountState extends ChainPosition {
  readonly account: AccountHandle;
  readonly devices: ReadonlyMap<string, DeviceState>;
  readonly unlocks: ReadonlyMap<string, UnlockState>;
  /** The keys of all account roots, oldest first; the last is the current. */
  readonly roots: readonly VerifyKey[];
  /** The newest `account/root`: who can open the roots. */
  readonly sealed: SealedRoots;
}

export interface UnlockState extends Unlock {
  readonly status: "live" | "removed";
}

/** Account roots as they were last sealed, and the number of the link that the wraps are bound to. */
export interface SealedRoots {
  readonly seq: number;
  readonly wraps: readonly RootWrap[];
}

/** What must follow before an append may end. */
export type Owed = "nothing" | "wraps" | "new root";

/** A state in the making: `applyAccountLinks` changes one of its own and then gives it out. */
export interface AccountDraft extends AccountState {
  head: ChainHead;
  time: number;
  readonly hashes: Digest[];
  readonly devices: Map<string, DeviceState>;
  readonly unlocks: Map<string, UnlockState>;
  readonly roots: VerifyKey[];
  sealed: SealedRoots;
  owed: Owed;
}

/** The wrap of a device or way to unlock, in the newest `account/root`. */
export function rootWrapFor({ sealed }: AccountState, opener: Uint8Array): Wrap | undefined {
  return sealed.wraps.find(({ to }) => equalBytes(to, opener))?.wrap;
}

/** The key of the current account root. */
export function currentRoot({ roots }: Pick<AccountState, "roots">): VerifyKey {
  return roots.at(-1) as VerifyKey; // The genesis has one.
}

/** Everybody who can open the current roots. */
export function liveOpeners(
  state: Pick<AccountState, "devices" | "unlocks">,
): readonly (DeviceState | UnlockState)[] {
  const all = [...state.devices.values(), ...state.unlocks.values()];
  return all.filter(({ status }) => status === "live");
}

/** Whether a device or a way to unlock ever had this id. */
export function isOpenerKnown(state: AccountState, id: Uint8Array): boolean {
  return named(state.devices, id) !== undefined || named(state.unlocks, id) !== undefined;
}

/** A copy that may be changed. */
export function accountDraftOf(state: AccountState): AccountDraft {
  return {
    ...state,
    hashes: [...state.hashes],
    devices: new Map(state.devices),
    unlocks: new Map(state.unlocks),
    roots: [...state.roots],
    owed: "nothing",
  };
}

/** The live opener of an id. */
export function liveOpener(
  state: Pick<AccountState, "devices" | "unlocks">,
  id: OpenerId,
): DeviceState | UnlockState | undefined {
  const opener = state.devices.get(toHex(id)) ?? state.unlocks.get(toHex(id));
  return opener?.status === "live" ? opener : undefined;
}
