import { httpDirectory, recover } from "@salus/client";
import type { AccountRole, VerifyKey } from "@salus/protocol";
import type { Command } from "commander";
import { finishArrival } from "../accounts/finish.ts";
import {
  authorityOf,
  idOf,
  type PasswordOptions,
  roleOf,
  withPassword,
} from "../accounts/options.ts";
import { passwordOf, phraseOf } from "../accounts/secrets.ts";
import { EXIT } from "../exit.ts";
import type { Newcomer } from "../homes/homes.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  openHomes,
  withCloud,
  withDirectory,
  withHome,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";

interface RecoverOptions extends HomeOptions, CloudOptions, DirectoryOptions, PasswordOptions {
  readonly login: string;
  readonly name?: string;
  readonly role: AccountRole;
  readonly id?: string;
  readonly authority?: VerifyKey;
  readonly phraseFile?: string;
  readonly removeDevices?: boolean;
  readonly yes?: boolean;
}

const MORE = `
The phrase opens the account by itself. You set a new password and a new authenticator app; all sessions end.
--remove-devices takes all other devices out: for who did not lose them, but had them stolen. It is written in
the log, and told to your mailbox and phone.

Examples:
  $ salus recover --home ./new --login ann@example.org --role patient ...
  $ salus recover --home ./new --login ann@example.org --remove-devices --phrase-file words.txt ...`;

/** `recover`: come back with the phrase alone. */
export function recoverCommand(program: Command, shell: Shell): void {
  const command = program
    .command("recover")
    .summary("come back with the recovery phrase")
    .description("Come back with the 24 words, on a new device, with a new password.")
    .requiredOption("--login <login>", "what you signed up as")
    .option("--name <name>", "what you are called")
    .option("--role <role>", "patient, practitioner or administrator", roleOf, "patient")
    .option("--id <id>", "the name of the home")
    .option("--authority <key>", "whom a new folder believes about providers", authorityOf)
    .option("--phrase-file <file>", "read the 24 words from a file (or set SALUS_PHRASE)")
    .option("--remove-devices", "take all other devices out")
    .option("--yes", "ask nothing, for scripts")
    .option("--json", "the new authenticator's secret, as a line of JSON")
    .addHelpText("after", MORE)
    .action(shell.action((options: RecoverOptions) => runRecover(shell.session, options)));
  withDirectory(withCloud(withPassword(withHome(command))));
}

async function runRecover(session: Session, options: RecoverOptions): Promise<number> {
  const { login, role, name = login, removeDevices = false, yes = false } = options;
  const phrase = await phraseOf(session, options.phraseFile);
  if (!phrase.ok) return session.fail(phrase.error);
  const newPassword = await passwordOf(session, options.passwordFile, { isNew: true });
  if (!newPassword.ok) return session.fail(newPassword.error);
  const { authority } = options;
  const homes = await openHomes(session, options, { create: true, authority });
  if (!homes.ok) return session.fail(homes.error);
  try {
    const newcomer: Newcomer = { role, id: options.id ?? idOf(login), name, login };
    const home = await homes.value.begin(newcomer);
    if (!home.ok) return session.fail(home.error);
    const account = await recover(
      { directory: httpDirectory(options.directory), store: home.value.store },
      { login, phrase: phrase.value, newPassword: newPassword.value, removeDevices },
    );
    const { cloud } = options;
    const said = session.forMachines;
    const arrival = { newcomer, home: home.value, yes, said, cloud };
    const arrived = await finishArrival(session, homes.value, account, arrival);
    if (!arrived.ok) return session.fail(arrived.error);
    const { authenticator } = arrived.value;
    session.result(`recovered ${login}`, { login, authenticator });
    return EXIT.done;
  } finally {
    await homes.value.close();
  }
}
