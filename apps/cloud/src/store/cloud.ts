import { randomBytes } from "node:crypto";
import { toHex } from "@salus/base";
import type { Kysely } from "kysely";
import type { Schema } from "../database/schema.ts";

/**
 * What capabilities for this cloud are made out to: drawn once and kept in its database, so that
 * several processes on one database are one cloud.
 *
 * Plan:    primary key of `cloud`.
 */
export async function cloudId(db: Kysely<Schema>): Promise<string> {
  const drawn = Uint8Array.from(randomBytes(16));
  await db
    .insertInto("cloud")
    .values({ name: "cloud", id: drawn })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom("cloud")
    .select("id")
    .where("name", "=", "cloud")
    .executeTakeFirstOrThrow();
  return toHex(row.id);
}
