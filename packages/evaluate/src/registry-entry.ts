import { concat, fail, type Result } from "@salus/base";
import { RegistryPosition, splitSigned } from "@salus/protocol";
import { type SignedCertificate, verifyCertificate } from "./certificate.ts";
import { type Statement, type StatementError, verifySigned } from "./statement.ts";

/** What the public registry of providers holds. Spec: sharing §5. */
export type RegistryEntry =
  | SignedCertificate
  | Statement<"certificate/status">
  | Statement<"attestation">;

/**
 * Verify what stands in the registry. Whose word counts, its reader says.
 *
 * Fails:   any `StatementError`; `wrong-type` for a statement that has no place there.
 */
export function verifyRegistryEntry(signed: Uint8Array): Result<RegistryEntry, StatementError> {
  const parts = splitSigned(signed);
  if (!parts.ok) return parts;
  switch (parts.value.type) {
    case "certificate":
      return verifyCertificate(signed);
    case "certificate/status":
      return verifySigned("certificate/status", signed);
    case "attestation":
      return verifySigned("attestation", signed);
    default:
      return fail({ kind: "wrong-type" });
  }
}

/**
 * Where an entry stands in the registry: a certificate and an attestation at the key that they are
 * about, a status at the certificate's hash; then by the hash of its own bytes.
 */
export function registryPosition(entry: RegistryEntry): RegistryPosition {
  return RegistryPosition.of(concat(registryPlace(entry), entry.hash));
}

/** The first half of an entry's position. */
export function registryPlace(entry: RegistryEntry): Uint8Array<ArrayBuffer> {
  return entry.type === "certificate/status" ? entry.payload.certificate : entry.payload.subject;
}
