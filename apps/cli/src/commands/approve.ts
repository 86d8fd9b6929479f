import { toHex } from "@salus/base";
import { type Pending, removeParcel, sendParcel } from "@salus/client";
import type { Command } from "commander";
import { type ChoiceOptions, choiceOf, withChoice } from "../deciding/choice.ts";
import { asDecider, type Decider, type DeciderOptions } from "../deciding/decider.ts";
import { pendingOf, readInbox } from "../deciding/inbox.ts";
import { proposalJson, proposalLines, requestLines } from "../deciding/proposal-text.ts";
import { type ConfirmOptions, confirmAgain } from "../deciding/step-up.ts";
import { EXIT } from "../exit.ts";
import { withCloud, withDirectory, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";

interface AnswerOptions extends DeciderOptions, ConfirmOptions {
  readonly note: string;
}

interface ApproveOptions extends AnswerOptions, ChoiceOptions {}

const APPROVE_MORE = `
What is shown is read from the very bytes that are signed. Whatever you leave out of it, the requester does
not get; nothing can be added to what she asked for. It asks for the passphrase again.

Examples:
  $ salus requests ...                                          what waits for an answer
  $ salus approve 4f0c --category laboratory --until 30d ...
  $ salus approve 4f0c --source 'North Hospital' --period 2020-01-01..2020-12-31 --note 'Only this' ...`;

const DENY_MORE = `
A denial leaves nothing in your chain: nobody but the requester learns of it.

Examples:
  $ salus deny 4f0c ...
  $ salus deny 4f0c --note 'Please ask my family doctor' ...`;

/** `approve`: the patient signs what a request may read, narrowed. */
export function approveCommand(program: Command, shell: Shell): void {
  const command = withChoice(
    withAnswer(program.command("approve <request>"))
      .summary("let a request read, narrowed as you like")
      .description("Show exactly what would be signed, ask, and sign it.")
      .addHelpText("after", APPROVE_MORE),
  );
  command.action(
    shell.action((request: string, options: ApproveOptions) =>
      answer(shell.session, request, options, approve),
    ),
  );
}

/** `deny`: the patient says no, with or without a word. */
export function denyCommand(program: Command, shell: Shell): void {
  withAnswer(program.command("deny <request>"))
    .summary("say no to a request")
    .description("Say no to a request; the beginning of its name is enough.")
    .addHelpText("after", DENY_MORE)
    .action(
      shell.action((request: string, options: AnswerOptions) =>
        answer(shell.session, request, options, deny),
      ),
    );
}

function withAnswer(command: Command): Command {
  command
    .option("--patient <id>", "who answers; the only patient here when left out")
    .option("--note <text>", "a word to the requester", "")
    .option("--yes", "confirmed beforehand, for scripts; the passphrase is asked for all the same")
    .option("--json", "what was decided, as a line of JSON");
  return withDirectory(withCloud(withHome(command)));
}

function answer<Options extends AnswerOptions>(
  session: Session,
  request: string,
  options: Options,
  decide: (deciding: Deciding, options: Options) => Promise<number>,
): Promise<number> {
  return asDecider(session, options, async (decider) => {
    const inbox = await readInbox(decider);
    if (!inbox.ok) return session.fail(inbox.error);
    const pending = pendingOf(inbox.value, request);
    if (!pending.ok) return session.fail(pending.error);
    for (const line of requestLines(pending.value.opened)) session.note(line);
    return decide({ session, decider, pending: pending.value }, options);
  });
}

interface Deciding {
  readonly session: Session;
  readonly decider: Decider;
  readonly pending: Pending;
}

async function approve(
  { session, decider, pending }: Deciding,
  options: ApproveOptions,
): Promise<number> {
  const { homes, member, patient, registry, requests } = decider;
  const choice = choiceOf(homes, patient, registry, options);
  if (!choice.ok) return session.fail(choice.error);
  const proposal = requests.propose(pending.opened, choice.value);
  if (!proposal.ok) return session.fail(proposal.error);
  for (const line of proposalLines(proposal.value, Date.now())) session.note(line);
  const confirmed = await confirmAgain(session, homes, "Sign it?", options);
  if (!confirmed.ok) return session.fail(confirmed.error);
  const approved = await requests.approve(proposal.value, confirmed.value, options.note);
  if (!approved.ok) return session.fail(approved.error);
  const { to, kind, statement } = approved.value.letter;
  const sent = await sendParcel(member.directory, to, kind, statement);
  if (!sent.ok) return session.fail(sent.error);
  const removed = await removeParcel(member.directory, pending.number);
  if (!removed.ok) return session.fail(removed.error);
  const name = toHex(pending.opened.request.request);
  session.result(`approved ${name}`, proposalJson(proposal.value));
  session.note(`To end it: salus revoke ${name.slice(0, 8)}`);
  return EXIT.done;
}

async function deny(
  { session, decider, pending }: Deciding,
  options: AnswerOptions,
): Promise<number> {
  const { homes, member, requests } = decider;
  const confirmed = await confirmAgain(session, homes, "Say no?", options);
  if (!confirmed.ok) return session.fail(confirmed.error);
  const letter = await requests.deny(pending.opened, confirmed.value, options.note);
  if (!letter.ok) return session.fail(letter.error);
  const { to, kind, statement } = letter.value;
  const sent = await sendParcel(member.directory, to, kind, statement);
  if (!sent.ok) return session.fail(sent.error);
  const removed = await removeParcel(member.directory, pending.number);
  if (!removed.ok) return session.fail(removed.error);
  const name = toHex(pending.opened.request.request);
  session.result(`denied ${name}`, { request: name, decision: "denied" });
  return EXIT.done;
}
