import { type Bytes, fail, ok, type Result } from "@salus/base";
import {
  type RegistryEntry,
  registryPlace,
  type StatusBook,
  statusBook,
  verifyStatus,
} from "@salus/evaluate";
import {
  type CertificatePage,
  type Digest,
  LIMITS,
  type RegistryPosition,
  STATUSES_KEPT_MAX,
  type VerifyKey,
} from "@salus/protocol";
import { byteaArray, inTransaction } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx } from "../database/schema.ts";
import { keepCertificates } from "./certificate.ts";
import { logCertificates } from "./log.ts";
import type { Store } from "./store.ts";

/** An entry of the registry whose signature has been verified, and its signed bytes. */
export interface SignedEntry {
  readonly statement: RegistryEntry;
  readonly bytes: Bytes;
}

/**
 * Keep entries in the public registry, and enter those that are new in the log.
 *
 * Gives:   how many were new.
 * Fails:   `quota`: their signer has said too much of one certificate.
 * Plan:    primary keys of `certificate` and `provider_statement`.
 */
export function keepEntries(
  store: Store,
  entries: readonly SignedEntry[],
): Promise<Result<number, { readonly kind: "quota" }>> {
  return inTransaction<Schema, number, { readonly kind: "quota" }>(store.db, async (trx) => {
    const kept = await writeEntries(trx, store.now(), entries);
    return (await saysTooMuch(trx, entries)) ? fail({ kind: "quota" }) : ok(kept);
  });
}

/** Whether somebody has said more of one certificate than anybody needs to. */
async function saysTooMuch(trx: Trx, entries: readonly SignedEntry[]): Promise<boolean> {
  const statuses = entries.flatMap(({ statement }) =>
    statement.type === "certificate/status" ? [statement] : [],
  );
  if (statuses.length === 0) return false;
  const places = byteaArray(statuses.map(registryPlace));
  // What others have said of it, however much, stops nobody.
  const signers = byteaArray(statuses.map(({ signer }) => signer));
  const { rows } = await sql`select 1 from (
      select place, substring(bytes from octet_length(bytes) - ${SIGNER_AT}::int4 for 32) as signer
      from provider_statement
      where place = any(${places}::bytea[]) and type = 'certificate/status'
    ) as said
    where signer = any(${signers}::bytea[])
    group by place, signer having count(*) > ${STATUSES_KEPT_MAX} limit 1`.execute(trx);
  return rows.length > 0;
}

async function writeEntries(
  trx: Trx,
  time: number,
  entries: readonly SignedEntry[],
): Promise<number> {
  const certificates = entries.flatMap(({ statement, bytes }) =>
    statement.type === "certificate" ? [{ statement, bytes }] : [],
  );
  const others = entries.filter(({ statement }) => statement.type !== "certificate");
  const kept = await keepCertificates(trx, time, certificates);
  if (others.length === 0) return kept;
  const column = (pick: (one: SignedEntry) => Uint8Array): Buffer => byteaArray(others.map(pick));
  const types = others.map(({ statement }) => statement.type);
  const { rows } = await sql<{
    readonly hash: Digest;
  }>`insert into provider_statement (place, hash, type, bytes)
    select p, h, t, b from unnest(${column(({ statement }) => registryPlace(statement))}::bytea[],
      ${column(({ statement }) => statement.hash)}::bytea[], ${types}::text[],
      ${column(({ bytes }) => bytes)}::bytea[]) as e (p, h, t, b)
    order by p, h on conflict do nothing returning hash`.execute(trx);
  await logCertificates(trx, time, rows);
  return kept + rows.length;
}

/**
 * A page of the public registry, in order of place and hash: nobody's entries are too many for a
 * page to go on from.
 *
 * Plan:    a range of the primary key of `certificate`, and one of `provider_statement`.
 */
export async function registryPage(
  db: Kysely<Schema>,
  after: RegistryPosition | undefined,
): Promise<CertificatePage> {
  const from = after ?? new Uint8Array();
  const [place, hash] = [from.slice(0, 32), from.slice(32)];
  const limit = LIMITS.pageItems + 1;
  const { rows } = await sql<{ readonly bytes: Bytes }>`
    select bytes from (
      (select subject as place, hash, bytes from certificate
        where (subject, hash) > (${place}::bytea, ${hash}::bytea)
        order by subject, hash limit ${limit})
      union all
      (select place, hash, bytes from provider_statement
        where (place, hash) > (${place}::bytea, ${hash}::bytea)
        order by place, hash limit ${limit})) as e
    order by place, hash limit ${limit}`.execute(db);
  const certificates = rows.slice(0, LIMITS.pageItems).map((row) => row.bytes);
  return { certificates, more: rows.length > LIMITS.pageItems };
}

/** Where a signed statement has the key of its signer, counted from its end. Source: spec/statements.md §1. */
const SIGNER_AT = 97;

/**
 * What is said of certificates of these hashes by those whose word may count: of certificates anybody
 * may say anything, and what strangers say must cost who uploads nothing.
 *
 * Takes:   `signers`, everybody above; whose word does count, a path says.
 * Plan:    a range of the primary key of `provider_statement` for each certificate.
 */
export async function statusesOf(
  db: Kysely<Schema>,
  certificates: readonly Digest[],
  signers: readonly VerifyKey[],
): Promise<StatusBook> {
  if (certificates.length === 0) return new Map();
  const { rows } = await sql<{ readonly bytes: Bytes }>`
    select bytes from provider_statement
    where place = any(${byteaArray(certificates)}::bytea[]) and type = 'certificate/status'
      and substring(bytes from octet_length(bytes) - ${SIGNER_AT}::int4 for 32)
        = any(${byteaArray(signers)}::bytea[])
    order by place, hash limit ${STATUSES_MAX}`.execute(db);
  const verified = rows.flatMap(({ bytes }) => {
    const status = verifyStatus(bytes);
    return status.ok ? [status.value] : [];
  });
  return statusBook(verified);
}

/** Far more than those whose word counts ever say. */
const STATUSES_MAX = 10_000;
