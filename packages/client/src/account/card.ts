import { equalBytes, fail, ok, type Result } from "@salus/base";
import { derive, type HeldSecrets, Signer } from "@salus/crypto";
import { checkKey } from "@salus/evaluate";
import {
  AccountHandle,
  type Device,
  DeviceId,
  decodeCbor,
  encodeCbor,
  type KemKey,
  SUITES,
  VerifyKey,
} from "@salus/protocol";
import { base64Url, fromBase64Url } from "../http/base64-url.ts";
import type { AccountError } from "./failure.ts";
import { devicePair } from "./opening.ts";

const PREFIX = "salus:device:";
const SUITE = 1;

/** A device as it stands in its account's chain. */
export function deviceOf({ device, id }: Pick<HeldSecrets, "device" | "id">): Device {
  const { key: sign } = new Signer(derive(device, "sign-seed", "account"));
  return { id, sign, ...devicePair(device).public };
}

/**
 * What a new device shows to one that is approved: as a text, or as a code that is scanned.
 *
 * It must not come from the directory: whoever chooses the card chooses who can open the account.
 *
 * Leaks:   to whoever sees it, which account it is and the device's public keys, of which the
 *          directory learns the second only when the device is approved.
 */
export function encodeDeviceCard(account: AccountHandle, device: Device): string {
  const { id, sign, kem } = device;
  return `${PREFIX}${base64Url(encodeCbor([account, id, sign, kem]))}`;
}

/** Read a card. Fails: `bad-card`; `wrong-account`. */
export function decodeDeviceCard(
  text: string,
  account: AccountHandle,
): Result<Device, AccountError> {
  const plain = text.trim();
  const bytes = plain.startsWith(PREFIX) ? fromBase64Url(plain.slice(PREFIX.length)) : undefined;
  const decoded = bytes && decodeCbor(bytes, "card");
  const fields = decoded?.ok === true && Array.isArray(decoded.value) ? decoded.value : [];
  const [of, id, sign, kem] = fields.map((field) =>
    field instanceof Uint8Array ? Uint8Array.from(field) : new Uint8Array(0),
  );
  if (!of || !id || !sign || !kem || fields.length !== 4) return fail({ kind: "bad-card" });
  const [handle, device, key] = [
    AccountHandle.parse(of),
    DeviceId.parse(id),
    VerifyKey.parse(sign),
  ];
  if (!handle.ok || !device.ok || !key.ok || kem.length !== SUITES[SUITE].kem) {
    return fail({ kind: "bad-card" });
  }
  if (!checkKey(key.value).ok) return fail({ kind: "bad-card" });
  if (!equalBytes(handle.value, account)) return fail({ kind: "wrong-account" });
  return ok({ id: device.value, sign: key.value, suite: SUITE, kem: kem as KemKey });
}
