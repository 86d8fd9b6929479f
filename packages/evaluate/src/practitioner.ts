import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import type { Certificate, VerifyKey } from "@salus/protocol";
import {
  certifiesOrganisation,
  checkPath,
  type PathError,
  type SignedCertificate,
  verifyCertificate,
} from "./certificate.ts";
import { type StatusBook, standingAt } from "./certificate-status.ts";
import { type Statement, type StatementError, verifySigned } from "./statement.ts";

/** Whom a reader believes about practitioners. Spec: sharing §5. */
export interface TrustPolicy {
  /** Keys of the registry authorities that certify organisations. */
  readonly registries: readonly VerifyKey[];
  /** Keys of the authorities that attest physicians. */
  readonly authorities: readonly VerifyKey[];
  /** So many different ones must. */
  readonly threshold: number;
}

/** Why somebody is not taken for the practitioner that she says she is. */
export type PractitionerError =
  | StatementError
  | PathError
  | { readonly kind: "key-unattested" }
  | { readonly kind: "attestation-expired" };

/** Somebody whose certificates and attestations were found good. */
export interface Practitioner {
  /** The organisation's, and so on down to the one that was asked for. */
  readonly path: readonly [SignedCertificate, ...SignedCertificate[]];
  readonly physician: SignedCertificate;
  /** The last of the path: the key that acts. */
  readonly device: SignedCertificate;
}

/** Read an attestation. Fails: any `StatementError`. */
function verifyAttestation(signed: Uint8Array): Result<Statement<"attestation">, StatementError> {
  return verifySigned("attestation", signed);
}

/** Read a status. Fails: any `StatementError`. */
export function verifyStatus(
  signed: Uint8Array,
): Result<Statement<"certificate/status">, StatementError> {
  return verifySigned("certificate/status", signed);
}

/**
 * Whether enough authorities say of a physician's certificate that it is as it should be.
 *
 * Takes:   attestations from anywhere: those of others, for others, or twice of one, count for nothing.
 * Fails:   `key-unattested`; `attestation-expired` when there were enough, or will be.
 * Source:  spec/sharing.md §5; vectors/provider-v1.json.
 */
function checkAttested(
  { hash, payload }: SignedCertificate,
  attestations: readonly Statement<"attestation">[],
  { authorities, threshold }: TrustPolicy,
  now: number,
): Result<void, { readonly kind: "key-unattested" } | { readonly kind: "attestation-expired" }> {
  const of = attestations.filter(
    (one) =>
      equalBytes(one.payload.certificate, hash) && equalBytes(one.payload.subject, payload.subject),
  );
  const good = of.filter(
    ({ payload: { notBefore, expires } }) => notBefore <= now && now <= expires,
  );
  const count = (some: readonly Statement<"attestation">[]): number =>
    authorities.filter((key, at) => {
      const first = authorities.findIndex((other) => equalBytes(other, key)) === at;
      return first && some.some(({ signer }) => equalBytes(signer, key));
    }).length;
  // A policy that asks for nobody's word believes nobody.
  if (threshold < 1) return fail({ kind: "key-unattested" });
  if (count(good) >= threshold) return ok(undefined);
  return fail({ kind: count(of) >= threshold ? "attestation-expired" : "key-unattested" });
}

/** What shows who somebody is, as it came. */
export interface Credentials {
  /** Signed certificates from the organisation's down to the key that acts. */
  readonly certificates: readonly Bytes[];
  readonly attestations: readonly Bytes[];
}

/**
 * Whether a key is a practitioner's: certified down the provider tree from an organisation that a
 * pinned registry names, nobody on the way suspended, and attested by enough authorities.
 *
 * Takes:   `statuses`, as far as they are known. Attestations that do not verify count for nothing.
 * Fails:   any `PractitionerError`, the first that is met: statements, path, validity, standing,
 *          attestations. A registry that is not pinned is `certificate-path`.
 * Cost:    a signature for each certificate and attestation.
 * Source:  spec/sharing.md §5; spec/requests.md §1.
 */
export function checkPractitioner(
  { certificates, attestations }: Credentials,
  key: VerifyKey,
  policy: TrustPolicy,
  statuses: StatusBook,
  now: number,
): Result<Practitioner, PractitionerError> {
  const path: SignedCertificate[] = [];
  for (const signed of certificates) {
    const certificate = verifyCertificate(signed);
    if (!certificate.ok) return certificate;
    path.push(certificate.value);
  }
  const [organisation, ...below] = path;
  const device = path.at(-1);
  const physician = path.find(({ payload }) => payload.role === "physician");
  if (organisation === undefined || device === undefined || physician === undefined) {
    return fail({ kind: "certificate-path" });
  }
  const stands = checkOrganisation(organisation, policy, statuses, now);
  if (!stands.ok) return stands;
  const { subject, node } = organisation.payload;
  const standing = { statuses, authorities: policy.registries };
  const followed = checkPath({ key: subject, node }, below, key, now, standing);
  if (!followed.ok) return followed;
  const said = attestations.flatMap((signed) => {
    const attestation = verifyAttestation(signed);
    return attestation.ok ? [attestation.value] : [];
  });
  const attested = checkAttested(physician, said, policy, now);
  return attested.ok ? ok({ path: [organisation, ...below], physician, device }) : attested;
}

function checkOrganisation(
  { payload, hash }: SignedCertificate,
  { registries }: TrustPolicy,
  statuses: StatusBook,
  now: number,
): Result<void, PathError> {
  const certified = certifiesOrganisation(payload, registries, now);
  if (!certified.ok) {
    const expired = certified.error.kind === "certificate-expired";
    return fail({ kind: expired ? "certificate-expired" : "certificate-path" });
  }
  const good = standingAt(statuses, hash, registries, now) === "good";
  return good ? ok(undefined) : fail({ kind: "certificate-suspended" });
}

/**
 * Whether certificates are those of devices of one physician.
 *
 * Takes:   her own certificate, and one of role `device` that she signed, alike.
 * Fails:   as `checkPath`; statement errors.
 */
export function checkDevices(
  practitioner: Practitioner,
  devices: readonly Bytes[],
  policy: TrustPolicy,
  statuses: StatusBook,
  now: number,
): Result<readonly Certificate[], StatementError | PathError> {
  const { path, physician } = practitioner;
  const [organisation, ...below] = path.slice(0, path.indexOf(physician) + 1);
  if (organisation === undefined) return fail({ kind: "certificate-path" });
  const { subject: key, node } = organisation.payload;
  const standing = { statuses, authorities: policy.registries };
  const found: Certificate[] = [];
  for (const signed of devices) {
    const certificate = verifyCertificate(signed);
    if (!certificate.ok) return certificate;
    const { payload, hash } = certificate.value;
    const own = equalBytes(hash, physician.hash);
    const steps = own ? below : [...below, certificate.value];
    if (!own && payload.role !== "device") return fail({ kind: "certificate-path" });
    const followed = checkPath({ key, node }, steps, payload.subject, now, standing);
    if (!followed.ok) return followed;
    if (found.some((other) => equalBytes(other.subject, payload.subject))) {
      return fail({ kind: "certificate-path" });
    }
    found.push(payload);
  }
  return ok(found);
}
