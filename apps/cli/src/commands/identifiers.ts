import { fail, ok, type Result } from "@salus/base";
import {
  listIdentifiers,
  type OwnIdentifier,
  provePhone,
  registerIdentifier,
  removeIdentifier,
} from "@salus/client";
import type { Command } from "commander";
import { type Member, openMember } from "../accounts/member.ts";
import { type PasswordOptions, withPassword } from "../accounts/options.ts";
import { passwordOf } from "../accounts/secrets.ts";
import { identifierOf } from "../asked/identifier.ts";
import { EXIT } from "../exit.ts";
import {
  type DirectoryOptions,
  type HomeOptions,
  withDirectory,
  withHome,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Column } from "../table.ts";
import { askAloud } from "../terminal.ts";
import type { Failure } from "../words.ts";

interface IdentifierOptions extends HomeOptions, DirectoryOptions, PasswordOptions {
  readonly as?: string;
  readonly region?: string;
  readonly prove?: boolean;
}

const EXAMPLES = `
A practitioner who knows one of them finds your mailbox; the directory learns none of them, but a phone number
that you let it prove with a code. Hidden, only who scans your own code (\`salus invite self\`) finds you.

Examples:
  $ salus identifiers add email:ann@example.org --home ./ann ...
  $ salus identifiers add phone:+46700000000 --prove --home ./ann ...
  $ salus identifiers --home ./ann ...
  $ salus identifiers hide --home ./ann ...`;

/** `identifiers`: what a patient is found by. */
export function identifiersCommand(program: Command, shell: Shell): void {
  const { session } = shell;
  const identifiers = program
    .command("identifiers")
    .summary("what you are found by: list, add, remove, hide")
    .description("The identifiers that practitioners find you by.")
    .addHelpText("after", EXAMPLES);
  const withAll = (command: Command): Command =>
    withDirectory(withHome(command)).option("--as <who>", "who; the only one here when left out");
  withAll(identifiers.command("list", { isDefault: true }))
    .description("list what you are found by")
    .option("--json", "one line of JSON each")
    .action(shell.action((options: IdentifierOptions) => list(session, options)));
  withAll(identifiers.command("add <identifier>"))
    .description("be found by an identifier")
    .option("--prove", "prove a phone number with a code that is sent to it")
    .option("--region <code>", "country of a phone number without one: SE")
    .option("--json", "what you are found by, as a line of JSON")
    .action(
      shell.action((text: string, options: IdentifierOptions) => add(session, text, options)),
    );
  withAll(identifiers.command("remove <identifier>"))
    .description("be found by an identifier no longer")
    .option("--region <code>", "country of a phone number without one: SE")
    .option("--json", "what was removed, as a line of JSON")
    .action(
      shell.action((text: string, options: IdentifierOptions) => remove(session, text, options)),
    );
  for (const [name, discoverable, what] of SHOWN) {
    withPassword(withAll(identifiers.command(name)))
      .description(what)
      .option("--json", "whether you are found, as a line of JSON")
      .action(shell.action((options: IdentifierOptions) => show(session, discoverable, options)));
  }
}

const SHOWN = [
  ["hide", false, "be found by none of them"],
  ["unhide", true, "be found by them again"],
] as const;

function asMember(
  session: Session,
  options: IdentifierOptions,
  run: (member: Member) => Promise<Result<void, Failure>>,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const member = await openMember(homes, options.directory, options.as);
    if (!member.ok) return session.fail(member.error);
    const done = await run(member.value);
    return done.ok ? EXIT.done : session.fail(done.error);
  });
}

function list(session: Session, options: IdentifierOptions): Promise<number> {
  return asMember(session, options, async ({ directory }) => {
    const listed = await listIdentifiers(directory);
    if (!listed.ok) return listed;
    session.list({
      rows: listed.value,
      columns: COLUMNS,
      json: identifierJson,
      none: "You are found by nothing.",
    });
    return ok(undefined);
  });
}

function add(session: Session, text: string, options: IdentifierOptions): Promise<number> {
  return asMember(session, options, async ({ directory }) => {
    const identifier = identifierOf(text, options.region);
    if (!identifier.ok) return identifier;
    const { kind, value } = identifier.value;
    if (options.prove !== true) {
      const registered = await registerIdentifier(directory, identifier.value);
      if (!registered.ok) return registered;
      session.result(`found by ${text}`, { kind, value, proven: false, state: "added" });
      return ok(undefined);
    }
    const what = "a code that is sent to the phone is typed in a terminal";
    if (!session.canAsk) return fail({ kind: "usage", what });
    const proof = await provePhone(directory, identifier.value);
    if (!proof.ok) return proof;
    const code = (await askAloud("The code that was sent to it: ")).trim();
    const registered = await registerIdentifier(directory, identifier.value, [proof.value, code]);
    if (!registered.ok) return registered;
    session.result(`found by ${text}, proven`, { kind, value, proven: true, state: "added" });
    return ok(undefined);
  });
}

function remove(session: Session, text: string, options: IdentifierOptions): Promise<number> {
  return asMember(session, options, async ({ directory }) => {
    const identifier = identifierOf(text, options.region);
    if (!identifier.ok) return identifier;
    const listed = await listIdentifiers(directory);
    if (!listed.ok) return listed;
    const { kind, value } = identifier.value;
    const found = listed.value.find((one) => one.kind === kind && one.value === value);
    if (found === undefined) {
      const known = listed.value.map((one) => `${one.kind}:${one.value ?? "…"}`);
      return fail({ kind: "unknown-name", name: text, what: "what you are found by", known });
    }
    const removed = await removeIdentifier(directory, found.tag);
    if (!removed.ok) return removed;
    const gone = { kind, value, proven: found.proven, state: "removed" };
    session.result(`found by ${text} no longer`, gone);
    return ok(undefined);
  });
}

function show(
  session: Session,
  discoverable: boolean,
  options: IdentifierOptions,
): Promise<number> {
  return asMember(session, options, async ({ account, directory }) => {
    const password = await passwordOf(session, options.passwordFile, { isNew: false });
    if (!password.ok) return password;
    const stepped = await account.sessions.stepUp({ password: password.value });
    if (!stepped.ok) return stepped;
    const info = await directory.directory.account(directory.caller);
    if (!info.ok) return info;
    const { roles } = info.value;
    const changed = await directory.directory.changeAccount(directory.caller, {
      discoverable,
      roles,
    });
    if (!changed.ok) return changed;
    const found = discoverable ? "found by what you have added" : "found by your own code alone";
    session.result(found, { discoverable });
    return ok(undefined);
  });
}

function identifierJson({ kind, value, proven, registered }: OwnIdentifier): object {
  return { kind, value: value ?? null, proven, since: new Date(registered).toISOString() };
}

const COLUMNS: readonly Column<OwnIdentifier>[] = [
  { title: "Kind", value: ({ kind }) => kind },
  { title: "Identifier", value: ({ value }) => value ?? "(added on another device)", kept: true },
  { title: "State", value: ({ proven }) => (proven ? "proven" : "claimed") },
  { title: "Since", value: ({ registered }) => new Date(registered).toISOString().slice(0, 10) },
];
