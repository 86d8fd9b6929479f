// `salus`: chooses which part of the program this process is. A cloud and a directory must be processes
// that never load what opens records, so they are no commands among the others: see
// docs/decisions/0040.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const PROGRAM = "./program.mjs";

/** What is a server of its own, by the words that start it. */
const SERVERS: readonly (readonly [bundle: string, ...words: string[]])[] = [
  ["./cloud.mjs", "serve"],
  ["./directory.mjs", "directory", "serve"],
];

const args = process.argv.slice(2);
const server = SERVERS.map(([bundle, ...words]) => serverOf(bundle, words)).find(Boolean);

if (server === undefined) {
  // Asked to end while it is still being loaded, a demo has nothing to end yet.
  if (args[0] === "demo") for (const name of ["SIGTERM", "SIGINT"]) process.on(name, leave);
  const program: typeof import("./program.ts") = await import(beside(PROGRAM));
  process.exitCode = await program.run(args);
} else {
  process.argv.splice(1, process.argv.length - 1, fileURLToPath(server.url), ...server.options);
  await import(server.url);
}

function leave(): void {
  process.exit(0);
}

/** A server and its options; none when something else, or help, was asked for, or misunderstood. */
function serverOf(
  bundle: string,
  words: readonly string[],
): { readonly url: string; readonly options: readonly string[] } | undefined {
  if (words.some((word, at) => args[at] !== word)) return undefined;
  const given = args.slice(words.length);
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const options = { port: text, host: text, data: text, database: text, "open-metrics": flag };
    parseArgs({ args: given, options, strict: true });
    return { url: beside(bundle), options: given };
  } catch {
    return undefined;
  }
}

function beside(file: string): string {
  return new URL(file, import.meta.url).href;
}
