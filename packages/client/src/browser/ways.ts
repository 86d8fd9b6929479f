import type { Bytes } from "@salus/base";
import { derive, Key, passkeySecret, unwrapHome, wrapHome } from "@salus/crypto";
import { Passphrase } from "../passphrase.ts";
import { COST_FLOOR, SALT_BYTES } from "../passphrase-cost.ts";
import { freshBytes } from "../random.ts";
import type { StoredWay } from "./description.ts";

/** A passkey that is to open a home: what the browser asks for it by, and what it gave. */
export interface HomePasskey {
  /** The credential's id, base64url. */
  readonly credential: string;
  /** The relying party that it was made for: a domain. */
  readonly rpId: string;
  /** What its `prf` was evaluated for: `drawPrfSalt`. */
  readonly salt: Bytes;
  /** The 32 bytes that it gave for that. */
  readonly prf: Bytes;
}

/** What opens a home. */
export type HomeUnlock =
  | { readonly password: string }
  | { readonly passkey: { readonly credential: string; readonly prf: Bytes } };

const WAY_ID_BYTES = 16;

/** Let a password open a home. Cost: one Argon2id, about half a second in a browser. */
export async function passwordWay(password: string, home: Key<"home">): Promise<StoredWay> {
  const [id, salt, cost] = [freshBytes(WAY_ID_BYTES), freshBytes(SALT_BYTES), COST_FLOOR];
  const stretched = await new Passphrase(password).key(salt, cost);
  const way = derive(new Key("passphrase", stretched), "home-wrap", id);
  return { kind: "password", id, salt, cost, wrap: wrapHome(way, home) };
}

/** Let a passkey open a home. */
export function passkeyWay(
  { credential, rpId, salt, prf }: HomePasskey,
  home: Key<"home">,
): StoredWay {
  const id = freshBytes(WAY_ID_BYTES);
  const way = derive(passkeySecret(prf), "home-wrap", id);
  return { kind: "passkey", id, credential, rpId, salt, wrap: wrapHome(way, home) };
}

/** The key of a home, if something opens it. Cost: for a password one Argon2id. */
export async function openWays(
  ways: readonly StoredWay[],
  unlock: HomeUnlock,
): Promise<Key<"home"> | undefined> {
  for (const way of ways) {
    const parent = await parentOf(way, unlock);
    const home = parent && unwrapHome(parent, way.wrap);
    if (home !== undefined) return home;
  }
  return undefined;
}

async function parentOf(way: StoredWay, unlock: HomeUnlock): Promise<Key<"home-wrap"> | undefined> {
  if (way.kind === "password" && "password" in unlock) {
    const stretched = await new Passphrase(unlock.password).key(way.salt, way.cost);
    return derive(new Key("passphrase", stretched), "home-wrap", way.id);
  }
  if (way.kind === "passkey" && "passkey" in unlock) {
    const { credential, prf } = unlock.passkey;
    if (credential === way.credential) return derive(passkeySecret(prf), "home-wrap", way.id);
  }
  return undefined;
}
