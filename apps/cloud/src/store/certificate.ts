import { type Bytes, toHex } from "@salus/base";
import type { Statement } from "@salus/evaluate";
import type { VerifyKey } from "@salus/protocol";
import { byteaArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";
import { logCertificates } from "./log.ts";

/** A certificate whose signature has been verified, and its signed bytes. */
export interface SignedCertificate {
  readonly statement: Statement<"certificate">;
  readonly bytes: Bytes;
}

/**
 * Keep certificates in the public registry, and enter those that are new in the log.
 *
 * They are written in the order of their keys, so that two writers do not wait for each other in a
 * ring.
 *
 * Gives:   how many were new.
 * Plan:    primary key of `certificate`.
 */
export async function keepCertificates(
  trx: Trx,
  time: number,
  certificates: readonly SignedCertificate[],
): Promise<number> {
  if (certificates.length === 0) return 0;
  const column = (pick: (one: SignedCertificate) => Uint8Array): Buffer =>
    byteaArray(certificates.map(pick));
  const { rows } = await sql<
    Pick<Schema["certificate"], "hash">
  >`insert into certificate (subject, hash, issuer, bytes)
    select s, h, i, b from unnest(${column((one) => one.statement.payload.subject)}::bytea[],
      ${column((one) => one.statement.hash)}::bytea[],
      ${column((one) => one.statement.payload.issuer)}::bytea[],
      ${column((one) => one.bytes)}::bytea[]) as c (s, h, i, b)
    order by s, h on conflict do nothing returning hash`.execute(trx);
  await logCertificates(trx, time, rows);
  return rows.length;
}

/** Keep certificates that a source handed in for its authors in one vault. */
export async function keepAuthors(
  trx: Trx,
  time: number,
  vault: VaultId,
  certificates: readonly SignedCertificate[],
): Promise<void> {
  if (certificates.length === 0) return;
  await keepCertificates(trx, time, certificates);
  const subjects = byteaArray(certificates.map((one) => one.statement.payload.subject));
  const hashes = byteaArray(certificates.map((one) => one.statement.hash));
  await sql`insert into author_certificate (vault, subject, hash)
    select ${vault}, s, h from unnest(${subjects}::bytea[], ${hashes}::bytea[]) as c (s, h)
    on conflict do nothing`.execute(trx);
}

/** From a physician's device up to the organisation there are at most so many steps. */
const STEPS_MAX = 4;

/**
 * The certificates that lead from authors up to their organisations, as the sources of the vault
 * handed them in.
 *
 * Takes:   `known`, keys that need no certificate: the sources' own.
 * Plan:    primary keys of `author_certificate` and `certificate`, once for each step.
 */
export async function certificatesFor(
  db: Kysely<Schema>,
  vault: VaultId,
  authors: readonly VerifyKey[],
  known: readonly VerifyKey[],
): Promise<readonly Bytes[]> {
  const seen = new Set(known.map(toHex));
  const found: Bytes[] = [];
  let wanted = fresh(authors, seen);
  for (let step = 0; step < STEPS_MAX && wanted.length > 0; step += 1) {
    const { rows } = await sql<Pick<Schema["certificate"], "issuer" | "bytes">>`
      select c.issuer, c.bytes from author_certificate a
      join certificate c on c.subject = a.subject and c.hash = a.hash
      where a.vault = ${vault} and a.subject = any(${byteaArray(wanted)}::bytea[])
      order by a.subject, a.hash`.execute(db);
    found.push(...rows.map((row) => row.bytes));
    wanted = fresh(
      rows.map((row) => row.issuer),
      seen,
    );
  }
  return found;
}

/** The keys that were not seen before, each once; they are now. */
function fresh(keys: readonly VerifyKey[], seen: Set<string>): readonly VerifyKey[] {
  return keys.filter((key) => {
    const name = toHex(key);
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
