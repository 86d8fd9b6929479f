import { assert, type Bytes } from "@salus/base";
import { leafHash, type TreeNode } from "@salus/evaluate";
import type { Digest } from "@salus/protocol";
import { type QueryExecutorProvider, sql } from "kysely";
import { int2Array, int8Array } from "../database/arrays.ts";

/** A node that should be in the database, and is not, or is another. */
export class LogDamaged extends Error {}

/**
 * Read the hashes of complete subtrees.
 *
 * Fails:   throws `LogDamaged` when one is not there: nothing ever removes one.
 * Plan:    primary keys of `log_leaf` and `log_node`.
 */
export async function readNodes(
  db: QueryExecutorProvider,
  nodes: readonly TreeNode[],
): Promise<readonly Digest[]> {
  if (nodes.length === 0) return [];
  const distinct = [...new Map(nodes.map((node) => [nameOf(node), node])).values()];
  const leaves = distinct.filter(({ level }) => level === 0);
  const inner = distinct.filter(({ level }) => level > 0);
  const { rows } = await sql<{ level: number; position: number; bytes: Bytes }>`
    select 0::int2 as level, leaf as position, bytes from log_leaf
      where leaf = any(${int8Array(leaves.map(({ position }) => position))}::int8[])
    union all
    select n.level, n.position, n.hash from unnest(
      ${int2Array(inner.map(({ level }) => level))}::int2[],
      ${int8Array(inner.map(({ position }) => position))}::int8[]) as u (l, p)
      join log_node n on n.level = u.l and n.position = u.p`.execute(db);
  const found = new Map(
    rows.map(({ level, position, bytes }) => [
      nameOf({ level, position }),
      level === 0 ? leafHash(bytes) : (bytes as Bytes as Digest),
    ]),
  );
  return nodes.map((node) => {
    const hash = found.get(nameOf(node));
    if (hash === undefined) throw new LogDamaged("a node of the log is gone");
    assert(hash.length === 32, "a node of the log is a hash");
    return hash;
  });
}

function nameOf({ level, position }: TreeNode): string {
  return `${level}/${position}`;
}
