import { join } from "node:path";
import {
  LogSigner,
  purgeNonces,
  type RunningService,
  type ServiceOptions,
  serviceSecret,
  startService,
} from "@salus/service";
import type { Cloud } from "./context.ts";
import type { Schema } from "./database/schema.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { batchRoutes } from "./routes/batches.ts";
import { chainRoutes } from "./routes/chain.ts";
import { cloudRoutes } from "./routes/cloud.ts";
import { providerRoutes } from "./routes/providers.ts";
import { queryRoutes } from "./routes/query.ts";
import { recordRoutes } from "./routes/records.ts";
import { trailRoutes } from "./routes/trail.ts";
import { vaultRoutes } from "./routes/vaults.ts";
import { ChainCache } from "./store/chain-state.ts";
import { ScanCache } from "./store/scan-column.ts";
import { VaultFacts } from "./store/vault-facts.ts";
import { WardCache } from "./store/ward.ts";

const ROUTES = [
  ...[cloudRoutes, vaultRoutes, chainRoutes, batchRoutes, queryRoutes, recordRoutes],
  ...[providerRoutes, trailRoutes],
];

/**
 * Start a cloud: database, schema, HTTP.
 *
 * It holds no key that opens a record, a term or a query.
 *
 * Fails:   as a `StartFailure`.
 */
export function startCloud(options: ServiceOptions): Promise<RunningService> {
  const columns = new ScanCache();
  return startService<Schema>(options, {
    name: "cloud",
    migrations: MIGRATIONS,
    logSigner: (folder) => new LogSigner(serviceSecret(join(folder, "keys"), "log")),
    gauges: { column_cache_bytes: () => columns.bytes },
    register: (server, service) => {
      const { db, hasty } = service.database;
      const caches = { chains: new ChainCache(), wards: new WardCache(), columns };
      const store = { db, hasty, now: service.now, ...caches, facts: new VaultFacts() };
      const cloud: Cloud = { ...service, store };
      for (const register of ROUTES) register(server, cloud);
    },
    purge: ({ database, now }) => purgeNonces(database.hasty, now()),
  });
}
