import { type Bytes, fail, fromHex, ok, type Result, toHex } from "@salus/base";
import { derive, KemPair, Key, Signer } from "@salus/crypto";
import { checkKey } from "@salus/evaluate";
import {
  decodeCbor,
  encodeCbor,
  type GrantHandle,
  type KemKey,
  type KemPublic,
  SUITES,
  type Suite,
  VerifyKey,
} from "@salus/protocol";
import type { Caller } from "./cloud/port.ts";
import type { KeyStore, StoreDamaged } from "./key-store.ts";
import { freshBytes } from "./random.ts";

/** The public face of an identity: what somebody hands over to be admitted, granted or certified. */
export interface Card extends KemPublic {
  readonly sign: VerifyKey;
}

/** A person, device or organisation that can sign, and open what was wrapped to it. */
export class Identity {
  readonly card: Card;
  readonly root: Key<"account-root">;
  readonly signer: Signer;
  readonly kem: KemPair;

  constructor(root: Key<"account-root">, suite: Suite) {
    this.root = root;
    this.signer = new Signer(derive(root, "sign-seed"));
    this.kem = new KemPair(derive(root, "kem-seed"), suite);
    this.card = { sign: this.signer.key, ...this.kem.public };
  }

  /** Make requests as this identity, under a grant where it reads by one. */
  caller(grant?: GrantHandle): Caller {
    return grant === undefined ? { signer: this.signer } : { signer: this.signer, grant };
  }

  toJSON(): string {
    return "[identity]";
  }
}

const ACCOUNT = "account";
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
  const root = freshBytes(ROOT_BYTES);
  await store.write(ACCOUNT, Uint8Array.of(suite, ...root));
  return ok(new Identity(new Key("account-root", root), suite));
}

/** Open the identity that a store holds. Fails: `no-identity`, `store-damaged`. */
export async function openIdentity(
  store: KeyStore,
): Promise<Result<Identity, StoreDamaged | { readonly kind: "no-identity" }>> {
  const stored = await store.read(ACCOUNT);
  if (!stored.ok) return stored;
  const bytes = stored.value;
  if (bytes === undefined) return fail({ kind: "no-identity" });
  const suite = bytes[0];
  if (bytes.length !== 1 + ROOT_BYTES || (suite !== 1 && suite !== 2)) {
    return fail({ kind: "store-damaged", name: ACCOUNT });
  }
  return ok(new Identity(new Key("account-root", bytes.subarray(1)), suite));
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
