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

/** How the logs stand, and what was done under her grants. */
export interface LogReport extends OwnLogReport {
  /** What does not hold of what was done. */
  readonly findings: number;
  readonly directory: DirectoryCheck | undefined;
  /** How much is kept against logs that have contradicted themselves. */
  readonly evidence: number;
}

/** Say how the logs stand. Gives: how much is amiss, or was left out. */
export function sayReport(session: Session, report: LogReport): number {
  const { size, leaves, scanned, findings, directory, evidence } = report;
  if (session.forMachines) session.json({ ...report, directory: directory ?? null });
  const how = findings === 0 ? "all as it was" : `${number(findings)} FINDINGS`;
  session.note(`The log has ${number(size)} leaves, ${number(leaves)} of them yours: ${how}.`);
  const cloud = findings + sayScanned(session, scanned);
  return cloud + sayDirectory(session, directory) + evidence;
}

/** Say that new leaves were left out, if they were. Gives: how much is amiss. */
function sayScanned(session: Session, scanned: boolean): number {
  if (scanned) return 0;
  session.note(
    "  INCOMPLETE: too many leaves are new. They were not looked through for some of yours that are kept from you.",
  );
  session.note("  Next: look through them with `salus log --everything`.");
  return 1;
}

function sayDirectory(session: Session, check: DirectoryCheck | undefined): number {
  if (check === undefined) return 0;
  const { size, leaves, scanned, lying, unlogged, untold } = check;
  const how = unlogged === 0 ? "all as it was" : `${number(unlogged)} NOT IN THE LOG`;
  session.note(
    `The directory's log has ${number(size)} leaves, ${number(leaves)} of them yours; ${number(lying)} look-ups and requests lie in your mailbox: ${how}.`,
  );
  if (untold > 0) {
    session.note(
      `  ${number(untold)} look-ups are in it that no notice tells of: another device removed them, or the directory keeps them back.`,
    );
  }
  return unlogged + sayScanned(session, scanned);
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
    if (session.forMachines) session.json({ log, sizes, evidence: bytes });
    session.note(
      `EVIDENCE: the log ${log} has contradicted itself, with ${sizes.map(number).join(" and ")} leaves.`,
    );
  }
  return ok(kept.value.length);
}
