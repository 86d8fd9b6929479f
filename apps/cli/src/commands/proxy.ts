import { toHex } from "@salus/base";
import { checkProxy, grantProxy, shownText } from "@salus/client";
import { type Command, Option } from "commander";
import { asOwner, type OwnerOptions } from "../deciding/owner.ts";
import { purposeText } from "../deciding/purpose.ts";
import { type ConfirmOptions, confirmAgain } from "../deciding/step-up.ts";
import { momentText } from "../deciding/time-text.ts";
import { EXIT } from "../exit.ts";
import { endOf, withCloud, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import { granteeOf } from "../sharing/grantee.ts";
import type { Shell } from "../shell.ts";
import { sayGrant } from "./grant.ts";

interface ProxyOptions extends OwnerOptions, ConfirmOptions {
  readonly until: string;
  readonly purpose: "FAMRQT" | "PWATRNY";
}

const MORE = `
A proxy reads everything that there is, until the day that you name, at most 366 days ahead. She signs nothing:
who reads is decided by you alone. \`salus revoke\` ends it.

Examples:
  $ salus keys card kim --home ./kim > kim.card                     on her side
  $ salus proxy kim.card --until 180d --home ./ann ...
  $ salus proxy kim.card --purpose PWATRNY --until 2027-03-31 ...`;

/** `proxy`: a parent, a carer, reads for the patient. */
export function proxyCommand(program: Command, shell: Shell): void {
  const command = program
    .command("proxy <who>")
    .summary("let a parent or carer read everything")
    .description(
      "Let another person read everything; a name from `salus keys`, or a file with a card.",
    )
    .requiredOption("--until <date>", "when it ends: 2027-06-30, or 30d")
    .addOption(
      new Option("--purpose <code>", "family, or a power of attorney")
        .choices(["FAMRQT", "PWATRNY"])
        .default("FAMRQT"),
    )
    .option("--patient <id>", "whose record; the only patient here when left out")
    .option("--yes", "confirmed beforehand, for scripts; the passphrase is asked for all the same")
    .option("--json", "the grant, as a line of JSON")
    .addHelpText("after", MORE)
    .action(
      shell.action((who: string, options: ProxyOptions) => runProxy(shell.session, who, options)),
    );
  withCloud(withHome(command));
}

function runProxy(session: Session, who: string, options: ProxyOptions): Promise<number> {
  return asOwner(session, options, async ({ homes, patient }) => {
    const grantee = await granteeOf(homes, who);
    if (!grantee.ok) return session.fail(grantee.error);
    const expires = endOf(options.until, Date.now());
    if (!expires.ok) return session.fail(expires.error);
    const { name, card } = grantee.value;
    const { purpose } = options;
    const order = { to: card, purpose, expires: expires.value };
    const checked = checkProxy(patient, order);
    if (!checked.ok) return session.fail(checked.error);
    session.note(
      `${shownText(name, 128)} [key ${toHex(card.sign).slice(0, 16)}…] will read everything,`,
    );
    session.note(`for ${purposeText(purpose)}, until ${momentText(expires.value)}.`);
    const confirmed = await confirmAgain(session, homes, "Sign it?", options);
    if (!confirmed.ok) return session.fail(confirmed.error);
    const granted = await grantProxy(patient, order, confirmed.value);
    if (!granted.ok) return session.fail(granted.error);
    const handle = toHex(granted.value);
    sayGrant(session, homes, patient, handle);
    session.note(`To end it: salus revoke ${handle.slice(0, 8)}`);
    return EXIT.done;
  });
}
