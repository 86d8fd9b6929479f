import type pg from "pg";
import { StartFailure } from "../start-failure.ts";
import type { Migration } from "./migration.ts";

const LEDGER = `create table if not exists migration (
  version int4 primary key,
  applied int8 not null
)`;

/**
 * Bring a database to the schema of this program.
 *
 * Several processes may start at once: statements are harmless when repeated, and what collides in the
 * catalogue is tried again.
 *
 * Takes:   `migrations`, in order. A released one is never edited.
 * Fails:   `newer-database`: the database was migrated by a later program.
 */
export async function migrate(
  client: pg.ClientBase,
  migrations: readonly Migration[],
  now: number,
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
