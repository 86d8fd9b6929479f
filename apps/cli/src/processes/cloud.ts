import { fileURLToPath } from "node:url";
import { fail, ok, type Result } from "@salus/base";
import type { Failure } from "../words.ts";
import { Child } from "./child.ts";

/** The bundled cloud stands beside the bundled program. */
const CLOUD = fileURLToPath(new URL("./cloud.mjs", import.meta.url));

export interface RunningCloud {
  readonly url: string;
  readonly child: Child;
}

export interface CloudSettings {
  readonly port: number;
  readonly data: string;
  readonly database: string | undefined;
}

/**
 * Start a cloud as a process of its own, and wait until it answers.
 *
 * Takes:   `onChild`, told of the process at once: it may have to be stopped before it answers.
 * Fails:   `cloud-failed`, with the last line that it said.
 */
export async function startCloud(
  { port, data, database }: CloudSettings,
  onChild: (child: Child) => void,
): Promise<Result<RunningCloud, Failure>> {
  const args = ["--port", String(port), "--data", data];
  if (database !== undefined) args.push("--database", database);
  const child = new Child(CLOUD, args, { reads: false });
  onChild(child);
  const url = await new Promise<string | undefined>((resolve) => {
    child.onLine((line) => {
      if (line.startsWith("ready ")) resolve(line.slice("ready ".length));
    });
    void child.ended.then(() => resolve(undefined));
  });
  if (url === undefined) return fail({ kind: "cloud-failed", said: child.lastWords });
  return ok({ url, child });
}
