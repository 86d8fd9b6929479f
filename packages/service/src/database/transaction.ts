import type { Result } from "@salus/base";
import type { Kysely, Transaction } from "kysely";

/** Serialisation failure and deadlock: the database asks to try again. */
const AGAIN = new Set(["40001", "40P01"]);
const TRIES = 8;

/**
 * Do something wholly or not at all: a failure undoes what was done before it.
 *
 * `work` may run several times, so that it changes nothing but the database.
 */
export async function inTransaction<Schema, Value, Failure>(
  db: Kysely<Schema>,
  work: (trx: Transaction<Schema>) => Promise<Result<Value, Failure>>,
): Promise<Result<Value, Failure>> {
  for (let attempt = 1; ; attempt += 1) {
    let failure: Result<never, Failure> | undefined;
    try {
      return await db.transaction().execute(async (trx) => {
        const result = await work(trx);
        if (result.ok) return result;
        failure = result;
        throw new Error("rolled back"); // The builder rolls back on a throw, and on nothing else.
      });
    } catch (error) {
      if (failure !== undefined) return failure;
      const code = (error as { code?: string }).code ?? "";
      if (!AGAIN.has(code) || attempt === TRIES) throw error;
    }
  }
}

/** Read several things as of one moment. */
export function inSnapshot<Schema, Value>(
  db: Kysely<Schema>,
  read: (trx: Transaction<Schema>) => Promise<Value>,
): Promise<Value> {
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(read);
}
