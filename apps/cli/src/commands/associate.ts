import { equalBytes, toHex } from "@salus/base";
import { associate, readAssociation, sendParcel, shownText } from "@salus/client";
import type { Category } from "@salus/health";
import type { Command } from "commander";
import { newestMailbox } from "../accounts/member.ts";
import { asDecider, type DeciderOptions } from "../deciding/decider.ts";
import { EXIT } from "../exit.ts";
import { listOf, withCloud, withDirectory, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import { categoriesOf } from "../sharing/selection.ts";
import { sourceJson } from "../sharing/vault-text.ts";
import type { Shell } from "../shell.ts";
import { confirm } from "../terminal.ts";

interface AssociateOptions extends DeciderOptions {
  readonly category: readonly string[];
  readonly yes?: boolean;
}

const MORE = `
From then on the organisation uploads while you are offline. \`salus show\` lists your sources.

Examples:
  $ salus associate salus:associate:... --home ./ann ...
  $ salus associate salus:associate:... --category laboratory,vitals --home ./ann ...`;

/** `associate`: the patient lets an organisation write. */
export function associateCommand(program: Command, shell: Shell): void {
  const command = program
    .command("associate <invitation>")
    .summary("let an organisation write into your record")
    .description("Show who invites you, ask, and let the organisation write.")
    .option("--patient <id>", "who; the only patient here when left out")
    .option("--category <name...>", "which categories it may write; all when left out", listOf)
    .option("--yes", "ask nothing, for scripts")
    .option("--json", "what it may write, as a line of JSON")
    .addHelpText("after", MORE)
    .action(
      shell.action((text: string, options: AssociateOptions) =>
        runAssociate(shell.session, text, options),
      ),
    );
  withDirectory(withCloud(withHome(command)));
}

function runAssociate(session: Session, text: string, options: AssociateOptions): Promise<number> {
  return asDecider(session, options, async ({ member, patient, registry }) => {
    const categories = categoriesOf(options.category ?? ["all"]);
    if (!categories.ok) return session.fail(categories.error);
    const read = readAssociation(text, registry);
    if (!read.ok) return session.fail(read.error);
    const { name, node, identifiers } = read.value.organisation;
    session.note(
      `${shownText(name, 128)} [${shownText(node, 128)}] ${identifiers.map((one) => shownText(one, 128)).join(", ")}`,
    );
    session.note("asks to write into your record. It will read nothing that others wrote.");
    if (options.yes !== true) {
      const agreed = session.canAsk && (await confirm("Let it?"));
      if (!agreed) return session.fail({ kind: "not-confirmed" });
    }
    const chosen: { categories?: readonly Category[] } =
      categories.value === "all" ? {} : { categories: categories.value };
    const mailbox = newestMailbox(member);
    // `openVault` opens none of an account without a recovery phrase.
    const done = await associate(read.value, {
      patient,
      mailbox,
      phraseConfirmed: true,
      ...chosen,
    });
    if (!done.ok) return session.fail(done.error);
    const { to, kind, statement } = done.value.letter;
    const sent = await sendParcel(member.directory, to, kind, statement);
    if (!sent.ok) return session.fail(sent.error);
    const admitted = patient
      .sources()
      .filter(({ source }) => equalBytes(source, done.value.source))
      .map((source) => sourceJson(source, name));
    const vault = toHex(patient.vault);
    session.result(`${shownText(name, 128)} may write`, { vault, node, ...admitted[0] });
    return EXIT.done;
  });
}
