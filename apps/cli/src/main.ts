// `salus`: chooses which half of the program this process is. A cloud must be a process that never
// loads what opens records, so it is not a command among the others: see docs/decisions/0040.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const CLOUD = "./cloud.mjs";
const PROGRAM = "./program.mjs";

const args = process.argv.slice(2);
const cloud = args[0] === "serve" ? cloudArguments(args.slice(1)) : undefined;

if (cloud === undefined) {
  const program: typeof import("./program.ts") = await import(beside(PROGRAM));
  process.exitCode = await program.run(args);
} else {
  process.argv.splice(1, process.argv.length - 1, ...cloud);
  await import(beside(CLOUD));
}

/** The command line of the cloud; none when `serve` was asked for help or misunderstood. */
function cloudArguments(serve: string[]): string[] | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    const options = { port: text, host: text, data: text, database: text, "open-metrics": flag };
    parseArgs({ args: serve, options, strict: true });
    return [fileURLToPath(beside(CLOUD)), ...serve];
  } catch {
    return undefined;
  }
}

function beside(file: string): string {
  return new URL(file, import.meta.url).href;
}
