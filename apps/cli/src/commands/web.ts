import type { Command } from "commander";
import type { Shell } from "../shell.ts";

const EXAMPLES = `
Passkeys and cryptography in a page need TLS, or http://localhost. --tls makes a certificate for this machine; a phone must be told to trust it: docs/guides/phone.md.

  WEB_ORIGIN     where people find it, when something else ends TLS before it
  AUTHORITIES, AUTHORITIES_NEEDED   whom the application believes, as the directory is told

Examples:
  $ salus web serve --cloud http://127.0.0.1:8082 --directory http://127.0.0.1:8081
  $ salus web serve --cloud http://127.0.0.1:8082 --directory http://127.0.0.1:8081 --tls --host 0.0.0.0`;

/**
 * `web serve`, as far as its help and its misuse go: `main.ts` starts the site before this program is ever loaded.
 */
export function webCommand(program: Command, shell: Shell): void {
  const web = program
    .command("web")
    .summary("serve the web application")
    .description(
      "The site serves the web application and passes what it asks on to the cloud and the directory. It holds no key; whoever opens the application trusts it for the code.",
    )
    .addHelpText("after", EXAMPLES);
  web
    .command("serve")
    .description(
      "Serve the web application. It says `ready URL` on standard output when it answers, and ends on SIGTERM.",
    )
    .requiredOption("--cloud <url>", "the cloud (or set SALUS_CLOUD)")
    .requiredOption("--directory <url>", "the directory (or set SALUS_DIRECTORY)")
    .option("--port <n>", "port; 0 picks a free one (or set PORT)", "8080")
    .option("--host <address>", "address to listen on; others need --tls", "127.0.0.1")
    .option("--tls", "make a certificate for this machine, and serve under it")
    .option("--data <dir>", "where that is kept (or set DATA_DIR)", ".data/site")
    .option("--files <dir>", "another build of the application than its own")
    .option("--demo <file>", "the people of a demo")
    .addHelpText("after", EXAMPLES)
    .action(
      shell.action(async () => {
        program.error("error: `web serve` is started in another way", { exitCode: 2 });
      }),
    );
}
