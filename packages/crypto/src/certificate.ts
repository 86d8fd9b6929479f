import type { Bytes } from "@salus/base";
import type { Certificate } from "@salus/protocol";
import type { Signer } from "./signing.ts";

/**
 * Certify somebody below the signer: a department, a physician, or, as a registry, an organisation.
 *
 * Leaks:   the whole certificate: it is public.
 * Source:  spec/sharing.md §5; vectors/sharing-v1.json.
 */
export function signCertificate(issuer: Signer, subject: Omit<Certificate, "issuer">): Bytes {
  return issuer.sign("certificate", { ...subject, issuer: issuer.key });
}
