import { setTimeout as sleep } from "node:timers/promises";
import { toHex } from "@salus/base";
import { AttributeHandle, type Query, Term } from "@salus/protocol";
import { inSnapshot, openPool } from "@salus/service";
import { SERVERS } from "@salus/testkit/database";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Schema, Trx } from "../src/database/schema.ts";
import { ALL, NARROW } from "../src/query/candidates.ts";
import { readCandidates } from "../src/store/candidate.ts";
import {
  FIRST,
  firstPlaces,
  LAST,
  nextEntries,
  type OrderedRange,
  recordsAmong,
  recordsInColumns,
  recordsInRanges,
  termsOf,
  wholeColumn,
} from "../src/store/ordered-entry.ts";
import { findVault, vaultId } from "../src/store/vault.ts";
import { WardCache } from "../src/store/ward.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { populate } from "./populate.ts";
import { Story } from "./story.ts";

// Goal: an ordered probe is one index-only range of the B-tree, whatever the number of sources and
// scopes, and stays so when the server stops planning for the values; a page of a very wide range
// does not read what is behind it.
// Method: call the store on a vault of many rows beside another one; EXPLAIN the statements that it
// made; then run them through the cloud's own pool and read what the server counted.

const RECORDS = 25_000;
const COLUMNS = 1001;

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Relation Name"?: string;
  readonly "Actual Loops": number;
  readonly "Actual Rows": number;
  readonly "Heap Fetches"?: number;
  readonly Plans?: readonly Plan[];
}

function readsOf(plan: Plan): readonly Plan[] {
  const below = (plan.Plans ?? []).flatMap(readsOf);
  return plan["Relation Name"] === undefined ? below : [plan, ...below];
}

const INDEX_ONLY = { "Node Type": "Index Only Scan", "Index Name": "ordered_entry_pkey" };

