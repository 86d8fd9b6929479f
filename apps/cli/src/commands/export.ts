import type { Match } from "@salus/client";
import type { Command } from "commander";
import { Asking } from "../asking/ask.ts";
import { askersAt, type Whom } from "../asking/askers.ts";
import { asksNobody, isComplete, outcomeOf, patientName, sayOutcome } from "../asking/outcome.ts";
import { EXIT } from "../exit.ts";
import type { Homes } from "../homes/homes.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import { OutputFile } from "../output-file.ts";
import { Progress } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import { tameJson } from "../tame.ts";
import { matchJson } from "./search.ts";

interface ExportOptions extends HomeOptions, CloudOptions, Whom {
  readonly out?: string;
  readonly bundle?: boolean;
}

const MORE = `
A file is written whole or not at all. What is exported is in the clear: keep it where you would keep paper.

Examples:
  $ salus export --patient 17 --out record.ndjson ...
  $ salus export --patient 17 --bundle --out record.json ...
  $ salus export --as dr-brown --json ... | jq .source`;

/** `export`: everything that may be read, in the clear. */
export function exportCommand(program: Command, shell: Shell): void {
  const command = program
    .command("export")
    .summary("everything that may be read, in the clear")
    .description(
      "Fetch, check and open everything that may be read, as FHIR NDJSON or as a Bundle.",
    )
    .option("--patient <id>", "whose record; every patient's when left out")
    .option("--as <who>", "who reads; else the patients themselves")
    .option("--out <file>", "where to write it; else to standard output")
    .option("--bundle", "one Bundle, instead of a line for each resource")
    .option("--json", "lines that also say who wrote each resource, as `search --json` does")
    .addHelpText("after", MORE)
    .action(shell.action((options: ExportOptions) => runExport(shell.session, options)));
  withCloud(withHome(command));
}

function runExport(session: Session, options: ExportOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const asked = await askersAt(homes, options.cloud, options);
    if (!asked.ok) return session.fail(asked.error);
    const began = performance.now();
    const asking = new Asking(asked.value.askers, "everything", undefined);
    const output = await OutputFile.open(options.out);
    if (!output.ok) return session.fail(output.error);
    const written = await write(session, homes, asking, output.value, options);
    if (asking.failure !== undefined) {
      await output.value.discard();
      return session.fail(asking.failure);
    }
    await output.value.keep();
    const milliseconds = performance.now() - began;
    const outcome = outcomeOf(homes, asking, { matches: written, total: written, milliseconds });
    sayOutcome(session, homes, outcome);
    if (asksNobody(outcome)) return session.fail({ kind: "nothing-to-read" });
    return isComplete(outcome) ? EXIT.done : EXIT.found;
  });
}

async function write(
  session: Session,
  homes: Homes,
  asking: Asking,
  output: OutputFile,
  { bundle }: ExportOptions,
): Promise<number> {
  const progress = new Progress(session, "exported");
  let written = 0;
  if (bundle === true) await output.write('{"resourceType":"Bundle","type":"collection","entry":[');
  for await (const match of asking.matches()) {
    const before = bundle === true && written > 0 ? "," : "";
    const value =
      bundle === true
        ? tameJson({ resource: match.resource })
        : lineOf(homes, match, session.forMachines);
    await output.write(`${before}${value}\n`);
    written += 1;
    progress.at(written);
  }
  if (bundle === true) await output.write("]}\n");
  progress.end();
  return written;
}

function lineOf(homes: Homes, match: Match, withOrigin: boolean): string {
  if (!withOrigin) return tameJson(match.resource);
  return tameJson(matchJson(match, patientName(homes, match.vault)));
}
