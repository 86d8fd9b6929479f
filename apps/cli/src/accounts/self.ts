import { ok, type Result } from "@salus/base";
import type { Account } from "@salus/client";
import type { Homes } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import { memberOf, openAccount } from "./member.ts";
import type { PasswordOptions, WhoOptions } from "./options.ts";
import { settleOwnVault } from "./own-vault.ts";
import { passwordOf } from "./secrets.ts";

/** What every command takes that changes somebody's own account. */
export interface SelfOptions
  extends HomeOptions,
    CloudOptions,
    DirectoryOptions,
    PasswordOptions,
    WhoOptions {}

/** Somebody who looks after her own account. */
export interface Self {
  readonly homes: Homes;
  readonly person: Person;
  readonly account: Account;
}

/** Run something as the owner of an account, unlocked or not. Gives: the exit code. */
export function asSelf(
  session: Session,
  options: SelfOptions,
  run: (self: Self) => Promise<number>,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const person = memberOf(homes, options.as);
    if (!person.ok) return session.fail(person.error);
    const opened = await openAccount(homes, options.directory, person.value);
    if (!opened.ok) return session.fail(opened.error);
    return run({ homes, person: person.value, account: opened.value.account });
  });
}

/** Ask for the password, and show the directory that it is she. Fails: as `Sessions.stepUp`. */
export async function stepUp(
  session: Session,
  { account }: Pick<Self, "account">,
  { passwordFile }: PasswordOptions,
): Promise<Result<void, Failure>> {
  const password = await passwordOf(session, passwordFile, { isNew: false });
  if (!password.ok) return password;
  const stepped = await account.sessions.stepUp({ password: password.value });
  return stepped.ok ? ok(undefined) : stepped;
}

/** A patient's vault follows her account: her devices are its devices, and it has its new keys. */
export async function settleSelf(
  { homes, person, account }: Self,
  { cloud }: CloudOptions,
): Promise<Result<void, Failure>> {
  const settled = await settleOwnVault(homes, person, account, cloud);
  return settled.ok ? ok(undefined) : settled;
}
