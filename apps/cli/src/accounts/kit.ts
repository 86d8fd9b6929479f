import { fail, ok, type Result } from "@salus/base";
import { OutputFile } from "../output-file.ts";
import type { Session } from "../session.ts";
import { askAloud } from "../terminal.ts";
import type { Failure } from "../words.ts";

/** What a person keeps on paper: with it, and her password, she can always come back. */
export interface Kit {
  readonly login: string;
  readonly deviceSecret: string;
  readonly phrase: readonly string[];
}

export interface KitOptions {
  readonly kit?: string;
  readonly yes?: boolean;
  /** Whether the secrets of a script are in the answer already: nobody sees them again. */
  readonly said?: boolean;
}

const WORDS_IN_A_LINE = 6;

/** The kit as text, to be printed. */
function kitText({ login, deviceSecret, phrase }: Kit): string {
  const lines: string[] = [];
  for (let at = 0; at < phrase.length; at += WORDS_IN_A_LINE) {
    const words = phrase.slice(at, at + WORDS_IN_A_LINE);
    lines.push(words.map((word, place) => `${at + place + 1}. ${word}`).join("  "));
  }
  return [
    `Salus recovery kit of ${login}`,
    "",
    "Print this, keep it where you keep your passport, and delete the file. Nobody can make another one.",
    "",
    "Device secret, asked for together with your password on a new device:",
    `  ${deviceSecret}`,
    "",
    "Recovery phrase, which opens your account when everything else is lost:",
    ...lines.map((line) => `  ${line}`),
    "",
  ].join("\n");
}

/** Write the kit to a file that only its owner can read. Fails: `disk`. */
async function writeKit(path: string, kit: Kit): Promise<Result<void, Failure>> {
  const file = await OutputFile.open(path);
  if (!file.ok) return file;
  await file.value.write(kitText(kit));
  await file.value.keep();
  return { ok: true, value: undefined };
}

/**
 * Show a kit, or write it to a file, and have the phrase typed again.
 *
 * Takes:   `kit`, the file; `yes`, in scripts: it counts as written down; `said`, when the caller says it.
 * Gives:   what was typed.
 * Fails:   `phrase-unconfirmed` without a terminal; as `writeKit`.
 */
export async function confirmKit(
  session: Session,
  kit: Kit,
  { kit: path, yes = false, said = false }: KitOptions,
): Promise<Result<string, Failure>> {
  if (path !== undefined) {
    const written = await writeKit(path, kit);
    if (!written.ok) return written;
    session.note(`The recovery kit stands in ${path}: print it, then delete it.`);
  } else if (!(yes && said)) for (const line of kitText(kit).split("\n")) session.note(line);
  if (yes) return ok(kit.phrase.join(" "));
  if (!session.canAsk) return fail({ kind: "phrase-unconfirmed" });
  return ok(await askAloud("To show that you have them, type the 24 words: "));
}
