import type pg from "pg";
import { StartFailure } from "../start-failure.ts";
import type { Migration } from "./migration.ts";
import { v1 } from "./v1.ts";
import { v2 } from "./v2.ts";

/** Every step, in order. A released step is never edited. */
export const MIGRATIONS: readonly Migration[] = [v1, v2];

const LEDGER = `create table if not exists migration (
  version int4 primary key,
  applied int8 not null
)`;

/**
 * Bring a database to the schema of this program.
 *
 * Several clouds may start at once: statements are harmless when repeated, and what collides in the
 * catalogue is tried again.
 *
 * Fails:   `newer-database`: the database was migrated by a later program.
 */
export async function migrate(
  client: pg.ClientBase,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await apply(client, LEDGER);
  const { rows } = await client.query<{ version: number }>(
    "select coalesce(max(version), 0) as version from migration",
  );
  const done = rows[0]?.version ?? 0;
  const newest = migrations.at(-1)?.version ?? 0;
  if (done > newest) {
    throw new StartFailure(
      "newer-database",
      `the database has schema ${done}, this program knows ${newest}: use a later release`,
    );
  }
  for (const migration of migrations.filter((one) => one.version > done)) {
    for (const statement of migration.statements) await apply(client, statement);
    await client.query(
      "insert into migration (version, applied) values ($1, $2) on conflict do nothing",
      [migration.version, now],
    );
  }
}

/** Two programs creating the same thing at once: unique violation, duplicate object, concurrent update. */
const COLLISIONS = new Set(["23505", "42P07", "42710", "XX000"]);
const TRIES = 5;

async function apply(client: pg.ClientBase, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      const code = (error as { code?: string }).code ?? "";
      if (!COLLISIONS.has(code) || attempt === TRIES) throw error;
    }
  }
}
