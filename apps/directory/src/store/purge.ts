import { type Kysely, sql } from "kysely";
import type { Schema } from "../database/schema.ts";

const TABLES = [
  ...["sign_up", "sign_in", "step_up", "password_change", "recovery", "attempt"],
  ...["sms_message", "sms_code", "sms_number", "passkey_challenge"],
];

/** Forget what began and expired, and sessions that are over. Plan: a range of each `_by_expiry`. */
export async function purgeExpired(hasty: Kysely<Schema>, now: number): Promise<void> {
  for (const table of [...TABLES, "session"]) {
    await sql`delete from ${sql.table(table)} where expires < ${now}`.execute(hasty);
  }
}
