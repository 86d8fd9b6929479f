import type pg from "pg";
import type { Figure } from "./figure.ts";
import { loadColumn, VAULT } from "./support/entry-tables.ts";
import { openScratchDatabase } from "./support/scratch-database.ts";

/**
 * Building the index over 1,000,000 entries that are already in a table, and what an entry takes on disk: terms
 * beside plain `bigint` values in tables of the same shape.
 *
 * Figures:   `index-build`: milliseconds, median of three interleaved builds each.
 *            `bytes-per-entry`: table and all its indexes.
 */
const ENTRIES = 1_000_000;
const ROUNDS = 3;

export async function run(): Promise<readonly Figure[]> {
  const database = await openScratchDatabase();
  try {
    const { client } = database;
    await client.query(
      "set maintenance_work_mem = '256MB'; set max_parallel_maintenance_workers = 0",
    );
    await client.query("set statement_timeout = 0");
    await loadColumn(client, 1, ENTRIES);
    const encrypted: number[] = [];
    const plain: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      encrypted.push(await buildMs(client, "ordered_entry", "term"));
      plain.push(await buildMs(client, "plain_entry", "value"));
    }
    const value = median(encrypted);
    const baseline = median(plain);
    const bytes = await bytesPerEntry(client, "ordered_entry");
    const plainBytes = await bytesPerEntry(client, "plain_entry");
    return [
      { name: "index-build", value, unit: "ms", baseline, ratio: value / baseline },
      {
        name: "bytes-per-entry",
        value: bytes,
        unit: "B",
        baseline: plainBytes,
        ratio: bytes / plainBytes,
      },
    ];
  } finally {
    await database.close();
  }
}

async function buildMs(client: pg.Client, table: string, column: string): Promise<number> {
  const start = performance.now();
  await client.query(
    `create unique index bench_build on ${table} (vault, index_column, ${column}, record)`,
  );
  const took = performance.now() - start;
  await client.query("drop index bench_build");
  return took;
}

async function bytesPerEntry(client: pg.Client, table: string): Promise<number> {
  await client.query(`vacuum full ${table}`);
  const { rows } = await client.query(
    `select pg_total_relation_size('${table}')::float8 / count(*) as bytes from ${table} where vault = $1`,
    [VAULT],
  );
  return rows[0].bytes;
}

function median(sample: readonly number[]): number {
  return [...sample].sort((a, b) => a - b)[Math.floor(sample.length / 2)] as number;
}
