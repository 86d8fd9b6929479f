import { ok, type Result } from "@salus/base";
import { type Account, DeviceSecret, httpDirectory, signIn } from "@salus/client";
import type { Home } from "@salus/client/file";
import type { AccountRole, VerifyKey } from "@salus/protocol";
import type { Command } from "commander";
import { secondFactor } from "../accounts/factor.ts";
import { memberOf, openAccount } from "../accounts/member.ts";
import {
  authorityOf,
  idOf,
  type PasswordOptions,
  roleOf,
  type WhoOptions,
  withPassword,
  withWho,
} from "../accounts/options.ts";
import { settleOwnVault } from "../accounts/own-vault.ts";
import { deviceSecretOf, passwordOf } from "../accounts/secrets.ts";
import { EXIT } from "../exit.ts";
import type { Homes, Newcomer } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  openHomes,
  withCloud,
  withDirectory,
  withHome,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

interface LoginOptions
  extends HomeOptions,
    CloudOptions,
    DirectoryOptions,
    PasswordOptions,
    WhoOptions {
  readonly login?: string;
  readonly name?: string;
  readonly role?: AccountRole;
  readonly id?: string;
  readonly code?: string;
  readonly authority?: VerifyKey;
  readonly deviceSecretFile?: string;
}

interface LogoutOptions extends HomeOptions, DirectoryOptions, PasswordOptions, WhoOptions {
  readonly everywhere?: boolean;
}

const LOGIN_MORE = `
On a device of yours the password is enough. A new device (--login) also asks for a second factor, and for the
device secret of the printed kit; without the secret, another device of yours approves it (\`salus devices\`).
A patient stays signed in for 30 days, others for ten idle minutes.

Examples:
  $ salus login --home ./ann ...
  $ salus login --home ./tablet --login ann@example.org --name 'Ann Lind' --role patient --code 123456 ...`;

const LOGOUT_MORE = `
Keys and records here stay sealed under the passphrase. With --everywhere, which asks for the password, every
session of the account ends.

Examples:
  $ salus logout --home ./ann --directory http://127.0.0.1:8081
  $ salus logout --everywhere --home ./ann ...`;

/** `login`: a session, on a device of the account or on a new one. */
export function loginCommand(program: Command, shell: Shell): void {
  const command = program
    .command("login")
    .summary("sign in, here or on a new device")
    .description("Sign in on a device of yours, or make this folder hold a new one.")
    .option("--login <login>", "sign in on a new device, as this")
    .option("--name <name>", "what you are called, on a new device")
    .option("--role <role>", "patient, practitioner or administrator", roleOf)
    .option("--id <id>", "the name of the home, on a new device")
    .option("--code <code>", "the second factor's code")
    .option("--authority <key>", "whom a new folder believes about providers", authorityOf)
    .option("--device-secret-file <file>", "from the kit (or set SALUS_DEVICE_SECRET)")
    .option("--json", "who is signed in, as a line of JSON")
    .addHelpText("after", LOGIN_MORE)
    .action(shell.action((options: LoginOptions) => runLogin(shell.session, options)));
  withDirectory(withCloud(withWho(withPassword(withHome(command)))));
}

/** `logout`: end the session here, or all of them. */
export function logoutCommand(program: Command, shell: Shell): void {
  const command = program
    .command("logout")
    .summary("sign out, here or everywhere")
    .description("End the session of this device, or of all devices.")
    .option("--everywhere", "end every session of the account")
    .option("--json", "who is signed out, as a line of JSON")
    .addHelpText("after", LOGOUT_MORE)
    .action(shell.action((options: LogoutOptions) => runLogout(shell.session, options)));
  withDirectory(withWho(withPassword(withHome(command))));
}

