import type { Kysely } from "kysely";
import type { Schema } from "../database/schema.ts";
import type { ChainCache } from "./chain-state.ts";
import type { ScanCache } from "./scan-column.ts";
import type { VaultFacts } from "./vault-facts.ts";
import type { WardCache } from "./ward.ts";

/** What the queries of this folder work on. */
export interface Store {
  readonly db: Kysely<Schema>;
  /** The same database, where a commit does not wait for the disk: for nonces. */
  readonly hasty: Kysely<Schema>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  // Caches, which any process can fill again from the database.
  readonly chains: ChainCache;
  readonly wards: WardCache;
  readonly columns: ScanCache;
  readonly facts: VaultFacts;
}
