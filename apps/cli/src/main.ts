// `salus`: chooses which part of the program this process is. A cloud, a directory and a site must be processes
// that never load what opens records, so they are no commands among the others: see
// docs/decisions/0040.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const PROGRAM = "./program.mjs";

const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean" } as const;
const LISTENING = { port: TEXT, host: TEXT, data: TEXT };
const DATABASE = { ...LISTENING, database: TEXT, "open-metrics": FLAG };
const KEYS = { type: "string", multiple: true } as const;
const TRUST = { authority: KEYS, "authorities-needed": KEYS };
const SERVICES = { cloud: TEXT, directory: TEXT, files: TEXT, demo: TEXT, tls: FLAG };

/** A server of its own: its bundle, the words that start it, and its options. */
interface Server {
  readonly bundle: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, typeof TEXT | typeof FLAG | typeof KEYS>>;
}

const SERVERS: readonly Server[] = [
  { bundle: "./cloud.mjs", words: ["serve"], options: DATABASE },
  { bundle: "./directory.mjs", words: ["directory", "serve"], options: { ...DATABASE, ...TRUST } },
  { bundle: "./site.mjs", words: ["web", "serve"], options: { ...LISTENING, ...SERVICES } },
];

const args = process.argv.slice(2);
const server = SERVERS.map(serverOf).find(Boolean);

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
function serverOf({
  bundle,
  words,
  options,
}: Server): { readonly url: string; readonly options: readonly string[] } | undefined {
  if (words.some((word, at) => args[at] !== word)) return undefined;
  const given = args.slice(words.length);
  try {
    parseArgs({ args: given, options, strict: true });
    return { url: beside(bundle), options: given };
  } catch {
    return undefined;
  }
}

function beside(file: string): string {
  return new URL(file, import.meta.url).href;
}
