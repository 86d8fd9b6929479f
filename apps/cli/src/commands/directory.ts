import type { Command } from "commander";
import type { Shell } from "../program.ts";

/**
 * `directory serve`, as far as its help and its misuse go: `main.ts` starts the directory before this
 * program is ever loaded.
 */
export function directoryCommand(program: Command, shell: Shell): void {
  const directory = program
    .command("directory")
    .summary("run a directory, and nothing else")
    .description(
      "The directory keeps accounts, identifiers that nobody can read, and mailboxes. It has no record, no vault and no key that opens anything.",
    )
    .addHelpText("after", EXAMPLES);
  directory
    .command("serve")
    .description(
      "Run a directory. It says `ready URL` on standard output when it answers, and ends on SIGTERM.",
    )
    .option("--port <n>", "port; 0 picks a free one (or set PORT)", "8081")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--data <dir>", "folder of its database (or set DATA_DIR)", ".data/directory")
    .option("--database <url>", "use this PostgreSQL instead of its own (or set DATABASE_URL)")
    .option("--open-metrics", "let other machines read /metrics")
    .addHelpText("after", EXAMPLES)
    .action(
      shell.action(async () => {
        program.error("error: `directory serve` is started in another way", { exitCode: 2 });
      }),
    );
}

const EXAMPLES = `
Its database is its own: never name the cloud's.

Examples:
  $ salus directory serve --data ./directory --port 8081
  $ salus directory serve --database postgres://salus@db.example/directory`;
