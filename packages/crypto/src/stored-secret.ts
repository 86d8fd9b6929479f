import { type Bytes, concat } from "@salus/base";
import { gcmOpen, gcmSeal } from "#engine";
import { derive, Key } from "./keys.ts";
import { randomBytes } from "./random.ts";

const SALT_BYTES = 32;
/** Every seal has a key of its own, so its nonce is always the first. */
const NONCE: Bytes = new Uint8Array(12);

/**
 * Seal what a home keeps under one name.
 *
 * Leaks:   the length, to whoever reads the disk.
 * Fails:   never.
 * Source:  spec/keys.md §5.
 */
export function sealStored(home: Key<"home">, name: string, secret: Uint8Array): Bytes {
  const salt = randomBytes(SALT_BYTES);
  const key = derive(home, "stored-secret", name, salt);
  return concat(salt, gcmSeal(Key.reveal(key), NONCE, secret));
}

/** What `sealStored` was given under this home and name, or nothing when it is not what it made. */
export function openStored(home: Key<"home">, name: string, stored: Uint8Array): Bytes | undefined {
  if (stored.length < SALT_BYTES) return undefined;
  const key = derive(home, "stored-secret", name, stored.subarray(0, SALT_BYTES));
  return gcmOpen(Key.reveal(key), NONCE, stored.subarray(SALT_BYTES));
}
