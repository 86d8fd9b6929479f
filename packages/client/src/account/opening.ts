import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  derive,
  KemPair,
  type Key,
  type OpenedRoots,
  openRoots,
  rootKey,
  unlockPair,
} from "@salus/crypto";
import { type AccountState, rootWrapFor } from "@salus/evaluate";
import type { DeviceId, UnlockId, UnlockKind } from "@salus/protocol";
import type { AccountError } from "./failure.ts";

const DEVICE_SUITE = 1;

/** The key pair that account roots are sealed to on a device. */
export function devicePair(device: Key<"device-root">): KemPair {
  return new KemPair(derive(device, "kem-seed", "account"), DEVICE_SUITE);
}

/**
 * Open the newest roots as a live device.
 *
 * Fails:   `unlisted-wrap`: there is nothing for it. `key-integrity`: what there is does not open, or
 *          opens to other roots than the chain has.
 * Cost:    a decapsulation, and a key for each root.
 */
export function openAsDevice(
  state: AccountState,
  id: DeviceId,
  device: Key<"device-root">,
): Promise<Result<OpenedRoots, AccountError>> {
  return openAs(state, id, devicePair(device));
}

/**
 * Open the newest roots with what somebody knows or has.
 *
 * Fails:   `unlisted-wrap`: the chain lists no such way to unlock. `key-integrity`.
 */
export async function openWith(
  state: AccountState,
  kind: UnlockKind,
  secret: Key<"unlock-secret">,
): Promise<Result<OpenedRoots, AccountError>> {
  const pair = unlockPair(kind, secret, state.account);
  const listed = [...state.unlocks.values()].find(
    (unlock) =>
      unlock.status === "live" && unlock.kind === kind && equalBytes(unlock.kem, pair.kem),
  );
  return listed === undefined ? fail({ kind: "unlisted-wrap" }) : openAs(state, listed.id, pair);
}

async function openAs(
  state: AccountState,
  to: DeviceId | UnlockId,
  pair: KemPair,
): Promise<Result<OpenedRoots, AccountError>> {
  const wrap = rootWrapFor(state, to);
  if (wrap === undefined) return fail({ kind: "unlisted-wrap" });
  const place = { account: state.account, seq: state.sealed.seq, to };
  const opened = await openRoots(pair, place, wrap);
  if (!opened.ok) return fail({ kind: "key-integrity" });
  const { roots } = opened.value;
  const same =
    roots.length === state.roots.length &&
    roots.every((root, at) => equalBytes(rootKey(root), state.roots[at] ?? NO_KEY));
  return same ? ok(opened.value) : fail({ kind: "key-integrity" });
}

const NO_KEY = new Uint8Array(0);
