import { type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type CapabilityError,
  checkCapability,
  digest,
  type Presented,
  readSigned,
} from "@salus/evaluate";
import type { FastifyRequest } from "fastify";
import type { ServiceContext } from "../context.ts";

/** Why a request has no caller. */
export type CallerError = CapabilityError | { readonly kind: "unsigned" };

const SCHEME = "Salus ";
/** Of the signed capability, as base64url. */
const HEADER_MAX = 8192;

/**
 * Check the capability of a request, all but the body that it was signed over.
 *
 * It is checked before the body is read, so that who has no key costs no memory; `matchesBody` does
 * the rest.
 *
 * Fails:   `unsigned`; any `CapabilityError`.
 */
export function callerOf(
  service: Pick<ServiceContext<never>, "id" | "now">,
  request: FastifyRequest,
): Result<Presented, CallerError> {
  const header = request.headers.authorization ?? "";
  if (!header.startsWith(SCHEME) || header.length > HEADER_MAX) return fail({ kind: "unsigned" });
  const text = header.slice(SCHEME.length);
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return fail({ kind: "malformed", what: "capability" });
  const signed = Uint8Array.from(Buffer.from(text, "base64url"));
  if (Buffer.from(signed).toString("base64url") !== text) {
    return fail({ kind: "malformed", what: "capability" }); // Two texts for the same bytes.
  }
  const read = readSigned("capability", signed);
  if (!read.ok) return read;
  return checkCapability(signed, {
    audience: service.id,
    method: request.method,
    path: request.raw.url ?? "",
    body: read.value.unverified.body,
    now: service.now(),
  });
}

/** The signed bytes of a capability that was checked. */
export function capabilityOf(request: FastifyRequest): Bytes {
  const text = (request.headers.authorization ?? "").slice(SCHEME.length);
  return Uint8Array.from(Buffer.from(text, "base64url"));
}

/** Whether a capability was signed over this very body. */
export function matchesBody(
  presented: Presented,
  body: Uint8Array,
): Result<void, { readonly kind: "capability-mismatch" }> {
  const same = equalBytes(presented.body, digest(body));
  return same ? ok(undefined) : fail({ kind: "capability-mismatch" });
}

/** The name under which a key's requests are counted. */
export function keyName(presented: Presented): string {
  return toHex(presented.signer);
}
