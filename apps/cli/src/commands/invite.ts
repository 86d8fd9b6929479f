import { type Command, Option } from "commander";
import { withWho } from "../accounts/options.ts";
import { acceptInvitation } from "../inviting/accept.ts";
import { type AssociatedOptions, associatedPatients } from "../inviting/associated.ts";
import { type CollectOptions, collectAnswers } from "../inviting/collect.ts";
import {
  inviteMember,
  invitePatient,
  type JoinOptions,
  type PatientOptions,
  printOwnCode,
  type SelfOptions,
} from "../inviting/invite.ts";
import { withCloud, withDirectory, withHome } from "../options.ts";
import type { Shell } from "../shell.ts";

const EXAMPLES = `
An invitation is a text and a code, for one person and one week: hand it over where nobody else sees it.

Examples:
  $ salus invite join --org north --node bo --name 'Bo Ek' --home ./north ...
  $ salus invite accept salus:join:... --home ./bo ...          by whoever was invited
  $ salus invite associate 'Ann Lind' --patient 4711 --org north --home ./north ...
  $ salus associate salus:associate:... --home ./ann ...        by the patient
  $ salus invite collect --home ./north ...                     certifies who joined; learns whose vault is whose
  $ salus invite patients --org north --home ./north ...        who has let it in
  $ salus invite self --home ./ann ...                          a patient's own code, to be asked by`;

/** `invite`: invite physicians and patients, collect what they answer. */
export function inviteCommand(program: Command, shell: Shell): void {
  const { session } = shell;
  const invite = program
    .command("invite")
    .summary("invite physicians and patients, and collect their answers")
    .description("Invitations, as texts and codes.")
    .addHelpText("after", EXAMPLES);
  const withAll = (command: Command): Command => withDirectory(withCloud(withHome(command)));
  withAll(invite.command("join"))
    .description("invite somebody to be certified below an organisation or department")
    .requiredOption("--org <node>", "the organisation or department, whose keys are here")
    .requiredOption("--node <id>", "the provider id that she gets")
    .requiredOption("--name <name>", "what she is called in the registry")
    .addOption(
      new Option("--role <role>", "what she becomes")
        .choices(["physician", "department"])
        .default("physician"),
    )
    .option("--json", "the invitation, as a line of JSON")
    .action(shell.action((options: JoinOptions) => inviteMember(session, options)));
  withAll(invite.command("associate <label>"))
    .description("invite a patient to let an organisation in; the label is for you alone")
    .requiredOption("--org <node>", "the organisation, whose keys are here")
    .option("--patient <id>", "her id in what the organisation imports, or system|value")
    .option("--json", "the invitation, as a line of JSON")
    .action(
      shell.action((label: string, options: PatientOptions) =>
        invitePatient(session, label, options),
      ),
    );
  withHome(invite.command("patients [who]"))
    .description("list the patients who have let an organisation in, or say which id one has there")
    .requiredOption("--org <node>", "the organisation, whose keys are here")
    .option("--patient <id>", "her id in what the organisation imports, or system|value")
    .option("--json", "one line of JSON for each")
    .action(
      shell.action((who: string | undefined, options: AssociatedOptions) =>
        associatedPatients(session, who, options),
      ),
    );
  withWho(withAll(invite.command("accept <text>")))
    .description("answer an invitation to join, as a practitioner who is signed in")
    .option("--json", "what was answered, as a line of JSON")
    .action(
      shell.action((text: string, options: SelfOptions) =>
        acceptInvitation(session, text, options),
      ),
    );
  withAll(invite.command("collect"))
    .description("collect the answers to all invitations that were given from this folder")
    .option("--json", "one line of JSON for each answer")
    .action(shell.action((options: CollectOptions) => collectAnswers(session, options)));
  withWho(withAll(invite.command("self")))
    .description("print a patient's own code")
    .option("--json", "the code, as a line of JSON")
    .action(shell.action((options: SelfOptions) => printOwnCode(session, options)));
}
