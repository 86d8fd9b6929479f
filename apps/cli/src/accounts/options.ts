import { type AccountRole, VerifyKey } from "@salus/protocol";
import { type Command, InvalidArgumentError, Option } from "commander";
import { listOf } from "../options.ts";

/** What every command that takes an account's password takes. */
export interface PasswordOptions {
  readonly passwordFile?: string;
}

export function withPassword(command: Command): Command {
  return command.addOption(
    new Option(
      "--password-file <file>",
      "read the account's password from the first line of a file (or set SALUS_PASSWORD)",
    ),
  );
}

/** Who of several people in the folder. */
export interface WhoOptions {
  readonly as?: string;
}

export function withWho(command: Command): Command {
  return command.option("--as <who>", "whose account; the only one here when left out");
}

const ROLES: readonly AccountRole[] = ["patient", "practitioner", "administrator"];

/** Read roles, given several times or separated by commas. */
export function rolesOf(
  text: string,
  before: readonly AccountRole[] | undefined,
): readonly AccountRole[] {
  return listOf(text, before).map(roleOf);
}

/** Read a role. */
export function roleOf(name: string): AccountRole {
  const role = ROLES.find((one) => one === name);
  if (role === undefined) throw new InvalidArgumentError(`It is one of ${ROLES.join(", ")}.`);
  return role;
}

/** The name of a home that is made for a login: `ann` of `ann@example.org`. */
export function idOf(login: string): string {
  const [first = ""] = login.trim().toLowerCase().split("@");
  const plain = first.replace(/[^a-z0-9.-]+/g, "-").replace(/^[^a-z0-9]+/, "");
  return plain.slice(0, 40) || "me";
}

/** Read the key of an authority. */
export function authorityOf(text: string): VerifyKey {
  const key = VerifyKey.fromHex(text.trim());
  if (key.ok) return key.value;
  throw new InvalidArgumentError("The key that `salus org authority` prints is meant.");
}
