import { type Bytes, utf8 } from "@salus/base";
import { signCapability } from "@salus/crypto";
import { Absent } from "@salus/protocol";
import type { Caller } from "../cloud/port.ts";

/** The request that a capability is for. */
export interface Request {
  readonly audience: string;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
  /** Milliseconds, by the cloud's clock. */
  readonly now: number;
}

/** Long enough for a slow upload, and well below the five minutes that the cloud accepts. */
const LIFE_MS = 120_000;
const NO_GRANT = Absent.of(new Uint8Array(0));

/**
 * The header that gives a request its right: a signature over exactly this request, good once.
 *
 * Leaks:   who asks for what, to whom it is sent; a copy of it gives nobody a right to anything else.
 * Source:  spec/sharing.md §6.
 */
export function authorization(caller: Caller, request: Request): string {
  const signed = signCapability(caller.signer, {
    audience: request.audience,
    method: request.method,
    path: request.path,
    body: request.body,
    expires: request.now + LIFE_MS,
    grant: caller.grant ?? NO_GRANT,
  });
  return `Salus ${base64Url(signed)}`;
}

const ALPHABET = utf8("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

/** Base64 with the URL's alphabet, without padding (RFC 4648 §5). */
export function base64Url(bytes: Bytes): string {
  const out = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  for (let at = 0, bits = 0, held = 0, next = 0; at < out.length; at += 1) {
    if (bits < 6) {
      held = (held << 8) | (bytes[next] ?? 0);
      next += 1;
      bits += 8;
    }
    bits -= 6;
    out[at] = ALPHABET[(held >> bits) & 63] as number;
    held &= (1 << bits) - 1;
  }
  return new TextDecoder().decode(out);
}
