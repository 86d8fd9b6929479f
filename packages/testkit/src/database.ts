// Real databases for tests, and the judge of their schemas.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedServer, startEmbedded } from "@salus/service";
import pg from "pg";

export { breachesIn, type Leads } from "./catalogue.ts";

/** Debian's PostgreSQL, the oldest that the SQL must run on. */
export const DEBIAN = "/usr/lib/postgresql/15/bin";

/** The servers that the same tests run on: the packaged one, and Debian's where it is installed. */
export const SERVERS: readonly (readonly [string, string | undefined])[] = [
  ["the packaged PostgreSQL", undefined],
  ...(existsSync(DEBIAN) ? [["Debian's PostgreSQL 15", DEBIAN] as const] : []),
];

/** A folder that is gone after the test. */
export function scratch(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "salus-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A real database of a test's own. */
export interface TestDatabase {
  readonly server: EmbeddedServer;
  readonly url: string;
  /** Where a service on this database keeps what is its own. */
  readonly folder: string;
  readonly client: pg.Client;
  stop(): Promise<void>;
}

/** Start a database server on a folder of its own. Takes: the `bin` folder of another PostgreSQL. */
export async function startDatabase(binaries?: string): Promise<TestDatabase> {
  const folder = scratch();
  const server = await startEmbedded({
    service: "test",
    folder: join(folder.path, "data"),
    binaries,
    onEvent: () => undefined,
  });
  const { host, port, user, password, database } = server.connection;
  const client = new pg.Client(server.connection);
  client.on("error", () => undefined);
  await client.connect();
  return {
    server,
    url: `postgres://${user}:${String(password)}@/${database}?host=${host}&port=${port}`,
    folder: join(folder.path, "service"),
    client,
    stop: async () => {
      await client.end();
      await server.stop();
      folder.remove();
    },
  };
}
