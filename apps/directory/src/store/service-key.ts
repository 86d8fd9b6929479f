import { equalBytes, fail, ok, type Result } from "@salus/base";
import { inTransaction } from "@salus/service";
import type { Schema } from "../database/schema.ts";
import type { SecretName } from "../service-keys.ts";
import type { Store } from "./store.ts";

/** A database that other keys made, by the name of one that differs. */
export interface WrongKeys {
  readonly kind: "wrong-service-keys";
  readonly name: SecretName;
}

/**
 * Bind a database to the service's keys, at the first start with each.
 *
 * Fails:   `wrong-service-keys`: without the right ones no password would ever fit again.
 * Plan:    primary key of `service_key`.
 */
export function bindKeys(store: Store): Promise<Result<void, WrongKeys>> {
  return inTransaction<Schema, void, WrongKeys>(store.db, async (trx) => {
    for (const { name, hash } of store.keys.fingerprints(store.service)) {
      await trx
        .insertInto("service_key")
        .values({ name, hash })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const row = await trx
        .selectFrom("service_key")
        .select("hash")
        .where("name", "=", name)
        .executeTakeFirstOrThrow();
      if (!equalBytes(row.hash, hash)) return fail({ kind: "wrong-service-keys", name });
    }
    return ok(undefined);
  });
}
