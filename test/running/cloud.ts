import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { placeDatabase } from "@salus/testkit/database";
import pg from "pg";
import { type Outcome, type Run, start } from "./program.ts";

/** A cloud or directory that runs as a process of its own, with its own PostgreSQL. */
export interface RunningCloud {
  readonly url: string;
  readonly folder: string;
  readonly run: Run;
  readonly pid: number;
  /** Ask it to end, and wait until it has. */
  stop(): Promise<Outcome>;
}

/** Serve from a folder on a free port, and wait for the ready line. */
export function serve(
  folder: string,
  options: { readonly port?: number } = {},
): Promise<RunningCloud> {
  return serveAs(["serve"], folder, options);
}

/** Serve a directory from a folder on a free port, and wait for the ready line. */
export function serveDirectory(
  folder: string,
  {
    env = {},
    args = [],
  }: { readonly env?: NodeJS.ProcessEnv; readonly args?: readonly string[] } = {},
): Promise<RunningCloud> {
  return serveAs(["directory", "serve", ...args], folder, { env });
}

async function serveAs(
  words: readonly string[],
  folder: string,
  { port = 0, env = {} }: { readonly port?: number; readonly env?: NodeJS.ProcessEnv },
): Promise<RunningCloud> {
  placeDatabase(folder, words.includes("directory") ? "directory" : "cloud");
  const run = start([...words, "--port", String(port), "--data", folder], { env });
  const url = await readyLine(run);
  return {
    url,
    folder,
    run,
    pid: run.child.pid as number,
    stop: () => {
      run.child.kill("SIGTERM");
      return run.ended;
    },
  };
}

async function readyLine(run: Run): Promise<string> {
  for (;;) {
    const ready = /^ready (\S+)$/m.exec(run.said().stdout)?.[1];
    if (ready !== undefined) return ready;
    if (run.child.exitCode !== null || run.child.signalCode !== null) {
      throw new Error(`it ended before it was ready:\n${(await run.ended).stderr}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Where the embedded server keeps its files: `postgres` (data), `socket`, `postgres.log`. */
export const serverFolder = (folder: string): string => realpathSync(join(folder, "server"));

/** The postmaster's process number, from the server's own file. */
export const postmasterOf = (folder: string): number =>
  Number.parseInt(readFileSync(join(serverFolder(folder), "postgres/postmaster.pid"), "utf8"), 10);

/** Connect to a cloud's database beside it, as its administrator could. */
export async function connect(folder: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: join(serverFolder(folder), "socket"),
    port: 5432,
    user: "salus",
    database: "salus",
    password: readFileSync(join(folder, "password"), "utf8"),
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
