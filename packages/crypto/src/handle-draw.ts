import {
  BatchId,
  DeviceId,
  GrantHandle,
  RequestHandle,
  SourceHandle,
  UnlockId,
} from "@salus/protocol";
import { HANDLE_BYTES } from "./keys.ts";
import { randomBytes } from "./random.ts";

/** Name a source in one vault: drawn once by the patient's device. Spec: keys §3. */
export function drawSource(): SourceHandle {
  return SourceHandle.of(randomBytes(HANDLE_BYTES));
}

/** Name a device. Spec: chain §1. */
export function drawDevice(): DeviceId {
  return DeviceId.of(randomBytes(HANDLE_BYTES));
}

/** Name a way to unlock. Spec: accounts §3. */
export function drawUnlock(): UnlockId {
  return UnlockId.of(randomBytes(HANDLE_BYTES));
}

/** Name a grant. Spec: chain §1. */
export function drawGrant(): GrantHandle {
  return GrantHandle.of(randomBytes(HANDLE_BYTES));
}

/** Name a request for access. Spec: requests §1. */
export function drawRequest(): RequestHandle {
  return RequestHandle.of(randomBytes(HANDLE_BYTES));
}

/** Name a batch. Spec: batch §4. */
export function drawBatch(): BatchId {
  return BatchId.of(randomBytes(HANDLE_BYTES));
}
