import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudInfo, cloudInfoSchema, decodeAs } from "@salus/protocol";
import pg from "pg";
import { pino } from "pino";
import { type RunningCloud, startCloud } from "../src/cloud.ts";
import { type EmbeddedServer, startEmbedded } from "../src/database/embedded.ts";

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
  readonly client: pg.Client;
  stop(): Promise<void>;
}

export async function startDatabase(binaries?: string): Promise<TestDatabase> {
  const folder = scratch();
  const server = await startEmbedded({
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
    client,
    stop: async () => {
      await client.end();
      await server.stop();
      folder.remove();
    },
  };
}

/** A cloud in this process on a database of its own, and every line that it logged. */
export interface TestCloud {
  readonly running: RunningCloud;
  readonly url: string;
  readonly info: CloudInfo;
  readonly database: TestDatabase;
  readonly log: readonly string[];
  /** What the cloud takes for the time, in milliseconds ahead of the real one. */
  readonly clock: { ahead: number };
  /** End this cloud and start another on the same database. */
  restart(): Promise<TestCloud>;
  stop(): Promise<void>;
}

export async function startTestCloud(binaries?: string): Promise<TestCloud> {
  return serveOn(await startDatabase(binaries));
}

async function serveOn(database: TestDatabase): Promise<TestCloud> {
  const log: string[] = [];
  const clock = { ahead: 0 };
  const running = await startCloud({
    data: "unused",
    database: database.url,
    log: pino({ base: null }, { write: (line: string) => log.push(line) }),
    now: () => Date.now() + clock.ahead,
  });
  const response = await fetch(`${running.url}/v1/cloud`);
  const info = decodeAs(cloudInfoSchema, new Uint8Array(await response.arrayBuffer()), "info");
  if (!info.ok) throw new Error("the cloud does not say what it is");
  return {
    ...{ running, url: running.url, info: info.value, database, log, clock },
    restart: async () => {
      await running.close();
      return serveOn(database);
    },
    stop: async () => {
      await running.close();
      await database.stop();
    },
  };
}
