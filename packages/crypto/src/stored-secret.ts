import { type Bytes, concat } from "@salus/base";
import { gcmOpen, gcmSeal } from "#engine";
import { derive, KEY_BYTES, Key } from "./keys.ts";
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
  return sealUnder(home, name, secret);
}

/** What `sealStored` was given under this home and name, or nothing when it is not what it made. */
export function openStored(home: Key<"home">, name: string, stored: Uint8Array): Bytes | undefined {
  return openUnder(home, name, stored);
}

/** The name under which a home's own key is sealed. */
const HOME = "home";

/**
 * Seal the key of a home for one way to open it: a password, or a passkey.
 *
 * Takes:   `way`, derived with the id of that way, which is drawn anew for each.
 * Leaks:   nothing to whoever reads the disk, unless a password is guessed, at the cost of one Argon2id.
 * Fails:   never.
 * Source:  spec/keys.md §5.
 */
export function wrapHome(way: Key<"home-wrap">, home: Key<"home">): Bytes {
  return sealUnder(way, HOME, Key.reveal(home));
}

/**
 * The key that `wrapHome` was given, or nothing: another password, or not what it made.
 *
 * Source:  spec/keys.md §5.
 */
export function unwrapHome(way: Key<"home-wrap">, wrap: Uint8Array): Key<"home"> | undefined {
  const bytes = openUnder(way, HOME, wrap);
  return bytes?.length === KEY_BYTES ? new Key("home", bytes) : undefined;
}

function sealUnder(parent: Key<"home" | "home-wrap">, name: string, secret: Uint8Array): Bytes {
  const salt = randomBytes(SALT_BYTES);
  const key = derive(parent, "stored-secret", name, salt);
  return concat(salt, gcmSeal(Key.reveal(key), NONCE, secret));
}

function openUnder(
  parent: Key<"home" | "home-wrap">,
  name: string,
  stored: Uint8Array,
): Bytes | undefined {
  if (stored.length < SALT_BYTES) return undefined;
  const key = derive(parent, "stored-secret", name, stored.subarray(0, SALT_BYTES));
  return gcmOpen(Key.reveal(key), NONCE, stored.subarray(SALT_BYTES));
}
