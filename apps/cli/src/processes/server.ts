import { fileURLToPath } from "node:url";
import { fail, ok, type Result } from "@salus/base";
import type { Failure, ServerName } from "../words.ts";
import { Child } from "./child.ts";

export interface RunningServer {
  readonly name: ServerName;
  readonly url: string;
  readonly child: Child;
}

export interface ServerSettings {
  readonly port: number;
  readonly data: string;
  readonly database?: string | undefined;
  /** What only this kind of server is told. */
  readonly args?: readonly string[];
  /** What it finds in its environment besides. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Start a server as a process of its own, and wait until it answers.
 *
 * Takes:   `onChild`, told of the process at once: it may have to be stopped before it answers.
 * Fails:   `server-failed`, with the last line that it said.
 */
export async function startServer(
  name: ServerName,
  { port, data, database, args: own = [], env = {} }: ServerSettings,
  onChild: (child: Child) => void,
): Promise<Result<RunningServer, Failure>> {
  const args = ["--port", String(port), "--data", data, ...own];
  if (database !== undefined) args.push("--database", database);
  // The bundled servers stand beside the bundled program.
  const bundle = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  const child = new Child(bundle, args, { reads: false, env });
  onChild(child);
  const url = await new Promise<string | undefined>((resolve) => {
    child.onLine((line) => {
      if (line.startsWith("ready ")) resolve(line.slice("ready ".length));
    });
    void child.ended.then(() => resolve(undefined));
  });
  if (url === undefined) return fail({ kind: "server-failed", name, said: child.lastWords });
  return ok({ name, url, child });
}
