import { Command, CommanderError } from "commander";
import { extendCommand, narrowCommand, revokeCommand } from "./commands/access.ts";
import { accountCommand } from "./commands/account.ts";
import { approveCommand, denyCommand } from "./commands/approve.ts";
import { associateCommand } from "./commands/associate.ts";
import { demoCommand } from "./commands/demo.ts";
import { devicesCommand } from "./commands/devices.ts";
import { directoryCommand } from "./commands/directory.ts";
import { dissociateCommand } from "./commands/dissociate.ts";
import { exportCommand } from "./commands/export.ts";
import { findCommand } from "./commands/find.ts";
import { gatewayCommand } from "./commands/gateway.ts";
import { grantCommand } from "./commands/grant.ts";
import { grantsCommand } from "./commands/grants.ts";
import { identifiersCommand } from "./commands/identifiers.ts";
import { importCommand } from "./commands/import.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { inviteCommand } from "./commands/invite.ts";
import { keysCommand } from "./commands/keys.ts";
import { logCommand } from "./commands/log.ts";
import { loginCommand, logoutCommand } from "./commands/login.ts";
import { orgCommand } from "./commands/org.ts";
import { providerCommand } from "./commands/provider.ts";
import { proxyCommand } from "./commands/proxy.ts";
import { recoverCommand } from "./commands/recover.ts";
import { reindexCommand } from "./commands/reindex.ts";
import { requestCommand } from "./commands/request.ts";
import { requestsCommand } from "./commands/requests.ts";
import { searchCommand } from "./commands/search.ts";
import { serveCommand } from "./commands/serve.ts";
import { showCommand } from "./commands/show.ts";
import { signupCommand } from "./commands/signup.ts";
import { sourceCommand } from "./commands/source.ts";
import { verifyCommand } from "./commands/verify.ts";
import { webCommand } from "./commands/web.ts";
import { EXIT, exitHelp } from "./exit.ts";
import { Session } from "./session.ts";
import type { Shell } from "./shell.ts";

/** Put in by the bundler, from the package. */
declare const SALUS_VERSION: string;

const ABOUT =
  "Personal health records that many hospitals write into, only the patient and those she chooses can read, and a cloud can search although it cannot read them.";

const FIRST_STEPS = `
First steps:
  $ salus demo                                          see it work, on invented patients
  $ salus serve --data ./cloud --port 8080              run a cloud
  $ salus import bundles.ndjson.gz --home ./home --cloud http://127.0.0.1:8080
  $ salus search 'Observation?combo-code-value-quantity=8480-6$gt140' --home ./home --cloud http://127.0.0.1:8080

--home, --cloud and --directory may also be set as SALUS_HOME, SALUS_CLOUD and SALUS_DIRECTORY.`;

/**
 * Run the program.
 *
 * Gives:   its exit code.
 */
export async function run(args: readonly string[]): Promise<number> {
  const session = new Session();
  let code: number = EXIT.done;
  const shell: Shell = {
    session,
    action:
      (run) =>
      async (...given) => {
        code = await run(...given);
      },
  };
  // A write that fails while its command waits for something else, on a full disk say, is said as any
  // other; several may fail for one reason, and the first has said it.
  let ended: number | undefined;
  process.once("unhandledRejection", (error) => process.exit(ended ?? unexpected(session, error)));
  try {
    await programOf(shell).parseAsync([...args], { from: "user" });
    ended = code;
  } catch (error) {
    const isUsage = error instanceof CommanderError;
    if (!isUsage) ended = unexpected(session, error);
    else ended = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  return ended;
}

function programOf(shell: Shell): Command {
  const { session } = shell;
  const program = new Command("salus");
  program
    .description(ABOUT)
    .version(SALUS_VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError("\nSee `salus --help`.")
    .exitOverride()
    .hook("preAction", (_, command) => {
      session.forMachines = command.opts().json === true;
    })
    .addHelpText("after", FIRST_STEPS)
    .addHelpText("after", exitHelp());
  for (const command of COMMANDS) command(program, shell);
  for (const command of program.commands) {
    command.showHelpAfterError(`\nSee \`salus ${command.name()} --help\`.`);
  }
  return program;
}

const COMMANDS: readonly ((program: Command, shell: Shell) => void)[] = [
  demoCommand,
  serveCommand,
  directoryCommand,
  webCommand,
  gatewayCommand,
  signupCommand,
  loginCommand,
  logoutCommand,
  devicesCommand,
  accountCommand,
  recoverCommand,
  identifiersCommand,
  importCommand,
  searchCommand,
  showCommand,
  exportCommand,
  associateCommand,
  dissociateCommand,
  findCommand,
  requestCommand,
  requestsCommand,
  approveCommand,
  denyCommand,
  grantsCommand,
  extendCommand,
  narrowCommand,
  revokeCommand,
  proxyCommand,
  logCommand,
  grantCommand,
  verifyCommand,
  inspectCommand,
  reindexCommand,
  keysCommand,
  providerCommand,
  orgCommand,
  inviteCommand,
  sourceCommand,
];

/** What nobody foresaw: the machine, or a fault of the program. Never a stack trace unasked. */
function unexpected(session: Session, error: unknown): number {
  const { code, path, stack } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) {
    return session.fail({ kind: "disk", code, path });
  }
  session.note("salus: a fault of the program. Nothing was lost that had been acknowledged.");
  session.note("  Next: repeat with SALUS_DEBUG=1 set, and report what it prints.");
  if (process.env.SALUS_DEBUG) session.note(stack ?? String(error));
  return EXIT.bug;
}
