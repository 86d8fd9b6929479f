import type { Kysely } from "kysely";
import type { Schema } from "../database/schema.ts";
import type { Random, ServiceKeys } from "../service-keys.ts";

/** What the queries of this folder work on. */
export interface Store {
  /** The directory's id: one end of every OPAQUE run. */
  readonly service: string;
  readonly db: Kysely<Schema>;
  /**
   * The same database, where a commit does not wait for the disk: for nonces, and for what has begun
   * and is begun again after a crash.
   */
  readonly hasty: Kysely<Schema>;
  readonly keys: ServiceKeys;
  readonly random: Random;
}
