import { randomBytes } from "node:crypto";
import { assert, type Bytes, toHex } from "@salus/base";
import { type QueryExecutorProvider, sql } from "kysely";

/** Where a service keeps what it is called: a table of the service's name, and of one row. */
export const identityTable = (name: string): string =>
  `create table if not exists ${name} (
    name text primary key,
    id uuid not null
  )`;

/**
 * What capabilities for this service are made out to: drawn once and kept in its database, so that
 * several processes on one database are one service.
 *
 * Takes:   `name`, that of the service: of its `identityTable` and of the only row in there.
 * Plan:    primary key of that table.
 */
export async function serviceId(db: QueryExecutorProvider, name: string): Promise<string> {
  const drawn = Uint8Array.from(randomBytes(16));
  const table = sql.table(name);
  await sql`insert into ${table} (name, id) values (${name}, ${drawn}::uuid)
    on conflict do nothing`.execute(db);
  const { rows } = await sql<{ readonly id: Bytes }>`
    select id from ${table} where name = ${name}`.execute(db);
  const [row] = rows;
  assert(row !== undefined, "a service's id is never removed");
  return toHex(row.id);
}
