import { assert, type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  type BatchError,
  digest,
  readSigned,
  type Standing,
  type VerifiedBatch,
  verifyBatch,
} from "@salus/evaluate";
import { BatchId, type Problem, type Receipt, splitSigned, type Upload } from "@salus/protocol";
import { byteaArray, inTransaction, int2Array, uuidArray } from "@salus/service";
import { sql } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";
import type { Access } from "./access.ts";
import { keepAuthors } from "./certificate.ts";
import { deleteEntries, insertEntries } from "./entry.ts";
import { type ColumnPlace, makeColumns, nameOfEntry, placeOf } from "./index-column.ts";
import { findRecords, planRecords, type RecordConflict, writeRecords } from "./record.ts";
import { statusesOf } from "./registry.ts";
import { enterScopes } from "./scope.ts";
import { NO_BATCH } from "./source.ts";
import type { Store } from "./store.ts";
import { lockVault, updateVault, type VaultRow } from "./vault.ts";

/** Why a batch is not stored. Spec: batch §5. */
export type UploadError =
  | BatchError
  | RecordConflict
  | Extract<Problem, { readonly kind: "batch-number" | "batch-reused" | "unknown-scope" }>;

/**
 * Store a batch: all of it, or nothing. That is the merge.
 *
 * What can be judged by chain and upload alone is judged before the vault is locked, so that the
 * lock is held for the writing only; it is judged again if the chain has moved in between.
 *
 * Gives:   the receipt; the same again, marked as replayed, for a statement that is stored.
 * Fails:   any `UploadError`, and then nothing is stored.
 * Sees:    sealed bytes and opaque terms; this process can decrypt neither.
 * Plan:    about a dozen statements, whatever the number of items.
 */
export async function storeBatch(
  store: Store,
  access: Access<"upload">,
  upload: Upload,
): Promise<Result<Receipt, UploadError>> {
  const read = readSigned("batch", upload.statement);
  if (!read.ok) return read;
  const known = await findReceipt(store.db, access.vault, read.value.unverified.batch, upload);
  if (known !== undefined) return known;
  const standing = await standingOf(store, upload);
  let verified = verifyBatch(upload, access.chain, standing);
  if (!verified.ok) return verified;
  let chain = access.chain;
  return inTransaction<Schema, Receipt, UploadError>(store.db, async (trx) => {
    await sql`set local statement_timeout = '60s'`.execute(trx);
    const row = await lockVault(trx, access.vault);
    const replayed = await findReceipt(trx, access.vault, read.value.unverified.batch, upload);
    if (replayed !== undefined) return replayed;
    if (!equalBytes(row.head_hash, chain.head.hash)) {
      chain = await store.chains.stateOf(trx, row);
      verified = verifyBatch(upload, chain, standing);
    }
    if (!verified.ok) return verified;
    const batch = verified.value;
    if (!equalBytes(batch.source.source, access.role.source.source)) {
      return fail({ kind: "not-yours" });
    }
    return writeBatch(trx, store.now(), row, batch, upload);
  });
}

/** What is known of the authors' certificates: the word of those above them in the upload counts. */
async function standingOf(store: Store, upload: Upload): Promise<Standing> {
  const hashes = upload.certificates.map((certificate) => digest(certificate));
  const issuers = upload.certificates.flatMap((certificate) => {
    const parts = splitSigned(certificate);
    return parts.ok ? [parts.value.key] : [];
  });
  return { statuses: await statusesOf(store.db, hashes, issuers), authorities: [] };
}

/** The receipt of a batch handle that was used: again for the same statement, an error for another. */
async function findReceipt(
  db: Store["db"],
  vault: VaultId,
  handle: BatchId,
  upload: Upload,
): Promise<Result<Receipt, { readonly kind: "batch-reused" }> | undefined> {
  const row = await db
    .selectFrom("batch")
    .select(["number", "hash", "records", "entries", "statement"])
    .where("vault", "=", vault)
    .where("handle", "=", handle)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { statement, ...told } = row;
  if (!equalBytes(statement, upload.statement)) return fail({ kind: "batch-reused" });
  return ok({ batch: handle, ...told, replayed: true });
}

