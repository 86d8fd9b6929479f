// Real databases for tests, and the judge of their schemas.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedServer, startEmbedded } from "@salus/service";
import pg from "pg";
import { placeDatabase } from "./made-databases.ts";

export { breachesIn, type Leads } from "./catalogue.ts";
export { placeDatabase } from "./made-databases.ts";
export { DEBIAN, SERVERS } from "./servers.ts";

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
  const data = join(folder.path, "data");
  placeDatabase(data, "test", binaries);
  const server = await startEmbedded({
    service: "test",
    folder: data,
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