describe.each(SERVERS)("on %s", (_, binaries) => {
  let cloud: TestCloud;
  let story: Story;
  let client: pg.Client;
  beforeAll(async () => {
    cloud = await startTestCloud(binaries);
    client = cloud.database.client;
    const other = await Story.begin(cloud, 1);
    story = await Story.begin(cloud, 1);
    for (const { vault } of [other, story]) {
      const half = Buffer.from(vault.slice(0, 16));
      await populate(client, { vault: half, records: RECORDS, columns: COLUMNS });
    }
  });
  afterAll(() => cloud.stop());

  /** What the statements of some work read: each as its plan, with the values that were asked for. */
  async function plansOf(work: (trx: Trx) => Promise<unknown>): Promise<readonly Plan[]> {
    const statements: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
    const db = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool: new pg.Pool(cloud.database.server.connection) }),
      log: ({ query }) => {
        statements.push(query);
      },
    });
    await inSnapshot(db, work);
    await db.destroy();
    const reads: Plan[] = [];
    for (const { sql, parameters } of statements.filter((one) => /^\s*select/i.test(one.sql))) {
      const { rows } = await client.query(`explain (analyze, format json) ${sql}`, [...parameters]);
      reads.push(...readsOf(rows[0]["QUERY PLAN"][0].Plan));
    }
    return reads;
  }

  /** What the server counted on a table while some work was done ten times on prepared statements. */
  async function countsOf(
    table: string,
    work: (trx: Trx) => Promise<unknown>,
  ): Promise<{ readonly scanned: number; readonly entries: number; readonly fetched: number }> {
    const read = async (): Promise<number[]> => {
      const { rows } = await client.query(
        `select t.seq_scan::int, sum(i.idx_tup_read)::int as read, sum(i.idx_tup_fetch)::int as fetched
          from pg_stat_user_tables t join pg_stat_user_indexes i using (relid)
          where t.relname = $1 group by 1`,
        [table],
      );
      return [rows[0].seq_scan, rows[0].read, rows[0].fetched];
    };
    const settled = async (): Promise<number[]> => {
      // Connections report when they end, and this one when it is told to.
      await client.query("select pg_stat_force_next_flush()");
      for (let last = await read(); ; ) {
        await sleep(50);
        const next = await read();
        if (next[1] === last[1]) return next;
        last = next;
      }
    };
    const before = await settled();
    const { connection } = cloud.database.server;
    const pool = openPool({ connection, max: 1, settings: {}, onLost: () => undefined });
    for (let at = 0; at < 10; at += 1) await inSnapshot(pool.db, work);
    await pool.end();
    let after = await settled();
    for (let at = 0; at < 100 && after[1] === before[1]; at += 1) after = await settled();
    const [scanned = 0, entries = 0, fetched = 0] = after.map((n, at) => n - (before[at] ?? 0));
    return { scanned, entries, fetched };
  }

  /** A range of about a hundredth of a column. */
  const range = (column: number): OrderedRange => ({
    column,
    low: Term.of(new Uint8Array(16).fill(0x40)),
    high: Term.of(Uint8Array.from({ length: 16 }, (_, at) => (at === 0 ? 0x43 : 0))),
  });

  it("an ordered probe is one index-only range", async () => {
    const work = (trx: Trx): Promise<Uint32Array> =>
      recordsInRanges(trx, vaultId(story.vault), [range(1)], ALL);
    const plans = await plansOf(work);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ ...INDEX_ONLY, "Actual Loops": 1, "Heap Fetches": 0 });
    const found = plans[0]?.["Actual Rows"] ?? 0;
    expect(found).toBeGreaterThan(100);
    const counts = await countsOf("ordered_entry", work);
    expect(counts).toEqual({ scanned: 0, entries: 10 * found, fetched: 0 });
  });

  it("a thousand scopes are a thousand index-only ranges, and nothing else is read", async () => {
    const ranges = Array.from({ length: COLUMNS - 1 }, (_, at) => range(at + 2));
    const work = (trx: Trx): Promise<Uint32Array> =>
      recordsInRanges(trx, vaultId(story.vault), ranges, NARROW);
    const plans = await plansOf(work);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ ...INDEX_ONLY, "Actual Loops": 1000, "Heap Fetches": 0 });
    const counts = await countsOf("ordered_entry", work);
    expect(counts.scanned).toBe(0);
    expect(counts.fetched).toBe(0);
    expect(counts.entries).toBeLessThan(10 * RECORDS * 0.02);
  });

  it.each([
    ["up", false, FIRST],
    ["down", true, LAST],
  ])("walking a column %s reads a page and no more", async (_name, descending, from) => {
    const work = (trx: Trx): Promise<unknown> =>
      nextEntries(trx, vaultId(story.vault), wholeColumn(1), from, descending, 100);
    const plans = await plansOf(work);
    expect(plans).toHaveLength(1);
    expect(plans[0]).toMatchObject({ ...INDEX_ONLY, "Actual Rows": 100, "Heap Fetches": 0 });
    const counts = await countsOf("ordered_entry", work);
    expect(counts).toMatchObject({ scanned: 0, fetched: 0 });
    expect(counts.entries).toBeLessThanOrEqual(10 * 101);
  });

  it("walking on from the middle of a column reads a page and no more", async () => {
    const middle = { term: Term.of(new Uint8Array(16).fill(0x80)), record: 5 };
    const work = (trx: Trx): Promise<unknown> =>
      nextEntries(trx, vaultId(story.vault), wholeColumn(1), middle, false, 100);
    const counts = await countsOf("ordered_entry", work);
    expect(counts).toMatchObject({ scanned: 0, fetched: 0 });
    expect(counts.entries).toBeLessThanOrEqual(10 * 101);
  });

  it("records are looked up by the index that is for them", async () => {
    const records = Array.from({ length: 200 }, (_, at) => at * 50 + 1);
    for (const work of [
      (trx: Trx) => termsOf(trx, vaultId(story.vault), records, [1]),
      (trx: Trx) => recordsAmong(trx, vaultId(story.vault), [range(1)], records),
      (trx: Trx) => firstPlaces(trx, vaultId(story.vault), [range(1), wholeColumn(1)], records),
    ]) {
      const plans = await plansOf(work);
      expect(plans.map((plan) => plan["Index Name"])).toEqual(["ordered_entry_by_record"]);
      const counts = await countsOf("ordered_entry", work);
      expect(counts.scanned).toBe(0);
      expect(counts.entries).toBe(10 * 2 * records.length);
    }
    const plans = await plansOf((trx) => readCandidates(trx, vaultId(story.vault), records));
    const indexes = plans.map((plan) => plan["Index Name"]);
    expect(indexes).toContain("record_pkey");
    expect(plans.every((plan) => plan["Node Type"].startsWith("Index"))).toBe(true);
  });

  it("a whole column, and the directory of a vault, are index-only", async () => {
    const column = await plansOf((trx) => recordsInColumns(trx, vaultId(story.vault), [1]));
    expect(column).toMatchObject([{ ...INDEX_ONLY, "Heap Fetches": 0 }]);
    const directory = await plansOf(async (trx) => {
      const row = await findVault(trx, story.vault);
      return row === undefined ? [] : new WardCache().of(trx, row);
    });
    expect(directory.at(-1)).toMatchObject({
      ...{ "Node Type": "Index Only Scan", "Index Name": "record_pkey", "Heap Fetches": 0 },
    });
  });

  it("a very wide range is given out page by page, every record once", async () => {
    const attribute = AttributeHandle.of(new Uint8Array(16).fill(3));
    await client.query(
      `insert into index_column (vault, index_column, kind, place, attribute)
        values ($1::uuid, 1, 1, $2::uuid, $3::uuid)`,
      [
        ...[vaultId(story.vault), story.scope(undefined), attribute].map((handle) =>
          Buffer.from(handle),
        ),
      ],
    );
    const { term: low } = FIRST;
    const { term: high } = LAST;
    const half = Term.of(new Uint8Array(16).fill(0x80));
    const probe = { kind: "ordered" as const, scope: story.scope(undefined), attribute };
    const clauses = [
      [
        { ...probe, low, high: half },
        { ...probe, low, high },
      ],
    ];
    const found = new Set<string>();
    let cursor: Query["cursor"] = new Uint8Array();
    let pages = 0;
    do {
      const page = await story.owner.query(story.vault, { clauses, cursor });
      for (const { record } of page.candidates) {
        expect(found.has(toHex(record))).toBe(false);
        found.add(toHex(record));
      }
      cursor = page.cursor;
      pages += 1;
    } while (cursor.length > 0);
    expect(found.size).toBe(RECORDS);
    expect(pages).toBe(RECORDS / 1000);
    const total = await story.owner.query(story.vault, { clauses, total: true, limit: 1 });
    expect(total.total).toBe(RECORDS);
  });
});
