import { Digest } from "@salus/protocol";
import { sha256 } from "#engine";

/** The SHA-256 of all parts, one after the other, as a digest. */
export function digest(...parts: readonly Uint8Array[]): Digest {
  return Digest.of(sha256(...parts));
}
