import { randomBytes } from "node:crypto";
import { type Bytes, compareBytes, equalBytes, toHex } from "@salus/base";
import { growTree, joinNodes, leafHash, logLeaf, nodesOf } from "@salus/evaluate";
import { encodeLogLeaf } from "@salus/protocol";
import { type Kysely, type QueryExecutorProvider, sql } from "kysely";
import { byteaArray, int2Array, int8Array, uuidArray } from "../database/arrays.ts";
import { NO_OWNER } from "./append.ts";
import { LogDamaged, readNodes } from "./node-store.ts";
import type { LogSchema } from "./tables.ts";

/** How many entries get their places in one transaction. */
export const SEQUENCE_MAX = 2000;

type Pending = LogSchema["log_pending"];

/** An entry with its place in the tree, and among its owner's. */
interface Placed extends Pending {
  readonly leaf: number;
  readonly number: number;
  readonly bytes: Bytes;
}

/**
 * Give waiting entries their places in the tree, in one transaction.
 *
 * Several processes may do this to one database: one holds the head's row and the others wait, because
 * a checkpoint of theirs must have what the one is giving places to. A process that ends in the middle
 * leaves everything as it was.
 *
 * Gives:   how many got a place.
 * Fails:   throws `LogDamaged` when the tree in the database is not the one that was written: nothing
 *          is put on top of it.
 * Cost:    a dozen statements, whatever their number; one hash for each leaf and O(log n).
 * Plan:    primary keys of the log's tables.
 */
export function sequence(db: Kysely<LogSchema>, name: string): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<LogSchema["log_head"]>`
      select size, root from log_head where name = ${name} for update`.execute(trx);
    const [head] = rows;
    if (head === undefined) return 0;
    const pending = await takePending(trx);
    if (pending.length === 0) return 0;
    const frontier = await readNodes(trx, nodesOf({ start: 0, end: head.size }));
    if (!equalBytes(joinNodes(frontier), head.root)) throw new LogDamaged("the log was changed");
    const placed = await place(trx, head.size, pending);
    const hashes = placed.map(({ bytes }) => leafHash(bytes));
    const { nodes, root } = growTree(head.size, frontier, hashes);
    await writePlaced(trx, placed);
    await sql`insert into log_node (level, position, hash) select l, p, h from unnest(
      ${int2Array(nodes.map(({ level }) => level))}::int2[],
      ${int8Array(nodes.map(({ position }) => position))}::int8[],
      ${byteaArray(nodes.map(({ hash }) => hash))}::bytea[]) as u (l, p, h)`.execute(trx);
    await sql`update log_head set size = ${head.size + placed.length}::int8, root = ${root}
      where name = ${name}`.execute(trx);
    return placed.length;
  });
}

/** Take the entries that have waited longest. */
async function takePending(trx: QueryExecutorProvider): Promise<readonly Pending[]> {
  const { rows } = await sql<Pending>`delete from log_pending using
      (select entry as e from log_pending order by entry limit ${SEQUENCE_MAX}) as oldest
    where entry = e returning entry, kind, time, owner, salt, object`.execute(trx);
  return rows.toSorted((a, b) => compareBytes(a.entry, b.entry));
}

/** Number entries, those of each owner by themselves, and make their leaves. */
async function place(
  trx: QueryExecutorProvider,
  size: number,
  pending: readonly Pending[],
): Promise<readonly Placed[]> {
  const owners = await readOwners(trx, pending);
  const placed = pending.map((entry, at): Placed => {
    const owner = owners.get(toHex(entry.owner));
    const { kind, time, object } = entry;
    const number = owner?.leaves ?? 0;
    if (owner !== undefined) owner.leaves += 1;
    const leaf = logLeaf(owner?.salt ?? entry.salt, { kind, time, number, object });
    return { ...entry, leaf: size + at, number, bytes: encodeLogLeaf(leaf) };
  });
  const all = [...owners.values()];
  await sql`insert into log_owner as o (owner, salt, leaves) select w, s, n from unnest(
    ${uuidArray(all.map(({ owner }) => owner))}::uuid[],
    ${byteaArray(all.map(({ salt }) => salt))}::bytea[],
    ${int8Array(all.map(({ leaves }) => leaves))}::int8[]) as u (w, s, n)
    on conflict (owner) do update set leaves = excluded.leaves`.execute(trx);
  return placed;
}

type Owner = LogSchema["log_owner"];

/** The owners of entries; one that had no leaf yet gets a salt. Only the sequencer writes them. */
async function readOwners(
  trx: QueryExecutorProvider,
  pending: readonly Pending[],
): Promise<ReadonlyMap<string, Owner>> {
  const owned = pending.filter(({ owner }) => !equalBytes(owner, NO_OWNER));
  const owners = new Map(
    owned.map(({ owner }) => [toHex(owner), { owner, salt: drawSalt(), leaves: 0 }]),
  );
  const { rows } = await sql<Owner>`select owner, salt, leaves from log_owner where owner = any(
    ${uuidArray([...owners.values()].map(({ owner }) => owner))}::uuid[])`.execute(trx);
  for (const row of rows) owners.set(toHex(row.owner), row);
  return owners;
}

function drawSalt(): Bytes {
  return Uint8Array.from(randomBytes(32));
}

async function writePlaced(trx: QueryExecutorProvider, placed: readonly Placed[]): Promise<void> {
  await sql`insert into log_leaf (leaf, bytes) select n, b from unnest(
    ${int8Array(placed.map(({ leaf }) => leaf))}::int8[],
    ${byteaArray(placed.map(({ bytes }) => bytes))}::bytea[]) as u (n, b)`.execute(trx);
  const own = placed.filter(({ owner }) => !equalBytes(owner, NO_OWNER));
  if (own.length === 0) return;
  await sql`insert into log_own (owner, number, leaf, kind, time, object)
    select w, n, l, k, t, o from unnest(
      ${uuidArray(own.map(({ owner }) => owner))}::uuid[],
      ${int8Array(own.map(({ number }) => number))}::int8[],
      ${int8Array(own.map(({ leaf }) => leaf))}::int8[],
      ${own.map(({ kind }) => kind)}::text[],
      ${int8Array(own.map(({ time }) => time))}::int8[],
      ${byteaArray(own.map(({ object }) => object))}::bytea[]) as u (w, n, l, k, t, o)`.execute(
    trx,
  );
}
