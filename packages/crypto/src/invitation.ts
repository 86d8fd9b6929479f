import { Digest, encodeCbor, type JoiningCard } from "@salus/protocol";
import { hmacSha256 } from "#engine";
import { Key } from "./keys.ts";

/**
 * What shows that somebody who wants to join knows an invitation's secret, for these very keys.
 *
 * Leaks:   nothing of the secret, which has 128 bits.
 * Source:  RFC 2104; spec/requests.md §4; vectors/requests-v1.json.
 */
export function joiningProof(invitation: Key<"invitation">, card: JoiningCard): Digest {
  const { sign, suite, kem } = card;
  return Digest.of(hmacSha256(Key.reveal(invitation), encodeCbor({ sign, suite, kem })));
}
