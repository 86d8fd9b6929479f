import { toHex } from "@salus/base";
import { shownText, type TrailItem, trailRecord } from "@salus/client";
import { encodeAuditEvent } from "@salus/health";
import type { Command } from "commander";
import { checkDirectory, sayEvidence, sayReport } from "../deciding/log-check.ts";
import { asOwner, type Owner, type OwnerOptions } from "../deciding/owner.ts";
import { type ConfirmOptions, confirmAgain } from "../deciding/step-up.ts";
import { momentText } from "../deciding/time-text.ts";
import { EXIT } from "../exit.ts";
import { type DirectoryOptions, directoryOption, withCloud, withHome } from "../options.ts";
import { OutputFile } from "../output-file.ts";
import { number } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Column } from "../table.ts";

interface LogOptions extends OwnerOptions, ConfirmOptions, Partial<DirectoryOptions> {
  readonly events?: boolean;
  readonly out?: string;
  readonly everything?: boolean;
}

const MORE = `
The cloud's log only grows, and every answer to a grantee is in it: this checks that it holds all that is yours
as it was, and lists who asked what, in words that only you can open. What does not hold is named, and the exit
code is 1; so it is where so many entries are new that not all were looked through for some of yours that are
kept from you: --everything looks through all. Of whoever has an account and is signed in, the directory's log is checked as well, against her account,
and against the look-ups and requests that lie in her mailbox. Evidence that was ever kept against a log is said
first: hand it to anybody. --events asks for the passphrase again: what it writes is in the clear.

Examples:
  $ salus log --home ./ann ...
  $ salus log --everything --json --home ./ann ...
  $ salus log --events --out events.ndjson --home ./ann ...          FHIR AuditEvents`;

/** `log`: check the log, list the trail, export it. */
export function logCommand(program: Command, shell: Shell): void {
  const command = program
    .command("log")
    .summary("check the logs, and see who read what")
    .description(
      "Check that the log holds what is yours, and list what was done under your grants.",
    )
    .option("--patient <id>", "whose; the only patient here when left out")
    .option("--everything", "look through every leaf of the log, however many are new")
    .option("--events", "write the trail as FHIR AuditEvents, a line each")
    .option("--out <file>", "where to write the events; else to standard output")
    .option("--yes", "confirmed beforehand, for scripts; the passphrase is asked for all the same")
    .option("--json", "one line of JSON for each entry, and one for the log")
    .addHelpText("after", MORE)
    .action(shell.action((options: LogOptions) => runLog(shell.session, options)));
  withCloud(withHome(command)).addOption(directoryOption());
}

function runLog(session: Session, options: LogOptions): Promise<number> {
  return asOwner(session, options, async (owner) => {
    const { patient, homes } = owner;
    if (options.events === true) {
      const question = "Write down who read what, in the clear?";
      const confirmed = await confirmAgain(session, homes, question, options);
      if (!confirmed.ok) return session.fail(confirmed.error);
    }
    const everything = options.everything === true;
    // What was kept before comes first: a log that has lied may refuse everything since.
    const evidence = await sayEvidence(session, owner);
    if (!evidence.ok) return session.fail(evidence.error);
    const checked = await patient.checkLog(everything);
    if (!checked.ok) return session.fail(checked.error);
    const directory = await checkDirectory(session, owner, options.directory, everything);
    if (!directory.ok) return session.fail(directory.error);
    const trail = await patient.trail();
    if (!trail.ok) return session.fail(trail.error);
    const { items, failure } = trail.value;
    const shown =
      options.events === true
        ? await writeEvents(session, owner, items, options)
        : showItems(session, owner, items);
    if (shown !== EXIT.done) return shown;
    if (failure !== undefined) return session.fail(failure);
    const findings = items.reduce((sum, item) => sum + item.findings.length, 0);
    const report = {
      ...checked.value,
      findings,
      directory: directory.value,
      evidence: evidence.value,
    };
    return sayReport(session, report) === 0 ? EXIT.done : EXIT.found;
  });
}

function showItems(session: Session, owner: Owner, items: readonly TrailItem[]): number {
  session.list({
    rows: items,
    columns: columns(owner),
    json: (item) => itemJson(owner, item),
    none: "Nobody has read under a grant of yours.",
  });
  return EXIT.done;
}

async function writeEvents(
  session: Session,
  owner: Owner,
  items: readonly TrailItem[],
  { out }: LogOptions,
): Promise<number> {
  const file = await OutputFile.open(out);
  if (!file.ok) return session.fail(file.error);
  for (const item of items) {
    await file.value.write(
      `${JSON.stringify(encodeAuditEvent(trailRecord(item, owner.patient, owner.registry), "Salus cloud"))}\n`,
    );
  }
  await file.value.keep();
  return EXIT.done;
}

function columns(owner: Owner): readonly Column<TrailItem>[] {
  return [
    { title: "When", value: ({ time }) => momentText(time) },
    { title: "Who", value: (item) => whoOf(owner, item) },
    { title: "Did", value: ({ said, route }) => said?.action ?? route ?? "something" },
    { title: "Asked", value: ({ said }) => shownText(said?.query ?? "") },
    { title: "Got", right: true, value: ({ candidates }) => number(candidates) },
    { title: "Finding", value: ({ findings }) => findings.join(", ") },
  ];
}

/** Whose key it was, by the registry; her own word only where that knows nobody. */
function whoOf({ registry }: Owner, { grantee, said }: TrailItem): string {
  const provider = grantee === undefined ? undefined : registry.byKey(grantee);
  if (provider !== undefined) return `${shownText(provider.name, 128)} [${provider.node}]`;
  const claimed = said === undefined || said.name === "" ? "" : ` (“${shownText(said.name, 128)}”)`;
  return grantee === undefined ? "unknown" : `key ${toHex(grantee).slice(0, 12)}…${claimed}`;
}

function itemJson(owner: Owner, item: TrailItem): object {
  const { number: entry, time, grantee, grant, route, requests, candidates, said, findings } = item;
  return {
    entry,
    time: new Date(time).toISOString(),
    who: whoOf(owner, item),
    key: grantee === undefined ? null : toHex(grantee),
    grant: grant === undefined ? null : toHex(grant),
    route: route ?? null,
    action: said?.action ?? null,
    query: said?.query ?? null,
    requests,
    candidates,
    findings,
  };
}
