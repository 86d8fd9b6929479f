import { type Kysely, type QueryExecutorProvider, sql } from "kysely";
import pg from "pg";
import { StartFailure } from "../start-failure.ts";
import { type EmbeddedServer, type ServerEvent, startEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import type { Migration } from "./migration.ts";
import { openPool } from "./pool.ts";

/** The database that a service works on. */
export interface Database<Schema> {
  readonly db: Kysely<Schema>;
  /**
   * The same database, where a commit does not wait for the disk. Only for what may be lost in a
   * crash: used nonces, whose requests are harmless to repeat (decision 0023).
   */
  readonly hasty: Kysely<Schema>;
  /** Our own server, unless the database is another's. */
  readonly server: EmbeddedServer | undefined;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Whose data is in `folder`. */
  readonly service: string;
  readonly migrations: readonly Migration[];
  /** A connection string; left out, a server of our own runs in `folder`. */
  readonly url?: string | undefined;
  readonly folder: string;
  readonly binaries?: string | undefined;
  readonly onEvent: (event: ServerEvent | "connection-lost") => void;
}

const CONNECTIONS = 20;
const HASTY_CONNECTIONS = 4;
const STATEMENT_TIMEOUT_MS = 5000;

const SETTINGS = {
  statement_timeout: String(STATEMENT_TIMEOUT_MS),
  // A connection that died inside a transaction gives up its locks.
  idle_in_transaction_session_timeout: "60000",
  lock_timeout: "30000",
  // Index-only ranges and nothing else: compiling or spreading them over processes costs more.
  jit: "off",
  max_parallel_workers_per_gather: "0",
};

/**
 * Open the database, start its server if it is ours, bring it to this program's schema, and make
 * sure that what it acknowledges is on disk.
 *
 * Fails:   as a `StartFailure`.
 */
export async function openDatabase<Schema>(options: DatabaseOptions): Promise<Database<Schema>> {
  const server = options.url === undefined ? await startEmbedded(options) : undefined;
  const connection = server?.connection ?? { connectionString: options.url };
  try {
    await prepare(connection, options.migrations);
  } catch (error) {
    await server?.stop();
    throw error;
  }
  const onLost = (): void => options.onEvent("connection-lost");
  const main = openPool<Schema>({ connection, max: CONNECTIONS, settings: SETTINGS, onLost });
  const hasty = openPool<Schema>({
    connection,
    max: HASTY_CONNECTIONS,
    settings: { ...SETTINGS, synchronous_commit: "off" },
    onLost,
  });
  return {
    db: main.db,
    hasty: hasty.db,
    server,
    close: async () => {
      await Promise.all([main.end(), hasty.end()]);
      await server?.stop();
    },
  };
}

/** Whether the database answers. */
export async function answers(db: QueryExecutorProvider): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    return true;
  } catch {
    return false;
  }
}

/** What a database that does answer may say. Source: PostgreSQL, Appendix A. */
const REFUSALS: Readonly<Record<string, string>> = {
  "3D000": "the server has no database of that name: make it with createdb",
  "28P01": "the database does not take that user and password",
  "28000": "the database does not let that user in from here",
};

async function prepare(
  connection: pg.ClientConfig,
  migrations: readonly Migration[],
): Promise<void> {
  const client = new pg.Client(connection);
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const code = (error as { code?: string }).code ?? "unknown";
    const what = REFUSALS[code] ?? "the database does not answer";
    throw new StartFailure("database-unreachable", `${what} (${code})`);
  }
  try {
    await assertDurable(client);
    await migrate(client, migrations, Date.now());
  } finally {
    await client.end();
  }
}

const VERSION_MIN = 150_000;
const DURABLE = ["fsync", "full_page_writes"] as const;

/** A service answers "stored" only for what a loss of power leaves stored. */
async function assertDurable(client: pg.Client): Promise<void> {
  const setting = async (name: string): Promise<string> =>
    (await client.query(`show ${name}`)).rows[0]?.[name] ?? "";
  const version = Number(await setting("server_version_num"));
  if (version < VERSION_MIN) {
    throw new StartFailure("wrong-postgres", "the database is older than PostgreSQL 15");
  }
  for (const name of DURABLE) {
    if ((await setting(name)) !== "on") {
      throw new StartFailure("unsafe-database", `the database runs with ${name} off`);
    }
  }
  // Every other value waits for this server's disk at least.
  if ((await setting("synchronous_commit")) === "off") {
    throw new StartFailure("unsafe-database", "the database runs with synchronous_commit off");
  }
  if ((await setting("server_encoding")) !== "UTF8") {
    throw new StartFailure("unsafe-database", "the database's encoding is not UTF-8");
  }
}
