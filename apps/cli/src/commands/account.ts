import { fail, ok, type Result, toHex } from "@salus/base";
import { NewPhrase } from "@salus/client";
import type { ListedFactor } from "@salus/protocol";
import type { Command } from "commander";
import { addAuthenticator } from "../accounts/factor.ts";
import { confirmKit } from "../accounts/kit.ts";
import { withPassword, withWho } from "../accounts/options.ts";
import { changePhone } from "../accounts/phone.ts";
import { newPasswordOf } from "../accounts/secrets.ts";
import { asSelf, type SelfOptions, settleSelf, stepUp } from "../accounts/self.ts";
import { EXIT } from "../exit.ts";
import { withCloud, withDirectory, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Column } from "../table.ts";
import type { Failure } from "../words.ts";

interface AccountOptions extends SelfOptions {
  readonly yes?: boolean;
  readonly code?: string;
  readonly region?: string;
  readonly kit?: string;
  readonly newPasswordFile?: string;
}

const EXAMPLES = `
Every change asks for the password. A new password signs your other devices out, a new phrase takes the place of
the printed one: both give you new keys, and what is written from then on does not open to the old ones.

Examples:
  $ salus account factors --home ./ann ...
  $ salus account password --home ./ann ...
  $ salus account authenticator --home ./ann ...              one more, in place of the one you lost
  $ salus account phone +46700000000 --home ./ann ...         a code is sent to it
  $ salus account remove 4f0c --home ./ann ...                a second factor, if it is not the last
  $ salus account phrase --kit kit.txt --home ./ann ...`;

/** `account`: password, second factors and recovery phrase. */
export function accountCommand(program: Command, shell: Shell): void {
  const { session } = shell;
  const account = program
    .command("account")
    .summary("password, second factors and recovery phrase")
    .description("What your account is opened with.")
    .addHelpText("after", EXAMPLES);
  const withAll = (command: Command): Command =>
    withDirectory(withCloud(withWho(withPassword(withHome(command)))));
  withAll(account.command("factors", { isDefault: true }))
    .description("list your second factors")
    .option("--json", "one line of JSON each")
    .action(shell.action((options: AccountOptions) => listFactors(session, options)));
  withAll(account.command("password"))
    .description("change the password; your other devices sign in anew")
    .option("--new-password-file <file>", "read it from a file (or set SALUS_NEW_PASSWORD)")
    .option("--json", "what was changed, as a line of JSON")
    .action(shell.action((options: AccountOptions) => changePassword(session, options)));
  withAll(account.command("authenticator"))
    .description("add an authenticator app, in place of the one there is")
    .option("--yes", "ask nothing, for scripts: its code is computed here")
    .option("--json", "its secret, as a line of JSON")
    .action(shell.action((options: AccountOptions) => authenticator(session, options)));
  withAll(account.command("phone [number]"))
    .description("add a phone that gets codes, in place of the one there is")
    .option("--region <code>", "country of a number without one: SE")
    .option("--code <code>", "the code that was sent to it, where none can be typed")
    .option("--json", "whether it was added, as a line of JSON")
    .action(
      shell.action((number: string | undefined, options: AccountOptions) =>
        phone(session, number, options),
      ),
    );
  withAll(account.command("remove <factor>"))
    .description("remove a second factor; the beginning of its name is enough")
    .option("--json", "what was removed, as a line of JSON")
    .action(
      shell.action((factor: string, options: AccountOptions) =>
        removeFactor(session, factor, options),
      ),
    );
  withAll(account.command("phrase"))
    .description("draw a new recovery phrase; the old one opens nothing from then on")
    .option("--kit <file>", "write device secret and phrase to a file, to be printed")
    .option("--yes", "ask nothing, for scripts: it counts as written down")
    .option("--json", "the new kit, as a line of JSON")
    .action(shell.action((options: AccountOptions) => replacePhrase(session, options)));
}

function listFactors(session: Session, options: AccountOptions): Promise<number> {
  return asSelf(session, options, async ({ account }) => {
    const factors = await account.factors.list();
    if (!factors.ok) return session.fail(factors.error);
    session.list({
      rows: factors.value,
      columns: COLUMNS,
      json: factorJson,
      none: "There is no second factor.",
    });
    return EXIT.done;
  });
}

function factorJson({ id, kind, hint, added }: ListedFactor): object {
  return { factor: toHex(id), kind, hint, since: new Date(added).toISOString() };
}

