import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@salus/service";
import pg from "pg";
import { MIGRATIONS } from "../../apps/cloud/src/migrations/migrations.ts";

/** A real server with the cloud's own schema, in a folder that goes away. */
export interface ScratchDatabase {
  readonly client: pg.Client;
  close(): Promise<void>;
}

export async function openScratchDatabase(): Promise<ScratchDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "salus-bench-"));
  const database = await openDatabase({
    service: "cloud",
    migrations: MIGRATIONS,
    folder,
    onEvent: () => undefined,
  });
  if (database.server === undefined) throw new Error("bug: the scratch database is embedded");
  const client = new pg.Client(database.server.connection);
  await client.connect();
  // As the cloud's own connections are set.
  await client.query("set jit = off; set max_parallel_workers_per_gather = 0");
  return {
    client,
    close: async () => {
      await client.end();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the server says a statement took, milliseconds: no network, no parsing of the answer. */
export async function executionMs(
  client: pg.Client,
  query: string,
  values: readonly unknown[],
): Promise<number> {
  const { rows } = await client.query(`explain (analyze, timing off, format json) ${query}`, [
    ...values,
  ]);
  return rows[0]["QUERY PLAN"][0]["Execution Time"];
}

export function quantile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
}
