import { resolve } from "node:path";
import { finishing } from "@salus/base/node";
import { LIMITS } from "@salus/protocol";
import type { FastifyInstance } from "fastify";
import type { Kysely } from "kysely";
import { destination, type Logger, pino } from "pino";
import type { ServiceContext } from "./context.ts";
import { openFolder } from "./database/data-folder.ts";
import { type Database, openDatabase } from "./database/database.ts";
import type { Migration } from "./database/migration.ts";
import { Admission, Turns } from "./http/admission.ts";
import { hostOf, listen } from "./http/listening.ts";
import { operatorRoutes } from "./http/operator-routes.ts";
import { openServer } from "./http/server.ts";
import { logRoutes } from "./log/log-routes.ts";
import type { CheckpointSigner } from "./log/log-signer.ts";
import { MerkleLog } from "./log/merkle-log.ts";
import type { LogSchema } from "./log/tables.ts";
import { openMetrics } from "./metrics.ts";
import { serviceId } from "./store/identity.ts";

/** What whoever starts a service decides. */
export interface ServiceOptions {
  /** The folder of the service's own keys, and of the embedded database where there is one. */
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

/** What makes a service the one that it is. */
export interface ServiceParts<Schema> {
  /** Marks its data folder, and names the table that holds its id. */
  readonly name: string;
  /** Among them the tables of the log. */
  readonly migrations: readonly Migration[];
  /** What signs the checkpoints of its log. Takes: its data folder. */
  readonly logSigner: (folder: string) => CheckpointSigner;
  /** What is read when somebody asks for the metrics, beside what every service tells. */
  readonly gauges: Readonly<Record<string, () => number>>;
  /** Register its routes. Those for its operator are there already. */
  readonly register: (
    server: FastifyInstance,
    service: ServiceContext<Schema>,
  ) => void | Promise<void>;
  /** Forget what has expired: done once a minute. */
  readonly purge: (service: ServiceContext<Schema>) => Promise<void>;
}

export interface RunningService {
  readonly url: string;
  /** Of the embedded database server, which has another one after a crash. */
  databasePid(): number | undefined;
  /** Finish the requests that are being answered, then stop the database. */
  close(): Promise<void>;
}

const PURGE_MS = 60_000;
/** What the bodies and answers in hand may hold at a time. */
const IN_HAND_BYTES = 201_326_592;
const QUEUE_MAX = 200;
const QUEUE_MS = 10_000;

/**
 * Start a service: database, schema, HTTP.
 *
 * Fails:   as a `StartFailure`.
 */
export async function startService<Schema>(
  options: ServiceOptions,
  parts: ServiceParts<Schema>,
): Promise<RunningService> {
  const log = options.log ?? pino({ base: null }, destination({ dest: 2, sync: false }));
  const database = await openDatabase<Schema>({
    service: parts.name,
    migrations: parts.migrations,
    url: options.database,
    folder: options.data,
    binaries: options.binaries,
    onEvent: (event) => {
      log.warn({ event });
      if (event === "server-lost") options.onLost?.();
    },
  });
  try {
    return await serve(options, parts, database, log);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function serve<Schema>(
  options: ServiceOptions,
  parts: ServiceParts<Schema>,
  database: Database<Schema>,
  log: Logger,
): Promise<RunningService> {
  const admission = new Admission({
    capacity: IN_HAND_BYTES,
    queueMax: QUEUE_MAX,
    waitMs: QUEUE_MS,
  });
  const id = await serviceId(database.db, parts.name);
  const folder = resolve(options.data);
  openFolder(folder, parts.name);
  const now = options.now ?? Date.now;
  const merkleLog = await MerkleLog.open({
    // Its tables are among the migrations of every service.
    db: database.db as unknown as Kysely<LogSchema>,
    signer: parts.logSigner(folder),
    onFault: (error) => log.error({ event: "log-fault", name: (error as Error).name }),
    ...{ id, now },
  });
  const service: ServiceContext<Schema> = {
    id,
    version: options.version ?? "0.0.0",
    database,
    log,
    merkleLog,
    metrics: openMetrics({ ...parts.gauges, in_hand_bytes: () => admission.used }),
    admission,
    turns: new Turns(LIMITS.requestsAtOnce),
    now,
    openMetrics: options.openMetrics ?? false,
  };
  const server = openServer(service);
  operatorRoutes(server, service);
  logRoutes(server, merkleLog);
  await parts.register(server, service);
  const finish = finishing(server.server);
  const address = await listen(server, options);
  merkleLog.start();
  const purge = setInterval(() => {
    parts.purge(service).catch(() => log.warn({ event: "purge-failed" }));
  }, PURGE_MS);
  return {
    url: `http://${hostOf(address)}`,
    databasePid: () => database.server?.pid(),
    close: async () => {
      clearInterval(purge);
      await finish(() => server.close());
      await merkleLog.close();
      service.metrics.registry.clear();
      await database.close();
    },
  };
}