const COLUMNS: readonly Column<ListedFactor>[] = [
  { title: "Factor", value: ({ id }) => toHex(id), kept: true },
  { title: "Kind", value: ({ kind }) => (kind === "totp" ? "authenticator" : kind) },
  { title: "Hint", value: ({ hint }) => hint },
  { title: "Since", value: ({ added }) => new Date(added).toISOString().slice(0, 10) },
];

function changePassword(session: Session, options: AccountOptions): Promise<number> {
  return asSelf(session, options, async (self) => {
    const stepped = await stepUp(session, self, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const password = await newPasswordOf(session, options.newPasswordFile);
    if (!password.ok) return session.fail(password.error);
    const changed = await self.account.unlocks.changePassword(password.value);
    if (!changed.ok) return session.fail(changed.error);
    const settled = await settleSelf(self, options);
    if (!settled.ok) return session.fail(settled.error);
    session.result("password changed", { login: self.person.login, changed: "password" });
    session.note("Your other devices sign in anew: `salus login` there.");
    return EXIT.done;
  });
}

function authenticator(session: Session, options: AccountOptions): Promise<number> {
  return asSelf(session, options, async (self) => {
    const stepped = await stepUp(session, self, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const { login = "" } = self.person;
    const added = await addAuthenticator(session, self.account, {
      login,
      yes: options.yes === true,
      said: session.forMachines,
    });
    if (!added.ok) return session.fail(added.error);
    session.result("authenticator added", { login, authenticator: added.value });
    return EXIT.done;
  });
}

function phone(
  session: Session,
  number: string | undefined,
  options: AccountOptions,
): Promise<number> {
  return asSelf(session, options, async (self) => {
    const stepped = await stepUp(session, self, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const { region, code } = options;
    const wanted = { number, ...(region && { region }), ...(code && { code }) };
    const changed = await changePhone(session, self.account, wanted);
    if (!changed.ok) return session.fail(changed.error);
    const { login } = self.person;
    const added = { login, kind: "sms", state: changed.value ? "added" : "code-sent" };
    session.result(changed.value ? "phone added" : "code sent", added);
    if (changed.value) return EXIT.done;
    session.note("A code is on its way: repeat with --code, and without the number.");
    return EXIT.found;
  });
}

function removeFactor(session: Session, text: string, options: AccountOptions): Promise<number> {
  return asSelf(session, options, async (self) => {
    const { factors } = self.account;
    const listed = await factors.list();
    if (!listed.ok) return session.fail(listed.error);
    const factor = factorOf(listed.value, text);
    if (!factor.ok) return session.fail(factor.error);
    const stepped = await stepUp(session, self, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const removed = await factors.remove(factor.value.id);
    if (!removed.ok) return session.fail(removed.error);
    const gone = { ...factorJson(factor.value), state: "removed" };
    session.result(`removed ${toHex(factor.value.id)}`, gone);
    return EXIT.done;
  });
}

function factorOf(factors: readonly ListedFactor[], text: string): Result<ListedFactor, Failure> {
  const found = factors.filter(({ id }) => toHex(id).startsWith(text.toLowerCase()));
  const [first] = found;
  if (first !== undefined && found.length === 1) return ok(first);
  const known = factors.map(({ id }) => toHex(id));
  const kind = first === undefined ? "unknown-name" : "ambiguous-name";
  return fail({ kind, name: text, what: "a second factor of yours", known });
}

function replacePhrase(session: Session, options: AccountOptions): Promise<number> {
  return asSelf(session, options, async (self) => {
    const { account, person } = self;
    const { deviceSecret } = account;
    if (deviceSecret === undefined) return session.fail({ kind: "locked" });
    const stepped = await stepUp(session, self, options);
    if (!stepped.ok) return session.fail(stepped.error);
    const drawn = new NewPhrase(account);
    const { words } = drawn.phrase;
    const kit = { login: person.login ?? "", deviceSecret: deviceSecret.text, phrase: words };
    const confirmation = await confirmKit(session, kit, {
      ...options,
      said: session.forMachines,
    });
    if (!confirmation.ok) return session.fail(confirmation.error);
    const replaced = await drawn.finish(confirmation.value);
    if (!replaced.ok) return session.fail(replaced.error);
    const settled = await settleSelf(self, options);
    if (!settled.ok) return session.fail(settled.error);
    const made = options.kit === undefined ? kit : { login: kit.login, kit: options.kit };
    session.result("phrase replaced", made);
    session.note("The old 24 words open nothing any more: destroy them.");
    return EXIT.done;
  });
}
