import { fail, ok, type Result } from "@salus/base";
import { Account, type DirectorySession, httpDirectory } from "@salus/client";
import type { Home } from "@salus/client/file";
import type { Homes } from "../homes/homes.ts";
import { isNamed, type Person, type Role } from "../homes/person.ts";
import type { Failure } from "../words.ts";

/** Somebody with an account, signed in. */
export interface Member {
  readonly person: Person;
  readonly home: Home;
  readonly account: Account;
  /** Her session. */
  readonly directory: DirectorySession;
  /** The newest first. */
  readonly mailboxes: ReturnType<Account["mailboxes"]>;
}

/** The mailbox that she names now. */
export function newestMailbox({ mailboxes }: Member): Member["mailboxes"][number] {
  const [newest] = mailboxes;
  if (newest === undefined) throw new Error("bug: a member is unlocked");
  return newest;
}

/**
 * Somebody of this folder who has an account: the one that is named, or the only one of the role.
 *
 * Fails:   `unknown-name`, `ambiguous-name`, `nobody-signed-up`.
 */
export function memberOf(
  homes: Homes,
  text: string | undefined,
  ...roles: readonly Role[]
): Result<Person, Failure> {
  const members = homes.members().filter(({ role }) => roles.length === 0 || roles.includes(role));
  const what = "somebody here who has an account";
  const named = (how: "whole" | "part"): readonly Person[] =>
    members.filter((person) => isNamed(person, text ?? "") === how);
  const whole = named("whole");
  const found = text === undefined ? members : whole.length > 0 ? whole : named("part");
  const [first] = found;
  if (first !== undefined && found.length === 1) return ok(first);
  const known = members.map(({ id, login }) => `${id} (${login})`);
  if (text === undefined && first === undefined) return fail({ kind: "nobody-signed-up" });
  if (text === undefined) {
    const next = `name her with --as: ${known.join(", ")}.`;
    return fail({ kind: "usage", what: "several people here have an account", next });
  }
  const kind = first === undefined ? "unknown-name" : "ambiguous-name";
  return fail({ kind, name: text, what, known });
}

/** Open the account of somebody, as this device last knew it. Fails: `no-account`, any `HomeError`. */
export async function openAccount(
  homes: Homes,
  url: string,
  person: Person,
): Promise<Result<{ readonly home: Home; readonly account: Account }, Failure>> {
  const resident = await homes.open(person);
  if (!resident.ok) return resident;
  const { home } = resident.value;
  const account = await Account.open({ directory: httpDirectory(url), store: home.store });
  return account.ok ? ok({ home, account: account.value }) : account;
}

/**
 * Somebody who is signed in, and whose account is open on this device.
 *
 * Fails:   as `memberOf` and `openAccount`; `signed-out`, `locked`.
 */
export async function openMember(
  homes: Homes,
  url: string,
  text: string | undefined,
  ...roles: readonly Role[]
): Promise<Result<Member, Failure>> {
  const person = memberOf(homes, text, ...roles);
  if (!person.ok) return person;
  const opened = await openAccount(homes, url, person.value);
  if (!opened.ok) return opened;
  const { home, account } = opened.value;
  if (!account.isUnlocked) return fail({ kind: "locked" });
  const directory = account.inDirectory();
  if (!directory.ok) return directory;
  const mailboxes = account.mailboxes();
  return ok({ person: person.value, home, account, directory: directory.value, mailboxes });
}
