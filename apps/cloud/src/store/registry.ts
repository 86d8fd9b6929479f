import type { Bytes } from "@salus/base";
import {
  type RegistryEntry,
  registryPlace,
  type StatusBook,
  statusBook,
  verifyStatus,
} from "@salus/evaluate";
import { type CertificatePage, type Digest, LIMITS, type RegistryPosition } from "@salus/protocol";
import { byteaArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema } from "../database/schema.ts";
import { keepCertificates } from "./certificate.ts";

/** An entry of the registry whose signature has been verified, and its signed bytes. */
export interface SignedEntry {
  readonly statement: RegistryEntry;
  readonly bytes: Bytes;
}

/**
 * Keep entries in the public registry.
 *
 * Gives:   how many were new.
 * Plan:    primary keys of `certificate` and `provider_statement`.
 */
export async function keepEntries(
  db: Kysely<Schema>,
  entries: readonly SignedEntry[],
): Promise<number> {
  const certificates = entries.flatMap(({ statement, bytes }) =>
    statement.type === "certificate" ? [{ statement, bytes }] : [],
  );
  const others = entries.filter(({ statement }) => statement.type !== "certificate");
  const kept = await keepCertificates(db, certificates);
  if (others.length === 0) return kept;
  const column = (pick: (one: SignedEntry) => Uint8Array): Buffer => byteaArray(others.map(pick));
  const types = others.map(({ statement }) => statement.type);
  const written = await sql`insert into provider_statement (place, hash, type, bytes)
    select p, h, t, b from unnest(${column(({ statement }) => registryPlace(statement))}::bytea[],
      ${column(({ statement }) => statement.hash)}::bytea[], ${types}::text[],
      ${column(({ bytes }) => bytes)}::bytea[]) as e (p, h, t, b)
    order by p, h on conflict do nothing`.execute(db);
  return kept + Number(written.numAffectedRows ?? 0n);
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

/**
 * What is said of certificates of these hashes. Whose word counts, a path says.
 *
 * Plan:    primary key of `provider_statement`, once for each.
 */
export async function statusesOf(
  db: Kysely<Schema>,
  certificates: readonly Digest[],
): Promise<StatusBook> {
  if (certificates.length === 0) return new Map();
  const { rows } = await sql<{ readonly bytes: Bytes }>`
    select bytes from provider_statement
    where place = any(${byteaArray(certificates)}::bytea[]) and type = 'certificate/status'
    order by place, hash limit ${STATUSES_MAX}`.execute(db);
  const verified = rows.flatMap(({ bytes }) => {
    const status = verifyStatus(bytes);
    return status.ok ? [status.value] : [];
  });
  return statusBook(verified);
}

/** Far more than those whose word counts ever say. */
const STATUSES_MAX = 10_000;
