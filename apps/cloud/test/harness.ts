import { type CloudInfo, cloudInfoSchema, decodeAs } from "@salus/protocol";
import type { RunningService } from "@salus/service";
import { startDatabase, type TestDatabase } from "@salus/testkit/database";
import { pino } from "pino";
import { startCloud } from "../src/cloud.ts";

/** A cloud in this process on a database of its own, and every line that it logged. */
export interface TestCloud {
  readonly running: RunningService;
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
    data: database.folder,
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
