import { type ChildProcess, spawn } from "node:child_process";
import type { OpenFolders } from "./data-folder.ts";
import type { SystemUser } from "./system-user.ts";

/**
 * The shell that becomes the program. Before that it leaves a watcher behind, whose input is a pipe
 * from us: when we end, however suddenly, the pipe closes and the watcher ends the program. The watcher
 * is forked twice, so that it is no child of the program.
 */
const WATCHED = '( ( cat <&3 >/dev/null; kill -INT $$ ) 2>/dev/null & ); exec "$@" 3<&-';

/** A program that writes into a data folder, and does not outlive us. */
export interface WatchedChild {
  readonly child: ChildProcess;
  /** Settles when it has ended, however; gives its exit code, if it has one. */
  readonly ended: Promise<number | null>;
  /** Have the watcher end it. */
  end(): void;
}

/**
 * Run a program that has folders open, which it finds after its standard streams and the pipe.
 *
 * Takes:   `output` and `errors`, where its standard streams go.
 */
export function spawnWatched(
  [program, ...args]: readonly [string, ...string[]],
  options: {
    readonly user: SystemUser | undefined;
    readonly env: Readonly<Record<string, string>>;
    readonly output: number | "ignore";
    readonly errors: number | "pipe";
    readonly folders: OpenFolders;
  },
): WatchedChild {
  const child = spawn("/bin/sh", ["-c", WATCHED, "sh", program, ...args], {
    ...options.user,
    cwd: "/",
    env: options.env,
    // A signal from the terminal is for us: we then end the program, when nothing needs it any more.
    detached: true,
    stdio: ["ignore", options.output, options.errors, "pipe", ...options.folders.descriptors],
  });
  const watcher = child.stdio[3];
  watcher?.on("error", () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
    child.once("error", () => resolve(null));
  });
  // A program that ends by itself leaves its watcher waiting.
  void ended.then(() => watcher?.destroy());
  return { child, ended, end: () => watcher?.destroy() };
}
