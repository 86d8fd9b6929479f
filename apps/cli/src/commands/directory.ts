import type { Command } from "commander";
import { EXIT } from "../exit.ts";
import { withDirectory } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";

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
    .option("--authority <key...>", "whom it believes about practitioners (or set AUTHORITIES)")
    .option("--authorities-needed <n>", "so many must attest (or set AUTHORITIES_NEEDED)", "1")
    .option("--open-metrics", "let other machines read /metrics")
    .addHelpText("after", EXAMPLES)
    .action(
      shell.action(async () => {
        program.error("error: `directory serve` is started in another way", { exitCode: 2 });
      }),
    );
  const outbox = directory
    .command("outbox")
    .description(
      "Print the text messages that a directory in development (SMS=outbox) sent nobody.",
    )
    .option("--json", "one line of JSON for each message")
    .addHelpText("after", EXAMPLES)
    .action(shell.action((options: OutboxOptions) => runOutbox(shell.session, options)));
  withDirectory(outbox);
}

interface OutboxOptions {
  readonly directory: string;
}

interface Message {
  readonly time: number;
  readonly number: string;
  readonly text: string;
}

/** `directory outbox`: only a directory on this machine shows it, and only when it has one. */
async function runOutbox(session: Session, { directory }: OutboxOptions): Promise<number> {
  let response: Response;
  try {
    response = await fetch(new URL("/v1/outbox", directory));
  } catch {
    return session.fail({ kind: "unreachable" });
  }
  if (!response.ok) {
    session.note("salus: this directory has no outbox, or is not on this machine");
    return EXIT.refused;
  }
  const { messages } = (await response.json()) as { readonly messages: readonly Message[] };
  for (const message of messages) {
    const { time, number, text } = message;
    session.result(`${new Date(time).toISOString()} ${number}\n${text}\n`, message);
  }
  return EXIT.done;
}

const EXAMPLES = `
Its database is its own: never name the cloud's. Without an authority it answers no look-up. SIGN_UPS_PER_HOUR
bounds how many accounts are made: docs/operating/directory.md.

Examples:
  $ salus directory serve --data ./directory --port 8081 --authority KEY
  $ salus directory serve --database postgres://salus@db.example/directory
  $ salus directory outbox --directory http://127.0.0.1:8081`;
