import { toHex } from "@salus/base";
import { type ChainState, readChain } from "@salus/evaluate";
import type { Query } from "@salus/protocol";
import { inSnapshot, openPool, type Pool } from "@salus/service";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Schema } from "../src/database/schema.ts";
import { coverageOf } from "../src/query/coverage.ts";
import type { SealedScan, TagScan } from "../src/query/question.ts";
import { Scanner } from "../src/query/scan.ts";
import { RecordSet } from "../src/record-set.ts";
import type { Access } from "../src/store/access.ts";
import { ScanCache, scanColumns } from "../src/store/scan-column.ts";
import { findVault } from "../src/store/vault.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { must } from "./patient.ts";
import { Story } from "./story.ts";

// Goal: a scanned column is whole, whatever of it is in memory, and a question that costs too much
// says which sources it could not read.
// Method: columns of made-up rows, longer than what is read at a time; the same question cold, warm,
// after more rows and after a rewrite; then with no memory and with a small budget.

const LIST_BYTES = 80;
const ROWS = 9000;

let cloud: TestCloud;
let story: Story;
let client: pg.Client;
let pool: Pool<Schema>;
let vault: Buffer;
beforeAll(async () => {
  cloud = await startTestCloud();
  client = cloud.database.client;
  story = await Story.begin(cloud, 2);
  vault = Buffer.from(story.vault.slice(0, 16));
  const { connection } = cloud.database.server;
  pool = openPool<Schema>({ connection, max: 2, settings: {}, onLost: () => undefined });
  for (const [at, source] of story.sources.entries()) {
    await client.query(
      `insert into index_column (vault, index_column, kind, place, attribute)
        values ($1::uuid, $2, 3, $3::uuid, $4::uuid)`,
      [vault, at + 1, Buffer.from(story.cell(source)), Buffer.alloc(16)],
    );
  }
  await addLists(1, 1, ROWS);
  await addLists(2, 1, 10);
  await client.query("update vault set records = 20000, batches = 1 where vault = $1", [vault]);
});
afterAll(async () => {
  await pool.end();
  await cloud.stop();
});

/** Lists of made-up tags for the records from one number to another. */
async function addLists(column: number, from: number, to: number): Promise<void> {
  await client.query(
    `insert into tag_list (vault, index_column, record, tags, batch)
      select $1::uuid, $2::int, n, decode(repeat(md5(n::text), ${LIST_BYTES / 16}), 'hex'), 1
      from generate_series($3::int, $4::int) as n`,
    [vault, column, from, to],
  );
}

async function scanned(clauses: Query["clauses"]): Promise<number> {
  return (await story.owner.query(story.vault, { clauses })).cost.scanned;
}

describe("a column", () => {
  it("is read whole, cold and warm, and grows with its batches", async () => {
    const clauses = [story.wordProbes("red", [story.first])];
    expect(await scanned(clauses)).toBe(ROWS * LIST_BYTES);
    expect(await scanned(clauses)).toBe(ROWS * LIST_BYTES);
    await addLists(1, ROWS + 1, ROWS + 100);
    expect(await scanned(clauses)).toBe(ROWS * LIST_BYTES);
    await client.query("update vault set batches = 2 where vault = $1", [vault]);
    expect(await scanned(clauses)).toBe((ROWS + 100) * LIST_BYTES);
    await client.query("delete from tag_list where vault = $1 and record <= 50", [vault]);
    await client.query("update vault set batches = 3, rewritten = 3 where vault = $1", [vault]);
    expect(await scanned(clauses)).toBe((ROWS + 50) * LIST_BYTES);
  });

  it("that is too large to hold is read every time, and gives every record once", async () => {
    for (const cache of [new ScanCache(), new ScanCache(1000)]) {
      for (let round = 0; round < 2; round += 1) {
        const records: number[] = [];
        await inSnapshot(pool.db, async (trx) => {
          const row = await findVault(trx, story.vault);
          if (row === undefined) throw new Error("the vault is there");
          for await (const { chunk } of scanColumns(trx, cache, row, "tags", [1])) {
            records.push(...chunk.records);
          }
        });
        expect(records).toEqual(Array.from({ length: ROWS + 50 }, (_, at) => at + 51));
      }
      expect(cache.bytes > 0).toBe(cache.columnBytesMax > 1000);
    }
  });
});

describe("a question that costs too much", () => {
  it("leaves out the columns that it cannot afford, and names their sources", async () => {
    const chain: ChainState = must(readChain(story.links));
    const failed = await inSnapshot(pool.db, async (trx) => {
      const row = await findVault(trx, story.vault);
      if (row === undefined) throw new Error("the vault is there");
      const scanner = new Scanner(trx, new ScanCache(), row, chain, 100 * LIST_BYTES);
      const probes = story.wordProbes("red").map((probe, at) => ({ ...probe, column: at + 1 }));
      await scanner.addTagged(probes.reverse() as readonly TagScan[], new RecordSet(20_000));
      const sealed = await scanner.addSealed([] as readonly SealedScan[], new RecordSet(20_000));
      expect(sealed.ok).toBe(true);
      return scanner.failed;
    });
    expect([...failed]).toEqual([toHex(story.first.handle)]);
    const access = { chain, role: { role: "device" } } as unknown as Access<"query">;
    const asked = story.sources.map((source) => source.handle);
    const statuses = coverageOf(access, asked, new Map(), failed).map(({ status }) => status);
    expect(statuses).toEqual(["failed", "answered"]);
  });

  it("pays for each keyword, and lets others have their turn between them", async () => {
    const chain: ChainState = must(readChain(story.links));
    const cache = new ScanCache();
    const [token] = story.wordProbes("red", [story.first]).flat();
    const probes = Array.from({ length: 120 }, () => ({ ...token, column: 1 }) as TagScan);
    const ask = (budget?: number): Promise<{ bytes: number; failed: number; turns: number }> =>
      inSnapshot(pool.db, async (trx) => {
        const row = await findVault(trx, story.vault);
        if (row === undefined) throw new Error("the vault is there");
        const scanner = new Scanner(trx, cache, row, chain, budget);
        let turns = 0;
        const another = (): void => {
          turns += 1;
          waiting = setImmediate(another);
        };
        let waiting = setImmediate(another);
        await scanner.addTagged(probes, new RecordSet(20_000));
        clearImmediate(waiting);
        return { bytes: scanner.bytes, failed: scanner.failed.size, turns };
      });
    const rows = ROWS + 50;
    const cost = rows * LIST_BYTES + 119 * 16 * rows;
    expect(await ask()).toMatchObject({ bytes: cost, failed: 0 });
    // Now that the column is kept the database is waited for no more.
    expect((await ask()).turns).toBeGreaterThan(1);
    expect(await ask(cost - 1)).toMatchObject({ failed: 1 });
  });
});
