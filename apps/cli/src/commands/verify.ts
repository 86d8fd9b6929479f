import type { Verification } from "@salus/client";
import type { Command } from "commander";
import { askersAt, type Whom } from "../asking/askers.ts";
import { findingJson, findingText, patientName } from "../asking/outcome.ts";
import { EXIT } from "../exit.ts";
import type { Homes } from "../homes/homes.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import type { Shell } from "../program.ts";
import { number, Progress } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";

interface VerifyOptions extends HomeOptions, CloudOptions, Whom {
  readonly json?: boolean;
}

const MORE = `
Fetches everything and believes nothing: checks every link of the chain, every batch of every source and its
place in the row, every record and its author, and makes every index row again from the opened record.
What is missing, changed or added is named, and the exit code is 1.

Examples:
  $ salus verify --home ./home --cloud http://127.0.0.1:8080
  $ salus verify --patient 17 --json ...`;

/** `verify`: hold everything that the cloud stores against what was signed. */
export function verifyCommand(program: Command, shell: Shell): void {
  const command = program
    .command("verify")
    .summary("hold what the cloud stores against what was signed")
    .description("Hold everything that the cloud stores of the vaults against what was signed.")
    .option("--patient <id>", "whose vault; every patient's when left out")
    .option("--as <who>", "who verifies, as far as she may read; else the patients themselves")
    .option("--json", "one line of JSON for each vault")
    .addHelpText("after", MORE)
    .action(shell.action((options: VerifyOptions) => runVerify(shell.session, options)));
  withCloud(withHome(command));
}

function runVerify(session: Session, options: VerifyOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const asked = await askersAt(homes, options.cloud, options);
    if (!asked.ok) return session.fail(asked.error);
    const sum = { vaults: 0, links: 0, batches: 0, records: 0, rows: 0, findings: 0 };
    const progress = new Progress(session, "records verified");
    let failure: Failure | undefined;
    for (const { reader, vaults } of asked.value.askers) {
      const all =
        vaults === undefined ? await reader.vaults() : { ok: true as const, value: vaults };
      if (!all.ok) return session.fail(all.error);
      for (const vault of all.value) {
        const verified = await reader.verify(vault);
        progress.end();
        if (verified.ok) say(session, homes, verified.value, options.json === true);
        else {
          session.note(`The vault of ${patientName(homes, vault)}:`);
          session.fail(verified.error);
          failure ??= verified.error;
          if (verified.error.kind === "unreachable") return session.fail(verified.error);
          continue;
        }
        add(sum, verified.value);
        progress.at(sum.records);
      }
    }
    progress.end();
    session.note(
      `${number(sum.vaults)} vaults: ${number(sum.links)} links, ${number(sum.batches)} batches, ` +
        `${number(sum.records)} records, ${number(sum.rows)} index rows; ` +
        `${sum.findings === 0 ? "all as it was signed" : `${number(sum.findings)} FINDINGS`}.`,
    );
    return sum.findings > 0 || failure !== undefined ? EXIT.found : EXIT.done;
  });
}

/** Findings of a vault that are printed for people. */
const SHOWN = 20;

type Sum = Record<"vaults" | "links" | "batches" | "records" | "rows" | "findings", number>;

function add(sum: Sum, { links, batches, records, rows, findings }: Verification): void {
  sum.vaults += 1;
  sum.links += links;
  sum.batches += batches;
  sum.records += records;
  sum.rows += rows;
  sum.findings += findings.length;
}

function say(session: Session, homes: Homes, verified: Verification, json: boolean): void {
  const { vault, links, batches, records, rows, findings } = verified;
  const patient = patientName(homes, vault);
  if (json) {
    const found = findings.map((finding) => findingJson(homes, finding));
    session.json({ patient, links, batches, records, rows, findings: found });
    return;
  }
  for (const finding of findings.slice(0, SHOWN)) {
    session.out(`FOUND ${findingText(homes, finding)}`);
  }
  const more = findings.length - SHOWN;
  if (more > 0) session.out(`FOUND ${number(more)} more in the vault of ${patient}: see --json`);
  if (findings.length === 0) session.out(`ok    ${patient}: ${number(records)} records`);
}
