import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  certifiesOrganisation,
  checkPath,
  digest,
  type SignedCertificate,
  type Statement,
  type StatusBook,
  statusBook,
  type TrustPolicy,
  verifyCertificate,
  verifyStatus,
} from "@salus/evaluate";
import { type Problem, STATUSES_KEPT_MAX, type Statuses, type VerifyKey } from "@salus/protocol";
import { byteaArray, inTransaction } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema } from "../database/schema.ts";
import type { Store } from "./store.ts";

/**
 * Keep what is said of a certificate by those whose word counts: its issuer, the issuers above, the
 * registries. Anybody may hand it in, because it proves itself.
 *
 * Takes:   the path from the organisation's certificate down to the one that the statuses are about.
 * Fails:   statement and path errors; `not-yours`: signed by somebody whose word does not count, or
 *          about another certificate. `quota`: one of them has said too much of it.
 * Plan:    a range of the primary key of `certificate_status`.
 */
export async function keepStatuses(
  { db }: Store,
  trust: TrustPolicy,
  { statuses, certificates }: Statuses,
  now: number,
): Promise<Result<void, Problem>> {
  const path = readPath(certificates, trust, now);
  if (!path.ok) return path;
  const { last, above } = path.value;
  const said: { readonly status: Statement<"certificate/status">; readonly bytes: Bytes }[] = [];
  for (const bytes of statuses) {
    const status = verifyStatus(bytes);
    if (!status.ok) return status;
    const { payload, signer } = status.value;
    const counts = above.some((key) => equalBytes(key, signer));
    if (!counts || !equalBytes(payload.certificate, last.hash)) return fail({ kind: "not-yours" });
    said.push({ status: status.value, bytes });
  }
  const column = (pick: (one: (typeof said)[number]) => Uint8Array): Buffer =>
    byteaArray(said.map(pick));
  return inTransaction<Schema, void, Problem>(db, async (trx) => {
    await sql`insert into certificate_status (certificate, hash, bytes)
      select ${last.hash}, h, b from unnest(${column((one) => one.status.hash)}::bytea[],
        ${column((one) => one.bytes)}::bytea[]) as s (h, b)
      on conflict do nothing`.execute(trx);
    const { rows } = await sql`select 1 from certificate_status where certificate = ${last.hash}
      group by substring(bytes from octet_length(bytes) - ${SIGNER_AT}::int4 for 32)
      having count(*) > ${STATUSES_KEPT_MAX} limit 1`.execute(trx);
    return rows.length > 0 ? fail({ kind: "quota" }) : ok(undefined);
  });
}

/** Where a signed statement has the key of its signer, counted from its end. Source: spec/statements.md §1. */
const SIGNER_AT = 97;

interface Path {
  readonly last: SignedCertificate;
  /** Keys whose word on the last certificate counts. */
  readonly above: readonly VerifyKey[];
}

function readPath(
  certificates: readonly Bytes[],
  { registries }: TrustPolicy,
  now: number,
): Result<Path, Problem> {
  const path: SignedCertificate[] = [];
  for (const signed of certificates) {
    const certificate = verifyCertificate(signed);
    if (!certificate.ok) return certificate;
    path.push(certificate.value);
  }
  const [organisation, ...below] = path;
  const last = path.at(-1);
  if (organisation === undefined || last === undefined) return fail({ kind: "certificate-path" });
  const certified = certifiesOrganisation(organisation.payload, registries, now);
  if (!certified.ok) {
    const expired = certified.error.kind === "certificate-expired";
    return fail({ kind: expired ? "certificate-expired" : "certificate-path" });
  }
  const { subject: key, node } = organisation.payload;
  const followed = checkPath({ key, node }, below, last.payload.subject, now);
  if (!followed.ok) return followed;
  return ok({ last, above: [...registries, ...path.map(({ payload }) => payload.issuer)] });
}

/**
 * What is known of certificates.
 *
 * Takes:   signed certificates, of which nothing needs to have been verified.
 * Plan:    a range of the primary key of `certificate_status` for each.
 */
export async function statusesOf(
  db: Kysely<Schema>,
  certificates: readonly Bytes[],
): Promise<StatusBook> {
  const hashes = byteaArray(certificates.map((signed) => digest(signed)));
  const { rows } = await sql<Pick<Schema["certificate_status"], "bytes">>`
    select bytes from certificate_status where certificate = any(${hashes}::bytea[])
    order by certificate, hash`.execute(db);
  return statusBook(
    rows.flatMap(({ bytes }) => {
      const status = verifyStatus(bytes);
      return status.ok ? [status.value] : [];
    }),
  );
}
