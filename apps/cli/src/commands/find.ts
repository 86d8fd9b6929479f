import { toHex } from "@salus/base";
import type { Command } from "commander";
import { withWho } from "../accounts/options.ts";
import { identifierOf } from "../asked/identifier.ts";
import { asRequester, find, type RequesterOptions } from "../asked/requester.ts";
import { EXIT } from "../exit.ts";
import { withCloud, withDirectory, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";

interface FindOptions extends RequesterOptions {
  readonly reason: string;
  readonly region?: string;
}

const MORE = `
The directory does not learn the identifier. It answers with a mailbox in any case: whether anybody reads what
is sent to it, only an answer tells. The patient sees that you looked for her, by what, and why.

Examples:
  $ salus find email:ann@example.org --home ./bo ...
  $ salus find phone:0700000000 --region SE --reason ETREAT ...
  $ salus find 'record-number:north|4711' ...`;

/** `find`: the mailbox of whoever has an identifier. */
export function findCommand(program: Command, shell: Shell): void {
  const command = program
    .command("find <identifier>")
    .summary("find a patient by an identifier")
    .description("Find the mailbox of whoever has an identifier; nobody is told which.")
    .option("--reason <code>", "why, as a v3-PurposeOfUse code", "TREAT")
    .option("--region <code>", "country of a phone number without one: SE")
    .option("--json", "as a line of JSON")
    .addHelpText("after", MORE)
    .action(
      shell.action((identifier: string, options: FindOptions) =>
        runFind(shell.session, identifier, options),
      ),
    );
  withDirectory(withCloud(withWho(withHome(command))));
}

function runFind(session: Session, text: string, options: FindOptions): Promise<number> {
  const identifier = identifierOf(text, options.region);
  if (!identifier.ok) return Promise.resolve(session.fail(identifier.error));
  return asRequester(session, options, async (requester) => {
    const found = await find(requester, identifier.value, options.reason);
    if (!found.ok) return session.fail(found.error);
    const mailbox = toHex(found.value.id);
    session.result(`mailbox ${mailbox}`, { identifier: text, mailbox });
    session.note(
      `Ask there with: salus request ${text} …; only an answer tells whether anybody reads it.`,
    );
    return EXIT.done;
  });
}
