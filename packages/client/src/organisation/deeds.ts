import { type Bytes, ok, type Result, toHex, utf8 } from "@salus/base";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import { freshBytes } from "../random.ts";

/** What an organisation's keys were used for. */
export type DeedKind =
  | "founded"
  | "certified"
  | "invited"
  | "withdrawn"
  | "suspended"
  | "reinstated"
  | "left"
  | "patient-invited"
  | "associated"
  | "uploaded";

/** Something that an administrator did here in the name of an organisation. */
export interface Deed {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly did: DeedKind;
  /** Whom or what it was about: a name, a patient's label, files. */
  readonly who: string;
  /** Of whom it was about, where that is a provider. */
  readonly node?: string;
  /** Records that were stored. */
  readonly count?: number;
  /** The signature of what was published, in hexadecimal: by it that is found in the registry. */
  readonly signature?: string;
}

const FOLDER = "deeds/";
const SHOWN = 400;
const SIGNATURE_BYTES = 64;

/** Note a deed, sealed as everything in the organisation's part of the home is. */
export async function noteDeed(store: KeyStore, deed: Omit<Deed, "time">): Promise<void> {
  const time = Date.now();
  const nonce = toHex(freshBytes(4));
  const name = `${FOLDER}${String(time).padStart(14, "0")}-${nonce}`;
  await store.write(name, utf8(JSON.stringify({ time, ...deed })));
}

/** The newest deeds first. Fails: `store-damaged`. */
export async function deedsOf(store: KeyStore): Promise<Result<readonly Deed[], StoreDamaged>> {
  const names = await store.list(FOLDER);
  const found: Deed[] = [];
  for (const name of names.slice(-SHOWN).reverse()) {
    const stored = await store.read(name);
    if (!stored.ok) return stored;
    if (stored.value === undefined) continue;
    found.push(JSON.parse(new TextDecoder().decode(stored.value)) as Deed);
  }
  return ok(found);
}

/** By what a deed names something that was signed and published. */
export function signatureOf(signed: Bytes): string {
  return toHex(signed.subarray(-SIGNATURE_BYTES));
}
