import { type Command, Option } from "commander";
import { Demo, type DemoOptions } from "../demo/demo.ts";
import { countOf } from "../options.ts";
import type { Shell } from "../shell.ts";

const ABOUT =
  "Invent patients who go to several hospitals, give every hospital a process and keys of its own, upload everything, and show what the patients see beside what the cloud sees. Then keep serving the web application, and the services behind it, until SIGTERM.";

const MORE = `
The keys of a demo are in the clear, so that it starts without questions. Never put a real record into it.

  PORT           the site's port; 8080, or a free one when that is taken. The cloud's API is there too
  DATA_DIR       where everything is kept; .data/demo. A second start finds it there
  DATABASE_URL   use this PostgreSQL instead of the cloud's own
  CLOUD_PORT, DIRECTORY_PORT, DIRECTORY_DATABASE_URL   for the services behind it; free ports, and its own
  WEB_ORIGIN     the one address that passkeys are for; https://laptop.local:8080

Examples:
  $ salus demo
  $ salus demo --tls --host 0.0.0.0                     for a phone: docs/guides/phone.md
  $ PORT=9000 DATA_DIR=/tmp/salus salus demo --patients 40 --hospitals 5 --seed 7`;

const HERE = "127.0.0.1";

/** `demo`: the main job on invented patients, in one command. */
export function demoCommand(program: Command, shell: Shell): void {
  program
    .command("demo")
    .summary("see it work, on invented patients")
    .description(ABOUT)
    .option("--patients <n>", "how many patients", countOf(1, 10_000), 12)
    .option("--hospitals <n>", "how many hospitals, each a process of its own", countOf(1, 24), 3)
    .option("--seed <n>", "another seed invents other patients", countOf(0, 2 ** 31 - 1), 1)
    .addOption(new Option("--no-tour", "only serve"))
    .option("--host <address>", "where the site listens; others than this machine need --tls", HERE)
    .option("--tls", "serve under a certificate that is made for this machine", false)
    .addHelpText("after", MORE)
    .action(
      shell.action((options: DemoOptions) => new Demo(shell.session, options).run(process.env)),
    );
}
