import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { placeDatabase } from "./made-databases.ts";

/** As it was built: a bundle starts in a quarter of the time that sources take. */
const BUILD = process.env.SALUS_BUILD ?? join(import.meta.dirname, "../../../apps/cli/dist");
const START_MS = 60_000;

/** A real cloud in a process of its own, on a database of its own. */
export interface CloudProcess {
  readonly url: string;
  readonly pid: number;
  /** The folder of its database. */
  readonly data: string;
  /** End it as the system would end a program that does not answer: nothing is flushed. */
  kill(): Promise<void>;
  /** Start it again on the same port and database. */
  restart(): Promise<void>;
  /** End it properly, and remove its folder. */
  stop(): Promise<void>;
}

/**
 * Start a cloud, as it was built.
 *
 * It says `ready URL` when it serves; what it logs is kept, and shown when it does not start.
 */
export async function startCloudProcess(): Promise<CloudProcess> {
  const folder = await mkdtemp(join(tmpdir(), "salus-cloud-"));
  const data = join(folder, "data");
  placeDatabase(data, "cloud");
  let { child, url } = await launch(data, 0);
  const port = Number(new URL(url).port);
  return {
    get url() {
      return url;
    },
    get pid() {
      return child.pid ?? 0;
    },
    data,
    kill: () => end(child, "SIGKILL"),
    restart: async () => {
      ({ child, url } = await launch(data, port));
    },
    stop: async () => {
      await end(child, "SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(data: string, port: number): Promise<{ child: ChildProcess; url: string }> {
  const options = ["--port", String(port), "--data", data];
  const child = spawn(process.execPath, [join(BUILD, "cloud.mjs"), ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-10_000);
  });
  const ready = (async (): Promise<string> => {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith("ready ")) return line.slice("ready ".length);
    }
    throw new Error(`the cloud ended before it was ready\n${log}`);
  })();
  const timer = setTimeout(() => child.kill("SIGKILL"), START_MS);
  try {
    const url = await ready;
    child.stdout.resume();
    return { child, url };
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}