async function writeBatch(
  trx: Trx,
  time: number,
  row: VaultRow,
  batch: VerifiedBatch,
  upload: Upload,
): Promise<Result<Receipt, UploadError>> {
  const { vault } = row;
  const { source } = batch.source;
  const numbered = await checkNumber(trx, vault, batch);
  if (!numbered.ok) return numbered;
  const scoped = await enterScopes(trx, vault, batch);
  if (!scoped.ok) return scoped;
  const handles = batch.items.map((item) => item.record);
  const plan = planRecords(batch, await findRecords(trx, vault, handles), row.records);
  if (!plan.ok) return plan;
  const number = row.batches + 1;
  const places = placesIn(batch);
  const columns = await makeColumns(trx, vault, row.index_columns, places);
  await deleteEntries(trx, vault, plan.value.replaced);
  const receipt = await insertBatch(trx, vault, number, batch, upload.statement);
  await insertWraps(trx, vault, number, batch.wraps);
  const numbers = plan.value.numbers;
  const numberOf = (at: number): number => {
    const found = numbers[at];
    assert(found !== undefined, "every item's record has a number");
    return found;
  };
  const records = batch.items.flatMap((item, at) =>
    item.kind === "record" ? [{ number: numberOf(at), item }] : [],
  );
  await writeRecords(trx, vault, number, source, records);
  const rows = batch.items.map((item, at) => ({ ...item, record: numberOf(at) }));
  await insertEntries(trx, vault, number, columns.numbers, rows);
  const certificates = batch.certificates.map((statement, at) => {
    const bytes = upload.certificates[at];
    assert(bytes !== undefined, "verified certificates are in the order of the upload");
    return { statement, bytes };
  });
  await keepAuthors(trx, time, vault, certificates);
  await updateVault(trx, vault, {
    records: plan.value.given,
    batches: number,
    index_columns: columns.given,
    ...(plan.value.replaced.length > 0 ? { rewritten: number } : {}),
  });
  return ok(receipt);
}

/** The columns that the entries of a batch are in, each once. */
function placesIn(batch: VerifiedBatch): readonly ColumnPlace[] {
  const places = new Map<string, ColumnPlace>();
  for (const { entries, entryBytes } of batch.items) {
    entries.forEach((entry, at) => {
      const name = nameOfEntry(entryBytes[at] as Bytes);
      if (!places.has(name)) places.set(name, placeOf(entry));
    });
  }
  return [...places.values()];
}

async function checkNumber(
  trx: Trx,
  vault: VaultId,
  batch: VerifiedBatch,
): Promise<Result<void, Extract<UploadError, { readonly kind: "batch-number" }>>> {
  const { source, number, prev } = batch.statement.payload;
  const last = await trx
    .selectFrom("source")
    .select(["number", "hash"])
    .where("vault", "=", vault)
    .where("source", "=", source)
    .executeTakeFirst();
  const { number: before, hash } = last ?? NO_BATCH;
  const next = { number: before + 1, hash };
  if (number !== next.number || !equalBytes(prev, next.hash)) {
    return fail({ kind: "batch-number", ...next });
  }
  await trx
    .insertInto("source")
    .values({ vault, source, number, hash: batch.statement.hash })
    .onConflict((conflict) =>
      conflict.columns(["vault", "source"]).doUpdateSet({ number, hash: batch.statement.hash }),
    )
    .execute();
  return ok(undefined);
}

async function insertBatch(
  trx: Trx,
  vault: VaultId,
  batch: number,
  verified: VerifiedBatch,
  statement: Bytes,
): Promise<Receipt> {
  const { payload, hash } = verified.statement;
  const told = {
    number: payload.number,
    hash,
    records: verified.items.filter((item) => item.kind === "record").length,
    entries: verified.items.reduce((sum, item) => sum + item.entries.length, 0),
  };
  const leaves = Buffer.concat(verified.items.map((item) => item.leaf)) as Bytes;
  const { batch: handle, source } = payload;
  await trx
    .insertInto("batch")
    .values({ vault, batch, handle, source, statement, leaves, ...told })
    .execute();
  return { batch: BatchId.of(handle), ...told, replayed: false };
}

async function insertWraps(
  trx: Trx,
  vault: VaultId,
  batch: number,
  wraps: VerifiedBatch["wraps"],
): Promise<void> {
  if (wraps.length === 0) return;
  await sql`insert into batch_wrap (vault, batch, cell, position, suite, enc, ct)
    select ${vault}, ${batch}, c, p, s, e, t
    from unnest(${uuidArray(wraps.map((wrap) => wrap.cell))}::uuid[],
      ${int2Array(wraps.map((_, at) => at))}::int2[],
      ${int2Array(wraps.map((wrap) => wrap.suite))}::int2[],
      ${byteaArray(wraps.map((wrap) => wrap.enc))}::bytea[],
      ${byteaArray(wraps.map((wrap) => wrap.ct))}::bytea[]) as w (c, p, s, e, t)`.execute(trx);
}
