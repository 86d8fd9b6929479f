import { type DirectoryInfo, decodeAs, directoryInfoSchema } from "@salus/protocol";
import type { RunningService } from "@salus/service";
import { startDatabase, type TestDatabase } from "@salus/testkit/database";
import { pino } from "pino";
import { type DirectoryOptions, startDirectory } from "../src/directory.ts";

/** A directory in this process on a database of its own, and every line that it logged. */
export interface TestDirectory {
  readonly running: RunningService;
  readonly url: string;
  readonly info: DirectoryInfo;
  readonly database: TestDatabase;
  readonly log: readonly string[];
  /** What the directory takes for the time, in milliseconds ahead of the real one. */
  readonly clock: { ahead: number };
  /** That time. */
  now(): number;
  /** End this directory and start another on the same database. */
  restart(): Promise<TestDirectory>;
  stop(): Promise<void>;
}

export async function startTestDirectory(
  binaries?: string,
  options: Partial<DirectoryOptions> = {},
): Promise<TestDirectory> {
  return serveOn(await startDatabase(binaries), options);
}

async function serveOn(
  database: TestDatabase,
  options: Partial<DirectoryOptions>,
): Promise<TestDirectory> {
  const log: string[] = [];
  const clock = { ahead: 0 };
  const now = (): number => Date.now() + clock.ahead;
  const running = await startDirectory({
    data: database.folder,
    database: database.url,
    log: pino({ base: null }, { write: (line: string) => log.push(line) }),
    now,
    // Tests and measurements sign up more people than come in an hour.
    signUpsPerHour: 1_000_000,
    ...options,
  });
  const response = await fetch(`${running.url}/v1/directory`);
  const info = decodeAs(directoryInfoSchema, new Uint8Array(await response.arrayBuffer()), "info");
  if (!info.ok) throw new Error("the directory does not say what it is");
  return {
    ...{ running, url: running.url, info: info.value, database, log, clock, now },
    restart: async () => {
      await running.close();
      return serveOn(database, options);
    },
    stop: async () => {
      await running.close();
      await database.stop();
    },
  };
}
