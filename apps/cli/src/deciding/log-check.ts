import { fail, ok, type Result } from "@salus/base";
import {
  checkAccountLog,
  compareMailbox,
  keptEvidence,
  type MailboxReport,
  type OwnLogReport,
  verifyEvidence,
} from "@salus/client";
import { openAccount } from "../accounts/member.ts";
import { number } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import type { Owner } from "./owner.ts";

/** How the directory's log stands, and what lies in the mailbox beside it. */
export type DirectoryCheck = OwnLogReport & MailboxReport;

/**
 * Hold the directory's log to what is somebody's, and what lies in her mailbox to the log.
 *
 * Takes:   `url`, of the directory; without one, and without an account, there is nothing to check.
 * Gives:   nothing then, and for who is not signed in.
 * Fails:   any `LogFailure`; as `checkAccountLog` and `compareMailbox`.
 */
export async function checkDirectory(
  session: Session,
  { homes, person }: Pick<Owner, "homes" | "person">,
  url: string | undefined,
  everything: boolean,
): Promise<Result<DirectoryCheck | undefined, Failure>> {
  if (url === undefined || person.login === undefined) return ok(undefined);
  const opened = await openAccount(homes, url, person);
  if (!opened.ok) return opened;
  const { account } = opened.value;
  const checked = await checkAccountLog(account, everything);
  if (!checked.ok && isSignedOut(checked.error)) {
    session.note("The directory's log was not checked: nobody is signed in here.");
    return ok(undefined);
  }
  if (!checked.ok) return checked;
  const compared = await compareMailbox(account);
  return compared.ok ? ok({ ...checked.value, ...compared.value }) : compared;
}

function isSignedOut(error: Failure): boolean {
  return (
    error.kind === "signed-out" || (error.kind === "refused" && error.problem === "session-ended")
  );
}

/** Say how the directory's log stands. Gives: how much is amiss. */
export function sayDirectory(session: Session, check: DirectoryCheck | undefined): number {
  if (check === undefined) return 0;
  const { size, leaves, lying, unlogged, untold } = check;
  const how = unlogged === 0 ? "all as it was" : `${number(unlogged)} NOT IN THE LOG`;
  session.note(
    `The directory's log has ${number(size)} leaves, ${number(leaves)} of them yours; ${number(lying)} look-ups and requests lie in your mailbox: ${how}.`,
  );
  if (untold > 0) {
    session.note(
      `  ${number(untold)} look-ups are in it that no notice tells of: another device removed them, or the directory keeps them back.`,
    );
  }
  return unlogged;
}

/**
 * Say what is kept here against logs that have contradicted themselves.
 *
 * Gives:   how much that is.
 * Fails:   `store-damaged`, any `HomeError`.
 */
export async function sayEvidence(
  session: Session,
  { homes, person }: Pick<Owner, "homes" | "person">,
  json: boolean,
): Promise<Result<number, Failure>> {
  const resident = await homes.open(person);
  if (!resident.ok) return fail(resident.error);
  const kept = await keptEvidence(resident.value.home.store);
  if (!kept.ok) return kept;
  for (const evidence of kept.value) {
    const proven = verifyEvidence(evidence);
    if (!proven.ok) continue;
    const { log, first, second } = proven.value;
    const sizes = [first.payload.size, second.payload.size];
    const bytes = Buffer.from(evidence).toString("base64url");
    if (json) session.json({ log, sizes, evidence: bytes });
    session.note(
      `EVIDENCE: the log ${log} has contradicted itself, with ${sizes.map(number).join(" and ")} leaves.`,
    );
  }
  return ok(kept.value.length);
}
