import type { ServiceContext } from "@salus/service";
import type { Schema } from "./database/schema.ts";
import type { Store } from "./store/store.ts";

/** What a running cloud consists of. */
export interface Cloud extends ServiceContext<Schema> {
  readonly store: Store;
}
