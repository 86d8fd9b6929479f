import { randomInt } from "node:crypto";
import type pg from "pg";
import type { Figure } from "./figure.ts";
import {
  ENCRYPTED_RANGE,
  type LoadedColumn,
  loadColumn,
  PLAIN_RANGE,
  uuidText,
  VAULT,
} from "./support/entry-tables.ts";
import { executionMs, openScratchDatabase, quantile } from "./support/scratch-database.ts";

/**
 * A range of 100 entries out of 10,000, 100,000 and 1,000,000: the server's own execution time of the index-only range,
 * terms beside plain `bigint` values in a table of the same shape, queries interleaved.
 *
 * Figures:   `range-query-p50`, `range-query-p99` at 1,000,000; `range-query-p50-10000` and so on for growth.
 *            `range-query-fetch-p50`: the same range with the envelopes of its records (1.5 kB each), beside plain values likewise.
 * Cannot show: the time in the cloud process, or on the way.
 */
const SIZES = [10_000, 100_000, 1_000_000];
const QUERIES = 5000;
const ROWS = 100;
const FETCH_QUERIES = 1000;

export async function run(): Promise<readonly Figure[]> {
  const database = await openScratchDatabase();
  try {
    const figures: Figure[] = [];
    for (const [at, size] of SIZES.entries()) {
      const column = at + 1;
      const loaded = await loadColumn(database.client, column, size);
      await database.client.query("vacuum analyze ordered_entry");
      await database.client.query("vacuum analyze plain_entry");
      const { encrypted, plain } = await interleave(
        database.client,
        column,
        loaded,
        { encrypted: ENCRYPTED_RANGE, plain: PLAIN_RANGE },
        QUERIES,
      );
      const suffix = size === SIZES.at(-1) ? "" : `-${size}`;
      figures.push(figure(`range-query-p50${suffix}`, encrypted, plain, 0.5));
      figures.push(figure(`range-query-p99${suffix}`, encrypted, plain, 0.99));
      if (suffix === "") figures.push(await fetching(database.client, column, loaded));
    }
    return figures;
  } finally {
    await database.close();
  }
}

function figure(name: string, encrypted: number[], plain: number[], share: number): Figure {
  const value = quantile(encrypted, share) * 1000;
  const baseline = quantile(plain, share) * 1000;
  return { name, value, unit: "µs", baseline, ratio: value / baseline };
}

async function interleave(
  client: pg.Client,
  column: number,
  loaded: LoadedColumn,
  queries: { readonly encrypted: string; readonly plain: string },
  count: number,
): Promise<{ encrypted: number[]; plain: number[] }> {
  const encrypted: number[] = [];
  const plain: number[] = [];
  for (let query = 0; query < count + 100; query += 1) {
    const rank = randomInt(loaded.terms.length - ROWS - 1);
    const terms = [loaded.terms[rank], loaded.terms[rank + ROWS + 1]] as [Uint8Array, Uint8Array];
    const values = [loaded.values[rank], loaded.values[rank + ROWS + 1]];
    const sealed = (): Promise<number> =>
      executionMs(client, queries.encrypted, [VAULT, column, ...terms.map(uuidText)]);
    const open = (): Promise<number> =>
      executionMs(client, queries.plain, [VAULT, column, ...values]);
    // Whoever goes second finds the processor's caches warm: take turns.
    const first = query % 2 === 0 ? await sealed() : await open();
    const second = query % 2 === 0 ? await open() : await sealed();
    if (query < 100) continue;
    encrypted.push(query % 2 === 0 ? first : second);
    plain.push(query % 2 === 0 ? second : first);
  }
  return { encrypted, plain };
}

const RECORDS = 100_000;
const fetchingRange = (table: string, value: string): string =>
  `select r.envelope from ${table} e
   join record r on r.vault = e.vault and r.record = e.record % ${RECORDS}
   where e.vault = $1 and e.index_column = $2 and e.${value} > $3 and e.${value} < $4 order by e.${value}`;

async function fetching(client: pg.Client, column: number, loaded: LoadedColumn): Promise<Figure> {
  await client.query(
    `insert into record (vault, record, handle, revision, source, cell, batch, tombstone, envelope)
     select $1, r, gen_random_uuid(), 1, $1, $1, 1, false,
       decode(repeat(md5(r::text), 94), 'hex') from generate_series(0, $2::int4 - 1) as r`,
    [VAULT, RECORDS],
  );
  await client.query("vacuum analyze record");
  const queries = {
    encrypted: fetchingRange("ordered_entry", "term"),
    plain: fetchingRange("plain_entry", "value"),
  };
  const { encrypted, plain } = await interleave(client, column, loaded, queries, FETCH_QUERIES);
  return figure("range-query-fetch-p50", encrypted, plain, 0.5);
}
