import { fail, ok, type Result } from "@salus/base";
import { checkUnlock } from "@salus/client/file";
import type { Homes } from "../homes/homes.ts";
import { unlockOf } from "../passphrase.ts";
import type { Session } from "../session.ts";
import { confirm } from "../terminal.ts";
import type { Failure } from "../words.ts";

/** How a person says yes to something final. */
export interface ConfirmOptions {
  readonly passphraseFile?: string;
  /** Confirmed beforehand: for scripts. */
  readonly yes?: boolean;
}

/** That she was asked who she is, and when. */
export interface Confirmed {
  readonly at: number;
}

/**
 * Ask for a yes, and for the passphrase again: whoever finds the terminal open decides nothing.
 *
 * A home in the clear has no passphrase to ask for.
 *
 * Fails:   `not-confirmed`, `no-passphrase`, `passphrase-wrong`.
 */
export async function confirmAgain(
  session: Session,
  homes: Homes,
  question: string,
  { passphraseFile, yes = false }: ConfirmOptions,
): Promise<Result<Confirmed, Failure>> {
  if (!yes) {
    if (!session.canAsk) return fail({ kind: "not-confirmed" });
    if (!(await confirm(question))) return fail({ kind: "not-confirmed" });
  }
  if (!homes.root.sealed) return ok({ at: Date.now() });
  const { path } = homes.root;
  const unlock = await unlockOf(session, path, { file: passphraseFile, create: false });
  if (!unlock.ok) return unlock;
  const checked = await checkUnlock(path, unlock.value);
  return checked.ok ? ok({ at: Date.now() }) : checked;
}
