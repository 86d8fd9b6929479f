import type { Bytes } from "@salus/base";
import { ATTESTATION_LIFE_MS, type CertificateStatus } from "@salus/protocol";
import type { Identity } from "../identity.ts";
import type { Provider, Registry } from "./registry.ts";

/**
 * State, as an authority, that a physician's certificate is as it should be, for the next week.
 *
 * Leaks:   the whole statement: it is public.
 * Source:  spec/sharing.md §5; vectors/provider-v1.json.
 */
export function attest(
  authority: Identity,
  { certificate, card }: Pick<Provider, "certificate" | "card">,
  now: number = Date.now(),
): Bytes {
  const { sign: subject } = card;
  const expires = now + ATTESTATION_LIFE_MS;
  return authority.signer.sign("attestation", { certificate, subject, notBefore: now, expires });
}

/**
 * Suspend, reinstate, or release whoever has a certificate. `left` is final.
 *
 * Takes:   `issuer`, of the certificate, of one above it, or an authority; `registry`, fetched lately:
 *          a status that stands beside another of its number makes the certificate count for nothing.
 * Leaks:   the whole statement: it is public.
 * Source:  spec/sharing.md §5; vectors/provider-v1.json.
 */
export function signStatus(
  issuer: Identity,
  registry: Registry,
  { certificate }: Pick<Provider, "certificate">,
  status: CertificateStatus["status"],
  now: number = Date.now(),
): Bytes {
  const said = registry.statusesOf(certificate);
  const seq = Math.max(0, ...said.map((one) => one.seq)) + 1;
  return issuer.signer.sign("certificate/status", { certificate, status, seq, time: now });
}
