import {
  purgeNonces,
  type RunningService,
  type ServiceOptions,
  startService,
} from "@salus/service";
import type { Directory } from "./context.ts";
import type { Schema } from "./database/schema.ts";
import { MIGRATIONS } from "./migrations/migrations.ts";
import { directoryRoutes } from "./routes/directory.ts";

const ROUTES = [directoryRoutes];

/**
 * Start a directory: database, schema, HTTP.
 *
 * It holds no key that opens a record, a term or a query.
 *
 * Fails:   as a `StartFailure`.
 */
export function startDirectory(options: ServiceOptions): Promise<RunningService> {
  return startService<Schema>(options, {
    name: "directory",
    migrations: MIGRATIONS,
    gauges: {},
    register: (server, service) => {
      const directory: Directory = service;
      for (const register of ROUTES) register(server, directory);
    },
    purge: ({ database, now }) => purgeNonces(database.hasty, now()),
  });
}
