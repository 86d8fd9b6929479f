import { randomBytes, randomInt } from "node:crypto";
import { Key, OrderedMap } from "@salus/crypto";
import { int4Array, uuidArray } from "@salus/service";
import type pg from "pg";
import type { Figure } from "./figure.ts";
import { BITS, ENCRYPTED_RANGE, uuidText, VAULT } from "./support/entry-tables.ts";
import { executionMs, openScratchDatabase, quantile } from "./support/scratch-database.ts";

/**
 * One query over many sources: the range at a node of the provider tree, beside what it takes without merging, a range for
 * each source below it in one statement. Server execution time, interleaved.
 *
 * 100,000 entries of 100 sources with ten departments each: an entry stands in the root's column, in its
 * source's and in its department's.
 *
 * Figures:   `sources-1`: at one source; nothing to merge, ratio 1. `sources-100`: at the root.
 *            `subtree`: at one source, beside the ranges of its ten departments.
 */
const SOURCES = 100;
const DEPARTMENTS = 10;
const ENTRIES = 100_000;
const QUERIES = 1000;
const ROOT_COLUMN = 1;

const sourceColumn = (source: number): number => 10 + source;
const departmentColumn = (source: number, department: number): number =>
  1000 + source * DEPARTMENTS + department;

const MANY_RANGES = `select e.record from unnest($2::int4[], $3::uuid[], $4::uuid[]) as p (c, low, high)
  join lateral (select record from ordered_entry
    where vault = $1 and index_column = p.c and term > p.low and term < p.high) e on true`;

export async function run(): Promise<readonly Figure[]> {
  const database = await openScratchDatabase();
  try {
    const { client } = database;
    const maps = await load(client);
    const everySource = Array.from({ length: SOURCES }, (_, source) => sourceColumn(source));
    const departments = Array.from({ length: DEPARTMENTS }, (_, at) => departmentColumn(0, at));
    return [
      await beside(client, maps, "sources-1", sourceColumn(0), [sourceColumn(0)], 0.1),
      await beside(client, maps, "sources-100", ROOT_COLUMN, everySource, 0.001),
      await beside(client, maps, "subtree", sourceColumn(0), departments, 0.1),
    ];
  } finally {
    await database.close();
  }
}

type Maps = ReadonlyMap<number, OrderedMap>;

async function load(client: pg.Client): Promise<Maps> {
  const columns = new Map<number, { codes: number[]; records: number[] }>();
  for (let record = 0; record < ENTRIES; record += 1) {
    const source = record % SOURCES;
    const path = [
      ROOT_COLUMN,
      sourceColumn(source),
      departmentColumn(source, randomInt(DEPARTMENTS)),
    ];
    const code = randomInt(1, 2 ** BITS - 1);
    for (const column of path) {
      const found = columns.get(column) ?? { codes: [], records: [] };
      found.codes.push(code);
      found.records.push(record);
      columns.set(column, found);
    }
  }
  const maps = new Map<number, OrderedMap>();
  for (const [column, { codes, records }] of columns) {
    const map = new OrderedMap(new Key("ordered-map", randomBytes(32)), {
      bits: BITS,
      profile: "private",
    });
    maps.set(column, map);
    const terms = map.encryptMany(codes);
    if (!terms.ok) throw new Error("bug: a random code is in the domain");
    const list = codes.map((_, at) => terms.value.subarray(16 * at, 16 * at + 16));
    await client.query(
      `insert into ordered_entry (vault, index_column, term, record, batch)
       select $1, $2, term, record, 1 from unnest($3::uuid[], $4::int4[]) as e (term, record)`,
      [VAULT, column, uuidArray(list), int4Array(records)],
    );
  }
  await client.query("vacuum analyze ordered_entry");
  return maps;
}

async function beside(
  client: pg.Client,
  maps: Maps,
  name: string,
  node: number,
  below: readonly number[],
  share: number,
): Promise<Figure> {
  const merged: number[] = [];
  const apart: number[] = [];
  const width = Math.floor(share * 2 ** BITS);
  for (let query = 0; query < QUERIES + 50; query += 1) {
    const from = randomInt(2, 2 ** BITS - 2 - width);
    const probes = (column: number): [string, string] => {
      const answer = (maps.get(column) as OrderedMap).probes(from, from + width);
      if (!answer.ok) throw new Error("bug: the range is in the domain");
      return [uuidText(answer.value.low), uuidText(answer.value.high)];
    };
    const many = below.map(probes);
    const one = await executionMs(client, ENCRYPTED_RANGE, [VAULT, node, ...probes(node)]);
    const each = await executionMs(client, MANY_RANGES, [
      VAULT,
      [...below],
      many.map(([low]) => low),
      many.map(([, high]) => high),
    ]);
    if (query < 50) continue;
    merged.push(one);
    apart.push(each);
  }
  const value = quantile(merged, 0.5) * 1000;
  const baseline = quantile(apart, 0.5) * 1000;
  return { name, value, unit: "µs", baseline, ratio: value / baseline };
}
