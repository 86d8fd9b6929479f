import type { Bytes } from "@salus/base";

/** Fresh bytes for what must not repeat and need not be secret: nonces, handles, batch ids. */
export function freshBytes(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}
