import { readFile } from "node:fs/promises";
import { fail, ok, type Result } from "@salus/base";
import type { Session } from "../session.ts";
import { askAloud, askSilently } from "../terminal.ts";
import type { Failure } from "../words.ts";

/** What a secret is, where it may stand, and how it is asked for. */
interface Wanted {
  readonly name: string;
  /** `--password-file`. */
  readonly file: string | undefined;
  readonly option: string;
  /** An environment variable. */
  readonly variable: string;
  readonly ask: () => Promise<string>;
}

const PASSWORD = {
  name: "the account's password",
  option: "--password-file",
  variable: "SALUS_PASSWORD",
};

/** The account's password. Takes: `isNew`, of one that is asked for twice. */
export function passwordOf(
  session: Session,
  file: string | undefined,
  { isNew }: { readonly isNew: boolean },
): Promise<Result<string, Failure>> {
  if (isNew) return askedTwice(session, { ...PASSWORD, file });
  return secretOf(session, { ...PASSWORD, file, ask: () => askSilently("Password: ") });
}

/** The password that is to take the place of the one there is. */
export function newPasswordOf(
  session: Session,
  file: string | undefined,
): Promise<Result<string, Failure>> {
  const wanted = { name: "the new password", option: "--new-password-file" };
  return askedTwice(session, { ...wanted, variable: "SALUS_NEW_PASSWORD", file });
}

async function askedTwice(
  session: Session,
  wanted: Omit<Wanted, "ask">,
): Promise<Result<string, Failure>> {
  let again = "";
  const ask = async (): Promise<string> => {
    const first = await askSilently("New password of the account: ");
    again = await askSilently("Again: ");
    return first;
  };
  const asked = await secretOf(session, { ...wanted, ask });
  const typed = asked.ok && again !== "";
  return typed && asked.value !== again ? fail({ kind: "passphrase-mismatch" }) : asked;
}

/** The 24 words. */
export function phraseOf(
  session: Session,
  file: string | undefined,
): Promise<Result<string, Failure>> {
  return secretOf(session, {
    name: "the recovery phrase",
    file,
    option: "--phrase-file",
    variable: "SALUS_PHRASE",
    ask: () => askAloud("The 24 words: "),
  });
}

/** The device secret of the printed kit. */
export function deviceSecretOf(
  session: Session,
  file: string | undefined,
): Promise<Result<string, Failure>> {
  return secretOf(session, {
    name: "the device secret",
    file,
    option: "--device-secret-file",
    variable: "SALUS_DEVICE_SECRET",
    ask: () => askAloud("Device secret, from the printed kit (empty: none): "),
  });
}

/** From a file, the environment, or whoever sits at the terminal, in this order. */
async function secretOf(
  session: Session,
  { name, file, option, variable, ask }: Wanted,
): Promise<Result<string, Failure>> {
  const missing = { kind: "no-secret", name, option, variable } as const;
  if (file !== undefined) {
    const text = await readFile(file, "utf8").catch(() => "");
    const line = text.split(/\r?\n/, 1)[0]?.trim() ?? "";
    return line === "" ? fail({ kind: "passphrase-file", path: file }) : ok(line);
  }
  const given = process.env[variable];
  if (given) return ok(given);
  if (!session.canAsk) return fail(missing);
  const typed = (await ask()).trim();
  return typed === "" ? fail(missing) : ok(typed);
}
