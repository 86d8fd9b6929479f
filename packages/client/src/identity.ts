import { type Bytes, equalBytes, fail, fromHex, ok, type Result, toHex } from "@salus/base";
import {
  decodeHeld,
  derive,
  type Face,
  type HeldSecrets,
  KemPair,
  Key,
  Signer,
  vaultDeviceId,
} from "@salus/crypto";
import { type ChainState, checkKey, isFounder } from "@salus/evaluate";
import {
  type DeviceId,
  decodeCbor,
  encodeCbor,
  type KemKey,
  type KemPublic,
  SUITES,
  type Suite,
  type VaultHandle,
  VerifyKey,
} from "@salus/protocol";
import type { Caller } from "./cloud/port.ts";
import type { KeyStore, StoreDamaged } from "./key-store.ts";
import { freshBytes } from "./random.ts";

/** The public face of an identity: what somebody hands over to be admitted, granted or certified. */
export interface Card extends KemPublic {
  readonly sign: VerifyKey;
}

/** What is derived from an account root, and which vault the person herself says is hers. */
export interface Owned {
  /** Oldest first; new cells are derived from the last. */
  readonly roots: readonly Key<"account-root">[];
  /** Known otherwise than from the cloud; without it only a vault that her own key founded is hers. */
  readonly vault?: VaultHandle | undefined;
  /** This device's id in that vault's chain. */
  readonly device?: DeviceId | undefined;
}

/** A person, device or organisation that can sign, and open what was wrapped to it. */
export class Identity {
  readonly card: Card;
  readonly signer: Signer;
  readonly kem: KemPair;
  readonly owned: Owned;

  constructor(
    sign: Key<"sign-seed">,
    kem: Key<"kem-seed">,
    suite: Suite,
    owned: Owned = { roots: [] },
  ) {
    this.signer = new Signer(sign);
    this.kem = new KemPair(kem, suite);
    this.card = { sign: this.signer.key, ...this.kem.public };
    this.owned = owned;
  }

  /** Somebody of one root: who has it is this identity. A home without an account has one. */
  static ofRoot(root: Key<"account-root">, suite: Suite): Identity {
    const [sign, kem] = [derive(root, "sign-seed"), derive(root, "kem-seed")];
    return new Identity(sign, kem, suite, { roots: [root] });
  }

  /** What a device is to one part of the world: each face has keys of its own. Spec: accounts §1. */
  static ofDevice(device: Key<"device-root">, face: Face, owned?: Owned): Identity {
    const [sign, kem] = [derive(device, "sign-seed", face), derive(device, "kem-seed", face)];
    return new Identity(sign, kem, DEVICE_SUITE, owned);
  }

  /**
   * Whether a vault is this identity's own: the cloud's word does not count, for anybody can make a
   * vault that names her key as a device, and her sources and cells under keys of his own.
   */
  owns(chain: ChainState): boolean {
    const { roots, vault } = this.owned;
    if (roots.length === 0) return false;
    return vault === undefined ? isFounder(chain, this.card.sign) : equalBytes(chain.vault, vault);
  }

  /** Make requests as this identity, under a grant, or all grants of a request, where it reads so. */
  caller(grant?: Caller["grant"]): Caller {
    return grant === undefined ? { signer: this.signer } : { signer: this.signer, grant };
  }

  toJSON(): string {
    return "[identity]";
  }
}

/** Where the store keeps the root of a home without an account, and what a device holds of one. */
const ACCOUNT = "account";
export const HELD = "held";
const DEVICE_SUITE = 1;
const ROOT_BYTES = 32;

/**
 * Open the identity of a store, or make one there.
 *
 * Takes:   `suite`, of a new identity's key: 1, X-Wing, unless a peer cannot afford it.
 * Fails:   `store-damaged`.
 */
export async function openOrCreateIdentity(
  store: KeyStore,
  suite: Suite = 1,
): Promise<Result<Identity, StoreDamaged>> {
  const opened = await openIdentity(store);
  if (opened.ok || opened.error.kind === "store-damaged")
    return opened as Result<Identity, StoreDamaged>;
  const account = Uint8Array.of(suite, ...freshBytes(ROOT_BYTES));
  await store.write(ACCOUNT, account);
  return ok(ofAccount(store, account, suite));
}

/**
 * Open the identity that a store holds.
 *
 * Takes:   `face`, of a device of an account; a home without an account has only one.
 * Fails:   `no-identity`, `store-damaged`.
 */
export async function openIdentity(
  store: KeyStore,
  face: Face = "vault",
): Promise<Result<Identity, StoreDamaged | { readonly kind: "no-identity" }>> {
  const kept = await store.read(HELD);
  if (!kept.ok) return kept;
  if (kept.value !== undefined) {
    const held = decodeHeld(kept.value);
    if (!held.ok) return fail({ kind: "store-damaged", name: HELD });
    return ok(faceOf(held.value, face));
  }
  const stored = await store.read(ACCOUNT);
  if (!stored.ok) return stored;
  const bytes = stored.value;
  if (bytes === undefined) return fail({ kind: "no-identity" });
  const suite = bytes[0];
  if (bytes.length !== 1 + ROOT_BYTES || (suite !== 1 && suite !== 2)) {
    return fail({ kind: "store-damaged", name: ACCOUNT });
  }
  return ok(ofAccount(store, bytes, suite));
}

/** What was made of a store's account, for as long as that stays the same: it costs two key pairs. */
const made = new WeakMap<KeyStore, { readonly account: Bytes; readonly identity: Identity }>();

function ofAccount(store: KeyStore, account: Bytes, suite: Suite): Identity {
  const known = made.get(store);
  if (known !== undefined && equalBytes(known.account, account)) return known.identity;
  const identity = Identity.ofRoot(new Key("account-root", account.subarray(1)), suite);
  made.set(store, { account, identity });
  return identity;
}

/** A device of an account as one of its faces; as `vault` it owns her vault. Spec: accounts §1. */
export function faceOf({ device, id, roots, vault }: HeldSecrets, face: Face): Identity {
  const [oldest] = roots;
  if (face !== "vault" || oldest === undefined) return Identity.ofDevice(device, face);
  const owned = { roots, vault, device: vaultDeviceId(oldest, id) };
  return Identity.ofDevice(device, face, owned);
}

/** A card as a text that can be shown, sent or put in a file. */
export function encodeCard(card: Card): string {
  return toHex(encodeCbor([card.sign, card.suite, card.kem]));
}

/** Read a card from outside. Fails: `bad-card`, also for a key that nothing must be trusted to. */
export function decodeCard(text: string): Result<Card, { readonly kind: "bad-card" }> {
  const bytes = fromHex(text.trim());
  const decoded = bytes.ok ? decodeCbor(bytes.value, "card") : undefined;
  if (!decoded?.ok || !Array.isArray(decoded.value)) return fail({ kind: "bad-card" });
  const [sign, suite, kem] = decoded.value as unknown[];
  if (!(sign instanceof Uint8Array && kem instanceof Uint8Array)) return fail({ kind: "bad-card" });
  const key = VerifyKey.parse(sign);
  if (!key.ok || (suite !== 1 && suite !== 2) || kem.length !== SUITES[suite].kem) {
    return fail({ kind: "bad-card" });
  }
  if (!checkKey(key.value).ok) return fail({ kind: "bad-card" });
  return ok({ sign: key.value, suite, kem: kem as Bytes as KemKey });
}
