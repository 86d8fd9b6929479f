import type { VerifyKey } from "@salus/protocol";
import type { Command } from "commander";
import { authorityOf, type PasswordOptions, rolesOf, withPassword } from "../accounts/options.ts";
import { passwordOf } from "../accounts/secrets.ts";
import { type MemberOptions, signUpIn } from "../accounts/sign-up.ts";
import { EXIT } from "../exit.ts";
import {
  ABOUT_POLICY,
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  openHomes,
  type VaultOptions,
  withCloud,
  withDirectory,
  withHome,
  withVault,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";

interface SignUpOptions
  extends MemberOptions,
    HomeOptions,
    CloudOptions,
    DirectoryOptions,
    VaultOptions,
    PasswordOptions {
  readonly authority?: VerifyKey;
}

const MORE = `
The password never leaves this machine. With it, a new device asks for the *device secret*, which stands here
and in the kit: whoever steals the directory's whole database cannot guess the password without it. The
*recovery phrase* opens the account when everything else is lost. Nobody can make another one.

With --yes nothing is asked: the kit counts as written down, and the code of the authenticator app is computed
here. The secrets then stand in the output (or in the file of --kit): keep it.
${ABOUT_POLICY}

Examples:
  $ salus signup --home ./ann --login ann@example.org --name 'Ann Lind' --role patient ...
  $ salus signup --home ./bo --login bo@north.example --name 'Bo Ek' --role practitioner --authority KEY ...`;

/** `signup`: an account, a home for it, and a vault for a patient. */
export function signupCommand(program: Command, shell: Shell): void {
  const command = program
    .command("signup")
    .summary("make an account")
    .description("Make an account, a home for its keys, and, for a patient, a vault.")
    .requiredOption("--login <login>", "what you sign in as: an e-mail address, say")
    .requiredOption("--name <name>", "what you are called; it stays here")
    .requiredOption("--role <role...>", "patient, practitioner, administrator; several", rolesOf)
    .option("--id <id>", "the name of the home; made of the login when left out")
    .option("--authority <key>", "whom a new folder believes about providers", authorityOf)
    .option("--kit <file>", "write device secret and recovery phrase to a file, to be printed")
    .option("--yes", "ask nothing, for scripts")
    .option("--json", "what was made, as a line of JSON")
    .addHelpText("after", MORE)
    .action(shell.action((options: SignUpOptions) => runSignUp(shell.session, options)));
  withDirectory(withCloud(withPassword(withHome(withVault(command)))));
}

async function runSignUp(session: Session, options: SignUpOptions): Promise<number> {
  const { authority } = options;
  const homes = await openHomes(session, options, { create: true, authority });
  if (!homes.ok) return session.fail(homes.error);
  try {
    const password = await passwordOf(session, options.passwordFile, { isNew: true });
    if (!password.ok) return session.fail(password.error);
    const made = await signUpIn(session, homes.value, {
      ...options,
      password: password.value,
      said: session.forMachines,
    });
    if (!made.ok) return session.fail(made.error);
    const { kit, authenticator, vault } = made.value;
    const { login } = options;
    const secrets = options.kit === undefined ? kit : { kit: options.kit };
    session.result(`signed up as ${login}`, { login, ...secrets, authenticator, vault });
    return EXIT.done;
  } finally {
    await homes.value.close();
  }
}
