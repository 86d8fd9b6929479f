import { ed25519 } from "@noble/curves/ed25519.js";
import { ml_kem768_x25519 } from "@noble/post-quantum/hybrid.js";
import { mailboxId } from "@salus/evaluate";
import { type IdentifierTag, type KemKey, type Mailbox, VerifyKey } from "@salus/protocol";
import type { ServiceKeys } from "./service-keys.ts";

/**
 * The mailbox that stands for somebody who is not there: the same whenever its tag is looked up, and
 * made as a real one is, so that nothing tells the two apart. Nobody keeps its private keys.
 *
 * Cost:    1 ms, which every look-up pays, whatever it answers.
 * Source:  spec/discovery.md §3.
 */
export function decoyMailbox(keys: ServiceKeys, tag: IdentifierTag): Mailbox {
  const sign = VerifyKey.of(ed25519.getPublicKey(keys.decoy("mailbox/sign", tag)));
  const { publicKey } = ml_kem768_x25519.keygen(keys.decoy("mailbox/kem", tag));
  const kem = Uint8Array.from(publicKey) as KemKey;
  return { id: mailboxId(sign), sign, suite: 1, kem };
}
