import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** Another build than the checkout's own may be tried: the folder with `salus.mjs`. */
export const BUILD: string =
  process.env.SALUS_BUILD ?? join(import.meta.dirname, "../../apps/cli/dist");

/** How a run of the program ended, and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** A run of the program that may still be going on. */
export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** What it has said so far. */
  said(): { readonly stdout: string; readonly stderr: string };
}

/** The caller's environment, without what it says about Salus. */
export function inherited(): NodeJS.ProcessEnv {
  const said = /^(?:SALUS_|PORT$|DATA_DIR$|DATABASE_URL$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !said.test(name)));
}

export interface StartOptions {
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  /** No file that it writes may become larger: what a disk that is full does to it. */
  readonly fileKiB?: number;
}

/** Start `salus` with these arguments. What the caller's environment says about Salus is left out. */
export function start(args: readonly string[], options: StartOptions = {}): Run {
  const began = performance.now();
  const node = [process.execPath, join(BUILD, "salus.mjs"), ...args];
  const limit = `ulimit -f ${options.fileKiB}; exec "$@"`;
  const words = options.fileKiB === undefined ? node : ["bash", "-c", limit, "bash", ...node];
  const child = spawn(words[0] as string, words.slice(1), {
    env: { ...inherited(), ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input);
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal, stdout, stderr, milliseconds: performance.now() - began });
    });
  });
  return { child, ended, said: () => ({ stdout, stderr }) };
}

/** Run `salus` to its end. */
export const salus = (
  args: readonly string[],
  options: Parameters<typeof start>[1] = {},
): Promise<Outcome> => start(args, options).ended;

/**
 * Run `salus` and insist that it succeeds: the test that calls this is about something else.
 *
 * Takes: `run`, how it is run, when not by a process of its own.
 */
export async function succeed(
  args: readonly string[],
  options: Parameters<typeof start>[1] = {},
  run: typeof salus = salus,
): Promise<Outcome> {
  const outcome = await run(args, options);
  if (outcome.code !== 0) {
    const how = outcome.code ?? outcome.signal;
    throw new Error(`salus ${args.join(" ")} ended with ${how}:\n${outcome.stderr}`);
  }
  return outcome;
}
