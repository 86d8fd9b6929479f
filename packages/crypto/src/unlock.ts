import { assert, type Bytes, encodeTuple } from "@salus/base";
import { digest } from "@salus/evaluate";
import { type AccountHandle, LoginTag, type UnlockKind } from "@salus/protocol";
import { DeviceSecret } from "./device-secret.ts";
import { KemPair } from "./kem-pair.ts";
import { derive, Key } from "./keys.ts";

/** Every way to unlock receives by X-Wing: no peer is too small for it. */
const SUITE = 1;
const EXPORT_KEY_BYTES = 64;
const PRF_BYTES = 32;

/**
 * What a password and a device secret unlock with: neither alone says anything about it.
 *
 * Takes:   `exportKey`, the 64 bytes that OPAQUE gave for the password.
 * Source:  spec/accounts.md §2; vectors/account-v1.json.
 */
export function passwordSecret(exportKey: Bytes, device: DeviceSecret): Key<"unlock-secret"> {
  assert(exportKey.length === EXPORT_KEY_BYTES, "an OPAQUE export key is 64 bytes");
  const parts = encodeTuple("salus/unlock", exportKey, DeviceSecret.reveal(device));
  return new Key("unlock-secret", digest(parts));
}

/**
 * What a passkey unlocks with.
 *
 * Takes:   the 32 bytes of WebAuthn's `prf` for the salt of `prfSalt`.
 * Source:  spec/accounts.md §2; WebAuthn Level 3 §10.1.4.
 */
export function passkeySecret(prf: Bytes): Key<"unlock-secret"> {
  assert(prf.length === PRF_BYTES, "a PRF output is 32 bytes");
  return new Key("unlock-secret", prf);
}

/** The salt for which a passkey of an account is evaluated. Source: spec/accounts.md §2. */
export function prfSalt(account: AccountHandle): Bytes {
  return digest(encodeTuple("salus/prf", account));
}

/**
 * The key pair of a way to unlock, which is good for one account and no other.
 *
 * Cost:    0.5 ms in Node.
 * Source:  spec/accounts.md §2; vectors/account-v1.json.
 */
export function unlockPair(
  kind: UnlockKind,
  secret: Key<"unlock-secret">,
  account: AccountHandle,
): KemPair {
  return new KemPair(derive(secret, "unlock", kind, account), SUITE);
}

/**
 * What stands for a login at the directory.
 *
 * Leaks:   equal logins give equal tags, so whoever guesses a login can compare it.
 * Source:  spec/accounts.md §4; vectors/account-v1.json.
 */
export function loginTag(login: string): LoginTag {
  const canonical = login.trim().toLowerCase().normalize("NFKC");
  return LoginTag.of(digest(encodeTuple("salus/login", canonical)));
}
