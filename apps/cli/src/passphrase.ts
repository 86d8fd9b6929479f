import { readFile } from "node:fs/promises";
import { fail, ok, type Result } from "@salus/base";
import { homeState, Passphrase, type Unlock } from "@salus/client/file";
import type { Session } from "./session.ts";
import { askSilently } from "./terminal.ts";
import type { Failure } from "./words.ts";

const CLEAR_WARNING =
  "Warning: the keys in this home are in the clear, as in a demo: whoever reads the folder reads the records.";

/**
 * Get what unlocks the home at a path: from `--passphrase-file`, SALUS_PASSPHRASE, or whoever sits
 * at the terminal, in this order. A home in the clear asks nothing, and is warned of.
 *
 * Takes:   `create`: the home may not exist yet; a new passphrase is asked for twice.
 * Fails:   `no-passphrase`, `passphrase-file`, `passphrase-mismatch`, `home-missing`.
 */
export async function unlockOf(
  session: Session,
  path: string,
  options: { readonly file: string | undefined; readonly create: boolean },
): Promise<Result<Unlock, Failure>> {
  const state = await homeState(path);
  if (state === "absent" && !options.create) return fail({ kind: "home-missing" });
  if (state === "clear") {
    session.note(CLEAR_WARNING);
    return ok({ kind: "clear" });
  }
  const given = await givenPassphrase(options.file);
  if (!given.ok) return given;
  const passphrase =
    given.value === undefined ? await askPassphrase(session, path, state === "absent") : given;
  if (!passphrase.ok) return passphrase;
  return ok({ kind: "passphrase", passphrase: new Passphrase(passphrase.value as string) });
}

async function givenPassphrase(
  file: string | undefined,
): Promise<Result<string | undefined, Failure>> {
  if (file === undefined) return ok(process.env.SALUS_PASSPHRASE || undefined);
  const text = await readFile(file, "utf8").catch(() => "");
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  return line === "" ? fail({ kind: "passphrase-file", path: file }) : ok(line);
}

async function askPassphrase(
  session: Session,
  path: string,
  isNew: boolean,
): Promise<Result<string, Failure>> {
  if (!session.canAsk) return fail({ kind: "no-passphrase" });
  if (!isNew) return answered(await askSilently(`Passphrase of ${path}: `));
  session.note(
    `${path} is new. Its keys will be sealed under a passphrase, which nobody can reset.`,
  );
  const first = await askSilently("New passphrase: ");
  if (first === "") return fail({ kind: "no-passphrase" });
  return first === (await askSilently("Again: "))
    ? ok(first)
    : fail({ kind: "passphrase-mismatch" });
}

function answered(answer: string): Result<string, Failure> {
  return answer === "" ? fail({ kind: "no-passphrase" }) : ok(answer);
}
