import type { Bytes } from "@salus/base";

/** The public face of an identity: what somebody hands over to be admitted, granted or certified. */
export interface Card {
  /** Ed25519, 32 bytes. */
  readonly sign: Bytes;
  /** Spec: sharing §1. 1 is X-Wing, 2 is X25519. */
  readonly suite: 1 | 2;
  readonly kem: Bytes;
}

/** A person, device or organisation that can sign, and open what was wrapped to it. */
export interface Identity {
  readonly card: Card;
}
