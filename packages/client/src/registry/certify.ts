import { type Bytes, ok, type Result } from "@salus/base";
import { signCertificate } from "@salus/crypto";
import { LIMITS, type Role } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { CloudError } from "../failure.ts";
import type { Card, Identity } from "../identity.ts";

/** What an authority, or a provider above, states when it certifies a provider. */
export interface Certification {
  readonly role: Role;
  /** Provider id: the same in certificates, in the path of a record, and below it in scopes. */
  readonly node: string;
  /** Node of the issuer; none for an organisation. */
  readonly parent?: string;
  readonly name: string;
  /** `system|value`. */
  readonly identifiers?: readonly string[];
  readonly card: Card;
  readonly notBefore?: number;
  readonly expires?: number;
}

const FIVE_YEARS_MS = 5 * 365 * 24 * 3_600_000;

/**
 * Certify somebody: an organisation by a registry authority, a department by its organisation, a
 * physician by either.
 *
 * Leaks:   the whole certificate: it is public.
 */
export function certify(issuer: Identity, certification: Certification): Bytes {
  const { role, node, parent = "", name, identifiers = [], card } = certification;
  const { notBefore = Date.now(), expires = notBefore + FIVE_YEARS_MS } = certification;
  const { sign: subject, suite, kem } = card;
  const stated = { subject, role, node, parent, name, identifiers, suite, kem, notBefore, expires };
  return signCertificate(issuer.signer, stated);
}

/** Publish certificates of one issuer. Gives: how many were new. Fails: any `CloudError`. */
export async function publishCertificates(
  cloud: Cloud,
  issuer: Identity,
  certificates: readonly Bytes[],
): Promise<Result<number, CloudError>> {
  let stored = 0;
  for (let at = 0; at < certificates.length; at += LIMITS.batchCertificates) {
    const some = certificates.slice(at, at + LIMITS.batchCertificates);
    const published = await cloud.publish(issuer.caller(), some);
    if (!published.ok) return published;
    stored += published.value.stored;
  }
  return ok(stored);
}
