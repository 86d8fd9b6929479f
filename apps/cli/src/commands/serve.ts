import type { Command } from "commander";
import type { Shell } from "../shell.ts";

/**
 * `serve`, as far as its help and its misuse go: `main.ts` starts the cloud before this program is
 * ever loaded.
 */
export function serveCommand(program: Command, shell: Shell): void {
  program
    .command("serve")
    .summary("run a cloud, and nothing else")
    .description(
      "Run a cloud: it stores sealed records and indexes, and answers queries it cannot read. It holds no key. It says `ready URL` on standard output when it answers, and ends on SIGTERM.",
    )
    .option("--port <n>", "port; 0 picks a free one (or set PORT)", "8080")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--data <dir>", "folder of its database (or set DATA_DIR)", ".data/cloud")
    .option("--database <url>", "use this PostgreSQL instead of its own (or set DATABASE_URL)")
    .option("--open-metrics", "let other machines read /metrics")
    .addHelpText(
      "after",
      "\nExamples:\n  $ salus serve --data ./cloud --port 8080\n  $ salus serve --database postgres://salus@db.example/salus",
    )
    .action(
      shell.action(async () => {
        program.error("error: `serve` is started in another way", { exitCode: 2 });
      }),
    );
}
