import type { Bytes } from "@salus/base";
import { type BatchPage, type BatchWrap, LIMITS, type SourceHandle } from "@salus/protocol";
import { int4Array, uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, VaultId } from "../database/schema.ts";
import type { Access } from "./access.ts";

/** So many batches a page at most: each has up to 85 kB of leaves. */
const BATCHES_MAX = 100;
const LEAF_BYTES = 85;

/**
 * The batches of one source, from a number on, as a reader verifies them.
 *
 * Sees:    signed statements, readable; hashes; wraps that it cannot open.
 * Plan:    a range of `batch_by_number`; primary key of `batch_wrap`.
 */
export async function batchPage(
  db: Kysely<Schema>,
  access: Access<"list-batches">,
  source: SourceHandle,
  from: number,
): Promise<BatchPage> {
  const rows = await db
    .selectFrom("batch")
    .select(["batch", "statement", "leaves"])
    .where("vault", "=", access.vault)
    .where("source", "=", source)
    .where("number", ">=", from)
    .orderBy("number")
    .limit(BATCHES_MAX + 1)
    .execute();
  let bytes = 0;
  const page = rows.slice(0, BATCHES_MAX).filter((row, at) => {
    bytes += row.statement.length + row.leaves.length;
    return at === 0 || bytes <= LIMITS.pageBytes;
  });
  const wraps = await db
    .selectFrom("batch_wrap")
    .select(["batch", "cell", "suite", "enc", "ct"])
    .where("vault", "=", access.vault)
    .where("batch", "=", sql<number>`any(${int4Array(page.map((row) => row.batch))}::int4[])`)
    .orderBy("batch")
    .orderBy("position")
    .execute();
  const batches = page.map(({ batch, statement, leaves }) => ({
    statement,
    wraps: wraps
      .filter((wrap) => wrap.batch === batch)
      .map(({ cell, suite, enc, ct }) => ({ cell, suite, enc, ct })),
    leaves: divide(leaves),
  }));
  return { batches, more: rows.length > page.length };
}

function divide(leaves: Bytes): readonly Bytes[] {
  const count = leaves.length / LEAF_BYTES;
  return Array.from({ length: count }, (_, at) =>
    leaves.subarray(at * LEAF_BYTES, (at + 1) * LEAF_BYTES),
  );
}

/**
 * The wraps of some cells in some batches.
 *
 * Takes:   pairs: the batch's number and the cell, in the same order.
 * Plan:    primary keys of `batch_wrap` and `batch`, once for each.
 */
export async function wrapsOf(
  db: Kysely<Schema>,
  vault: VaultId,
  pairs: readonly Pick<Schema["record"], "batch" | "cell">[],
): Promise<readonly BatchWrap[]> {
  if (pairs.length === 0) return [];
  const { rows } = await sql<BatchWrap>`
    select b.handle as batch, w.cell, w.suite, w.enc, w.ct
    from (select distinct n, c from unnest(${int4Array(pairs.map((pair) => pair.batch))}::int4[],
      ${uuidArray(pairs.map((pair) => pair.cell))}::uuid[]) as u (n, c)) as p
    join batch_wrap w on w.vault = ${vault} and w.batch = p.n and w.cell = p.c
    join batch b on b.vault = w.vault and b.batch = w.batch
    order by w.batch, w.cell`.execute(db);
  return rows;
}