async function runLogin(session: Session, options: LoginOptions): Promise<number> {
  const isNew = options.login !== undefined;
  const { authority } = options;
  const homes = await openHomes(session, options, { create: isNew, authority });
  if (!homes.ok) return session.fail(homes.error);
  try {
    const signed = isNew
      ? await onNewDevice(session, homes.value, options, options.login)
      : await again(session, homes.value, options);
    if (!signed.ok) return session.fail(signed.error);
    const { account, login, person } = signed.value;
    const vault = await settleOwnVault(homes.value, person, account, options.cloud);
    if (!vault.ok) return session.fail(vault.error);
    const { isUnlocked: unlocked } = account;
    const { role, id } = person;
    session.result(`signed in as ${login}`, { login, role, id, unlocked, vault: vault.value });
    if (unlocked) return EXIT.done;
    session.note("Nothing has unlocked the account on this device yet.");
    session.note("  Next: show `salus devices add` to a device of yours, which approves it.");
    return EXIT.found;
  } finally {
    await homes.value.close();
  }
}

interface SignedIn {
  readonly account: Account;
  readonly login: string;
  readonly person: Pick<Person, "role" | "id">;
}

async function again(
  session: Session,
  homes: Homes,
  options: LoginOptions,
): Promise<Result<SignedIn, Failure>> {
  const person = memberOf(homes, options.as);
  if (!person.ok) return person;
  const resident = await homes.open(person.value);
  if (!resident.ok) return resident;
  const { login = "", role } = person.value;
  const wanted = options.role ?? (role as AccountRole);
  const account = await enter(session, resident.value.home, options, login, wanted);
  return account.ok ? ok({ account: account.value, login, person: person.value }) : account;
}

async function onNewDevice(
  session: Session,
  homes: Homes,
  options: LoginOptions,
  login: string,
): Promise<Result<SignedIn, Failure>> {
  const { role = "patient", name = login } = options;
  const newcomer: Newcomer = { role, id: options.id ?? idOf(login), name, login };
  const home = await homes.begin(newcomer);
  if (!home.ok) return home;
  const account = await enter(session, home.value, options, login, role);
  if (!account.ok) {
    await home.value.close();
    return account;
  }
  const listed = await homes.admit(newcomer, home.value);
  return listed.ok ? ok({ account: account.value, login, person: newcomer }) : listed;
}

async function enter(
  session: Session,
  { store }: Home,
  options: LoginOptions,
  login: string,
  role: AccountRole,
): Promise<Result<Account, Failure>> {
  const password = await passwordOf(session, options.passwordFile, { isNew: false });
  if (!password.ok) return password;
  const secret = options.login === undefined ? ok(undefined) : await typedSecret(session, options);
  if (!secret.ok) return secret;
  return signIn(
    { directory: httpDirectory(options.directory), store },
    {
      login,
      password: password.value,
      role,
      second: secondFactor(session, options.code),
      ...(secret.value && { deviceSecret: secret.value }),
    },
  );
}

/** The device secret, if she has it: another device may approve this one instead. */
async function typedSecret(
  session: Session,
  { deviceSecretFile }: LoginOptions,
): Promise<Result<DeviceSecret | undefined, Failure>> {
  const text = await deviceSecretOf(session, deviceSecretFile);
  if (!text.ok) return text.error.kind === "no-secret" ? ok(undefined) : text;
  return DeviceSecret.parse(text.value);
}

function runLogout(session: Session, options: LogoutOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const person = memberOf(homes, options.as);
    if (!person.ok) return session.fail(person.error);
    const opened = await openAccount(homes, options.directory, person.value);
    if (!opened.ok) return session.fail(opened.error);
    const { sessions } = opened.value.account;
    if (options.everywhere === true) {
      const password = await passwordOf(session, options.passwordFile, { isNew: false });
      if (!password.ok) return session.fail(password.error);
      const shown = await sessions.stepUp({ password: password.value });
      if (!shown.ok) return session.fail(shown.error);
    }
    const ended =
      options.everywhere === true ? await sessions.signOutEverywhere() : await sessions.signOut();
    if (!ended.ok) return session.fail(ended.error);
    const everywhere = options.everywhere === true;
    const { login } = person.value;
    session.result(everywhere ? "signed out everywhere" : "signed out", { login, everywhere });
    return EXIT.done;
  });
}
