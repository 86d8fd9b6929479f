import { fail, ok, type Result } from "@salus/base";
import type { GivenAccess, PatientRequests } from "@salus/client";
import type { Command } from "commander";
import { accessJson } from "../deciding/access-text.ts";
import { type ChoiceOptions, choiceOf, withChoice } from "../deciding/choice.ts";
import {
  accessesOf,
  accessName,
  accessOf,
  asOwner,
  type Owner,
  type OwnerOptions,
} from "../deciding/owner.ts";
import { type ConfirmOptions, confirmAgain } from "../deciding/step-up.ts";
import { momentText } from "../deciding/time-text.ts";
import { EXIT } from "../exit.ts";
import { endOf, withCloud, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

interface ExtendOptions extends OwnerOptions, ConfirmOptions {
  readonly until: string;
}

interface NarrowOptions extends OwnerOptions, ChoiceOptions {}

const EXTEND_MORE = `
It lasts longer, and covers no more. It asks for the passphrase again.

Example:
  $ salus extend 4f0c --until 90d ...`;

const NARROW_MORE = `
What is dropped is closed: what is written there from now on does not open with the old keys.

Examples:
  $ salus narrow 4f0c --category laboratory ...
  $ salus narrow 4f0c --source 'North Hospital' --until 7d ...`;

const REVOKE_MORE = `
New keys are made for what the access covered, and given to everybody who stays: what is written from now
on does not open with the old ones. What has been read cannot be unread.

Examples:
  $ salus grants ...                     whom you let read
  $ salus revoke 4f0c ...
  $ salus revoke 4f0c --patient 17 ...   where there are several patients`;

/** `extend`: an access lasts longer. */
export function extendCommand(program: Command, shell: Shell): void {
  const command = program
    .command("extend <access>")
    .summary("let an access last longer")
    .description("Let an access that answers a request last longer.")
    .requiredOption("--until <date>", "until when: 2027-06-30, or 30d")
    .option("--patient <id>", "who; the only patient here when left out")
    .option("--yes", "confirmed beforehand, for scripts; the passphrase is asked for all the same")
    .option("--json", "the access as it is now, as `grants --json` has it")
    .addHelpText("after", EXTEND_MORE)
    .action(
      shell.action((access: string, options: ExtendOptions) =>
        runExtend(shell.session, access, options),
      ),
    );
  withCloud(withHome(command));
}

/** `narrow`: less of an access remains. */
export function narrowCommand(program: Command, shell: Shell): void {
  const command = withChoice(
    program
      .command("narrow <access>")
      .summary("leave less of an access")
      .description("Leave less of an access that answers a request; what is left out stays.")
      .option("--patient <id>", "who; the only patient here when left out")
      .option("--json", "the access as it is now, as `grants --json` has it")
      .addHelpText("after", NARROW_MORE),
  ).action(
    shell.action((access: string, options: NarrowOptions) =>
      runNarrow(shell.session, access, options),
    ),
  );
  withCloud(withHome(command));
}

/** `revoke`: the patient takes an access back. */
export function revokeCommand(program: Command, shell: Shell): void {
  const command = program
    .command("revoke <access>")
    .summary("take an access back")
    .description("Take an access or a grant back; the beginning of its name is enough.")
    .option("--patient <id>", "whose record; the only patient here when left out")
    .option("--json", "the access as it is now, as `grants --json` has it")
    .addHelpText("after", REVOKE_MORE)
    .action(
      shell.action((access: string, options: OwnerOptions) =>
        runRevoke(shell.session, access, options),
      ),
    );
  withCloud(withHome(command));
}

/** An access that answers a request, and who changes it. */
interface Changing {
  readonly owner: Owner;
  readonly requests: PatientRequests;
  readonly request: NonNullable<GivenAccess["request"]>;
  readonly name: string;
}

function changingOf(owner: Owner, text: string): Result<Changing, Failure> {
  const access = accessOf(owner, text);
  if (!access.ok) return access;
  const { requests } = owner;
  const { request } = access.value;
  if (request === undefined || requests === undefined) {
    const next = "revoke it, and grant what should remain: salus grant.";
    return fail({ kind: "usage", what: "only what answers a request is changed", next });
  }
  return ok({ owner, requests, request, name: accessName(access.value) });
}

function runExtend(session: Session, text: string, options: ExtendOptions): Promise<number> {
  return asOwner(session, options, async (owner) => {
    const changing = changingOf(owner, text);
    if (!changing.ok) return session.fail(changing.error);
    const { requests, request, name } = changing.value;
    const until = endOf(options.until, Date.now());
    if (!until.ok) return session.fail(until.error);
    const question = `Let ${name.slice(0, 12)} last until ${momentText(until.value)}?`;
    const confirmed = await confirmAgain(session, owner.homes, question, options);
    if (!confirmed.ok) return session.fail(confirmed.error);
    const extended = await requests.extend(request, until.value, confirmed.value);
    if (!extended.ok) return session.fail(extended.error);
    sayChanged(session, owner, name, "extended");
    return EXIT.done;
  });
}

function runNarrow(session: Session, text: string, options: NarrowOptions): Promise<number> {
  return asOwner(session, options, async (owner) => {
    const changing = changingOf(owner, text);
    if (!changing.ok) return session.fail(changing.error);
    const { requests, request, name } = changing.value;
    const choice = choiceOf(owner.homes, owner.patient, owner.registry, options);
    if (!choice.ok) return session.fail(choice.error);
    if (Object.keys(choice.value).length === 0) {
      const next = "name --source, --category, --until or --period.";
      return session.fail({ kind: "usage", what: "nothing is left out", next });
    }
    const narrowed = await requests.narrow(request, choice.value);
    if (!narrowed.ok) return session.fail(narrowed.error);
    sayChanged(session, owner, name, "narrowed");
    return EXIT.done;
  });
}

function runRevoke(session: Session, text: string, options: OwnerOptions): Promise<number> {
  return asOwner(session, options, async (owner) => {
    const access = accessOf(owner, text);
    if (!access.ok) return session.fail(access.error);
    const revoked = await revoke(owner, access.value);
    if (!revoked.ok) return session.fail(revoked.error);
    sayChanged(session, owner, accessName(access.value), "revoked");
    session.note("What was read before stays read; what is written from now on does not open.");
    return EXIT.done;
  });
}

/** Say how an access stands that was changed. */
function sayChanged(session: Session, owner: Owner, name: string, how: string): void {
  const access = accessesOf(owner).find((one) => accessName(one) === name);
  if (access === undefined) throw new Error("bug: no access is ever forgotten");
  session.result(`${how} ${name}`, accessJson(owner, access));
}

async function revoke(
  { patient, requests }: Owner,
  { request, grants }: GivenAccess,
): Promise<Result<void, Failure>> {
  if (request !== undefined && requests !== undefined) return requests.revoke(request);
  for (const grant of grants) {
    const revoked = await patient.revoke(grant);
    if (!revoked.ok) return revoked;
  }
  return ok(undefined);
}
