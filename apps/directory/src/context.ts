import type { ServiceContext } from "@salus/service";
import type { Schema } from "./database/schema.ts";

/** What a running directory consists of. */
export type Directory = ServiceContext<Schema>;
