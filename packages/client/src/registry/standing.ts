import { type Bytes, ok, type Result } from "@salus/base";
import { signCertificate } from "@salus/crypto";
import { ATTESTATION_LIFE_MS, type CertificateStatus } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { Directory } from "../directory/port.ts";
import type { CloudError } from "../failure.ts";
import type { Card, Identity } from "../identity.ts";
import { publishCertificates } from "./certify.ts";
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
  const last = registry.statusesOf(certificate).at(-1);
  const seq = (last?.seq ?? 0) + 1;
  // One that were older than the one before would look like one that is kept back.
  const time = Math.max(now, last?.time ?? 0);
  return issuer.signer.sign("certificate/status", { certificate, status, seq, time });
}

/** Where a status is told. */
interface Told {
  readonly cloud: Cloud;
  readonly directory: Directory;
  /** Refreshed lately; it is refreshed again when the cloud has the status. */
  readonly registry: Registry;
}

/**
 * Suspend, reinstate or release a provider, and tell cloud and directory. Repeating it is safe: the
 * directory is told all that the registry has.
 *
 * Takes:   as `signStatus`.
 * Gives:   what was signed.
 * Fails:   any `CloudError`; the cloud may have it and the directory not: repeat it.
 */
export async function tellStanding(
  { cloud, directory, registry }: Told,
  issuer: Identity,
  provider: Pick<Provider, "certificate" | "card">,
  status: CertificateStatus["status"],
): Promise<Result<Bytes, CloudError>> {
  const signed = signStatus(issuer, registry, provider, status);
  const published = await publishCertificates(cloud, issuer, [signed]);
  if (!published.ok) return published;
  const refreshed = await registry.refresh();
  if (!refreshed.ok) return refreshed;
  const statuses = registry.standingOf(provider.card.sign);
  if (statuses === undefined) return ok(signed);
  const told = await directory.tellStatuses({ signer: issuer.signer }, statuses);
  return told.ok ? ok(signed) : told;
}

const YEAR_MS = 366 * 86_400_000;

/**
 * Certify a further device of a physician, by her own first one.
 *
 * Takes:   `own`, the physician's certificate, whose key `physician` is.
 * Leaks:   the whole certificate: it is public.
 * Source:  spec/sharing.md §5.
 */
export function certifyDevice(
  physician: Identity,
  own: Pick<Provider, "node" | "name" | "identifiers" | "expires">,
  { sign: subject, suite, kem }: Card,
  now: number = Date.now(),
): Bytes {
  const { node, name, identifiers } = own;
  const expires = Math.min(own.expires, now + YEAR_MS);
  const stated = { subject, suite, kem, role: "device", node, parent: node, name } as const;
  return signCertificate(physician.signer, { ...stated, identifiers, notBefore: now, expires });
}
