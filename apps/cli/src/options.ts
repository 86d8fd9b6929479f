import { fail, ok, type Result } from "@salus/base";
import type { PolicyChoice } from "@salus/protocol";
import { type Command, InvalidArgumentError, Option } from "commander";
import { Homes, type HomesOptions } from "./homes/homes.ts";
import { unlockOf } from "./passphrase.ts";
import type { Session } from "./session.ts";
import type { Failure } from "./words.ts";

export interface HomeOptions {
  readonly home: string;
  readonly passphraseFile?: string;
}

export interface CloudOptions {
  readonly cloud: string;
}

export interface DirectoryOptions {
  readonly directory: string;
}

/** What every command that touches keys takes. */
export function withHome(command: Command): Command {
  return command
    .addOption(
      new Option("--home <dir>", "folder with the homes and their keys")
        .env("SALUS_HOME")
        .argParser(folderOf)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        "--passphrase-file <file>",
        "read the passphrase from the first line of a file (or set SALUS_PASSPHRASE)",
      ),
    );
}

/** What every command that talks to the cloud takes. */
export function withCloud(command: Command): Command {
  return command.addOption(
    new Option("--cloud <url>", "address of the cloud")
      .env("SALUS_CLOUD")
      .argParser(urlOf)
      .makeOptionMandatory(),
  );
}

export interface VaultOptions {
  readonly policy: PolicyChoice;
}

/** What every command takes that may make a vault. */
export function withVault(command: Command): Command {
  const kinds: readonly PolicyChoice[] = ["balanced", "sealed-only"];
  return command.addOption(
    new Option("--policy <kind>", "of a vault that is made: how its dates and values are indexed")
      .choices(kinds)
      .default("balanced"),
  );
}

/** What follows a command's help about `--policy`. */
export const ABOUT_POLICY = `
With --policy balanced the cloud can tell which of two sealed dates or values comes first, but for sensitive
ones; with sealed-only it can for none until somebody searches, and a search compares more. A vault keeps
its policy.`;

/** What every command that talks to the directory takes. */
export function withDirectory(command: Command): Command {
  return command.addOption(directoryOption().makeOptionMandatory());
}

/** The directory, for who may have none. */
export function directoryOption(): Option {
  return new Option("--directory <url>", "address of the directory")
    .env("SALUS_DIRECTORY")
    .argParser(urlOf);
}

/** Open the folder that `--home` names. */
export async function openHomes(
  session: Session,
  options: HomeOptions,
  how: HomesOptions = { create: false },
): Promise<Result<Homes, Failure>> {
  const file = options.passphraseFile;
  const unlock = await unlockOf(session, options.home, { file, create: how.create });
  return unlock.ok ? Homes.at(options.home, unlock.value, how) : unlock;
}

/** Run something with the folder open, and let go of it whatever happens. Gives: the exit code. */
export async function withHomes(
  session: Session,
  options: HomeOptions,
  run: (homes: Homes) => Promise<number>,
): Promise<number> {
  const homes = await openHomes(session, options);
  if (!homes.ok) return session.fail(homes.error);
  try {
    return await run(homes.value);
  } finally {
    await homes.value.close();
  }
}

/** Read a whole number from a command line. */
export function countOf(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is meant.`);
  };
}

/** Collect what is given several times, or separated by commas. */
export function listOf(text: string, before: readonly string[] | undefined): readonly string[] {
  const parts = text.split(",").map((part) => part.trim());
  return [...(before ?? []), ...parts.filter((part) => part !== "")];
}

function folderOf(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("The path of a folder is meant.");
}

export function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === "http:" || url.protocol === "https:")) {
    return text.replace(/\/+$/, "");
  }
  throw new InvalidArgumentError("An address like http://127.0.0.1:8080 is meant.");
}

const DAY_MS = 86_400_000;
/** No time is later. Source: spec/README.md, Conventions. */
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");
const SPANS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };

/**
 * Read when something ends: `2027-06-30` is the end of that day, `30d` a time from now.
 *
 * Fails:   `usage`, also for what is past.
 */
export function endOf(text: string, now: number): Result<number, Failure> {
  const span = /^(\d{1,4})([dwmy])$/.exec(text);
  const days = span === null ? undefined : Number(span[1]) * (SPANS[span[2] as string] as number);
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) + DAY_MS - 1 : Date.parse(text);
  const end = days === undefined ? day : now + days * DAY_MS;
  if (Number.isNaN(end)) {
    return fail({
      kind: "usage",
      what: `${text} is no date`,
      next: "2027-06-30, or 30d, is meant.",
    });
  }
  if (end > LATEST) return fail({ kind: "usage", what: `${text} is after the year 9999` });
  return end > now ? ok(end) : fail({ kind: "usage", what: `${text} is past` });
}
