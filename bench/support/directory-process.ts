import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { decodeAs, directoryInfoSchema } from "@salus/protocol";
import type { Answered, Asked } from "@salus/testkit/asker";

const ROOT = join(import.meta.dirname, "../..");

/** A directory in a process of its own, on a database of its own, and how long it worked. */
export interface DirectoryProcess extends Asked {
  /**
   * Make one request, while no other is made.
   *
   * Gives:   the answer, and the directory's own time from the request's first byte to the answer's
   *          last, in milliseconds to a tenth.
   */
  timed(
    ask: () => Promise<Answered>,
  ): Promise<{ readonly answered: Answered; readonly ms: number }>;
  /** Forget the times of so many requests that were made otherwise. */
  untimed(requests: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startDirectoryProcess(): Promise<DirectoryProcess> {
  const data = mkdtempSync(join(tmpdir(), "salus-bench-"));
  const main = join(ROOT, "apps/directory/src/main.ts");
  const child = spawn(
    process.execPath,
    ["--import", "tsx", main, "--port", "0", "--data", join(data, "directory")],
    { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] },
  );
  const times = queue<number>();
  createInterface({ input: child.stderr }).on("line", (line) => {
    const entry = line.startsWith("{") ? (JSON.parse(line) as { milliseconds?: number }) : {};
    if (entry.milliseconds !== undefined) times.put(entry.milliseconds);
  });
  const [ready] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const url = ready.slice("ready ".length);
  const about = await fetch(`${url}/v1/directory`);
  const info = decodeAs(directoryInfoSchema, new Uint8Array(await about.arrayBuffer()), "info");
  if (!info.ok) throw new Error("bug: the directory does not say what it is");
  await times.take();
  return {
    ...{ url, info: info.value, clock: { ahead: 0 } },
    timed: async (ask) => {
      const answered = await ask();
      return { answered, ms: await times.take() };
    },
    untimed: async (requests) => {
      for (let done = 0; done < requests; done += 1) await times.take();
    },
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** What one side puts and the other takes, in order, whoever is first. */
function queue<T>(): { put(value: T): void; take(): Promise<T> } {
  const values: T[] = [];
  const takers: ((value: T) => void)[] = [];
  return {
    put: (value) => {
      const taker = takers.shift();
      if (taker === undefined) values.push(value);
      else taker(value);
    },
    take: () => {
      const value = values.shift();
      if (value !== undefined) return Promise.resolve(value);
      return new Promise((resolve) => takers.push(resolve));
    },
  };
}
