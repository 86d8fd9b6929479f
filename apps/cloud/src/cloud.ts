import type { AddressInfo } from "node:net";
import { LIMITS } from "@salus/protocol";
import { destination, type Logger, pino } from "pino";
import type { Cloud } from "./context.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { Admission, Turns } from "./http/admission.ts";
import { openServer } from "./http/server.ts";
import { openMetrics } from "./metrics.ts";
import { batchRoutes } from "./routes/batches.ts";
import { chainRoutes } from "./routes/chain.ts";
import { cloudRoutes } from "./routes/cloud.ts";
import { providerRoutes } from "./routes/providers.ts";
import { queryRoutes } from "./routes/query.ts";
import { recordRoutes } from "./routes/records.ts";
import { vaultRoutes } from "./routes/vaults.ts";
import { StartFailure } from "./start-failure.ts";
import { ChainCache } from "./store/chain-state.ts";
import { cloudId } from "./store/cloud.ts";
import { DirectoryCache } from "./store/directory.ts";
import { purgeNonces } from "./store/nonce.ts";
import { ScanCache } from "./store/scan-column.ts";

export interface CloudOptions {
  /** The folder of the embedded database; unused with `database`. */
  readonly data: string;
  /** A connection string of another PostgreSQL. */
  readonly database?: string | undefined;
  /** The `bin` folder of the PostgreSQL to embed, instead of the one found. */
  readonly binaries?: string | undefined;
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** 0 for any that is free: the default. */
  readonly port?: number | undefined;
  readonly openMetrics?: boolean | undefined;
  /** Where log lines go; standard error unless told otherwise. */
  readonly log?: Logger | undefined;
  readonly now?: (() => number) | undefined;
  readonly version?: string | undefined;
  /** Called when the embedded database ended and could not be started again. */
  readonly onLost?: (() => void) | undefined;
}

export interface RunningCloud {
  readonly url: string;
  /** Of the embedded database server, which has another one after a crash. */
  databasePid(): number | undefined;
  /** Finish the requests that are being answered, then stop the database. */
  close(): Promise<void>;
}

const PURGE_MS = 60_000;
const SWEEP_MS = 20;
/** What the bodies and answers in hand may hold at a time. */
const IN_HAND_BYTES = 201_326_592;
const QUEUE_MAX = 200;
const QUEUE_MS = 10_000;

/**
 * Start a cloud: database, schema, HTTP.
 *
 * It holds no key that opens a record, a term or a query.
 *
 * Fails:   as a `StartFailure`.
 */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const log = options.log ?? pino({ base: null }, destination({ dest: 2, sync: false }));
  const database = await openDatabase({
    url: options.database,
    folder: options.data,
    binaries: options.binaries,
    onEvent: (event) => {
      log.warn({ event });
      if (event === "server-lost") options.onLost?.();
    },
  });
  try {
    return await serve(options, database, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function serve(
  options: CloudOptions,
  database: Database,
  log: Logger,
): Promise<RunningCloud> {
  const columns = new ScanCache();
  const admission = new Admission({
    capacity: IN_HAND_BYTES,
    queueMax: QUEUE_MAX,
    waitMs: QUEUE_MS,
  });
  const cloud: Cloud = {
    id: await cloudId(database.db),
    version: options.version ?? "0.0.0",
    database,
    store: {
      db: database.db,
      hasty: database.hasty,
      chains: new ChainCache(),
      directories: new DirectoryCache(),
      columns,
    },
    log,
    metrics: openMetrics({
      column_cache_bytes: () => columns.bytes,
      in_hand_bytes: () => admission.used,
    }),
    admission,
    turns: new Turns(LIMITS.requestsAtOnce),
    now: options.now ?? Date.now,
    openMetrics: options.openMetrics ?? false,
  };
  const server = openServer(cloud);
  const routes = [cloudRoutes, vaultRoutes, chainRoutes, batchRoutes, queryRoutes, recordRoutes];
  for (const register of [...routes, providerRoutes]) register(server, cloud);
  const url = await listen(server, options);
  const purge = setInterval(() => {
    purgeNonces(cloud.store.hasty, cloud.now()).catch(() => log.warn({ event: "purge-failed" }));
  }, PURGE_MS);
  return {
    url,
    databasePid: () => database.server?.pid(),
    close: async () => {
      clearInterval(purge);
      await finish(server);
      cloud.metrics.registry.clear();
      await database.close();
    },
  };
}

/** Answer what is in hand and take nothing more. */
async function finish(server: ReturnType<typeof openServer>): Promise<void> {
  // A connection that becomes idle only now would be waited for until its client leaves it.
  const sweep = setInterval(() => server.server.closeIdleConnections(), SWEEP_MS);
  await server.close();
  clearInterval(sweep);
}

async function listen(
  server: ReturnType<typeof openServer>,
  { host = "127.0.0.1", port = 0 }: CloudOptions,
): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const code = (error as { code?: string }).code ?? "unknown";
    throw new StartFailure("address-in-use", `cannot listen on ${host}:${port} (${code})`);
  }
  const address = server.server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}
