import { type Command, Option } from "commander";
import { Demo, type DemoOptions } from "../demo/demo.ts";
import { countOf } from "../options.ts";
import type { Shell } from "../program.ts";

const ABOUT =
  "Invent patients who go to several hospitals, give every hospital a process and keys of its own, upload everything, and show what the patients see beside what the cloud sees. Then keep serving, until SIGTERM.";

const MORE = `
The keys of a demo are in the clear, so that it starts without questions. Never put a real record into it.

  PORT           the cloud's port; 8080, or a free one when that is taken
  DATA_DIR       where everything is kept; .data/demo. A second start finds it there
  DATABASE_URL   use this PostgreSQL instead of the cloud's own
  DIRECTORY_PORT, DIRECTORY_DATABASE_URL   the same for the directory; 8081, or a free port

Examples:
  $ salus demo
  $ PORT=9000 DATA_DIR=/tmp/salus salus demo --patients 40 --hospitals 5 --seed 7`;

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
    .addHelpText("after", MORE)
    .action(
      shell.action((options: DemoOptions) => new Demo(shell.session, options).run(process.env)),
    );
}
