import { signCapability } from "@salus/crypto";
import { trailNonce } from "@salus/evaluate";
import { Absent } from "@salus/protocol";
import type { Caller } from "../cloud/port.ts";
import { base64Url } from "./base64-url.ts";

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
 * The headers that give a request its right: a signature over exactly this request, good once; and,
 * where the caller says what the request is for, that, bound to the signature by its nonce.
 *
 * Leaks:   who asks for what, to whom it is sent; a copy of it gives nobody a right to anything else.
 * Source:  spec/sharing.md §6; spec/log.md §2.
 */
export async function authorization(
  caller: Caller,
  request: Request,
): Promise<Readonly<Record<string, string>>> {
  const entry = await caller.trail?.();
  const signed = signCapability(caller.signer, {
    audience: request.audience,
    method: request.method,
    path: request.path,
    body: request.body,
    expires: request.now + LIFE_MS,
    grant: caller.grant ?? NO_GRANT,
    ...(entry && { nonce: trailNonce(entry) }),
  });
  const right = { authorization: `Salus ${base64Url(signed)}` };
  return entry === undefined ? right : { ...right, "salus-trail": base64Url(entry) };
}
