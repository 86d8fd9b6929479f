import { setFlagsFromString } from "node:v8";
import type { Input } from "@salus/client/writer";
import { BALANCED, SEALED_ONLY } from "@salus/health";
import type { Command } from "commander";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { type ImportContext, importInputs } from "../importing/import.ts";
import { holdToCloud } from "../importing/same-cloud.ts";
import {
  ABOUT_POLICY,
  type CloudOptions,
  type HomeOptions,
  openHomes,
  type VaultOptions,
  withCloud,
  withHome,
  withVault,
} from "../options.ts";
import { openInput } from "../reading/input.ts";
import type { Shell } from "../shell.ts";

interface ImportOptions extends HomeOptions, CloudOptions, VaultOptions {}

const ABOUT =
  "Seal FHIR R4 resources for the patients whom they are about, and upload them. Takes Bundles and single resources, as JSON or NDJSON, packed with gzip or not; - is standard input. Vaults, organisations and their keys are made as needed, below --home. It may be interrupted and repeated: nothing is stored twice.";

const MORE = `
A resource belongs to the organisation that made it: its encounter's service provider; else the
organisation of its author or performer; else that of the encounter nearest in time, marked as
inferred; else it is the patient's own. Organisations and practitioners go into a public registry,
signed by an authority whose key is in --home.

What cannot be taken is listed with file, line, entry and reason; the rest is taken. The exit code is
then 1. With --json the last line on standard output has all counts and the list.
${ABOUT_POLICY}

Examples:
  $ salus import bundles.ndjson.gz --home ./home --cloud http://127.0.0.1:8080
  $ salus import Patient.ndjson Encounter.ndjson Observation.ndjson --home ./home --cloud URL
  $ zcat export/*.gz | salus import - --home ./home --cloud URL --passphrase-file pass.txt`;

/** `import`: resources in, sealed records out. */
export function importCommand(program: Command, shell: Shell): void {
  const command = program
    .command("import <file...>")
    .summary("seal FHIR resources and upload them")
    .description(ABOUT)
    .option("--json", "report what was done as one line of JSON")
    .addHelpText("after", MORE)
    .action(
      shell.action((files: string[], options: ImportOptions) => runImport(shell, files, options)),
    );
  withCloud(withHome(withVault(command)));
}

async function runImport(
  { session }: Shell,
  files: readonly string[],
  options: ImportOptions,
): Promise<number> {
  const inputs: Input[] = [];
  for (const file of files) {
    const input = await openInput(file);
    if (!input.ok) return session.fail(input.error);
    inputs.push(input.value);
  }
  // Collect garbage before it multiplies the heap: a bounded process, for a few per cent of its time.
  setFlagsFromString("--heap-growing-percent=150");
  const cloud = await connect(options.cloud);
  if (!cloud.ok) return session.fail(cloud.error);
  const homes = await openHomes(session, options, { create: true });
  if (!homes.ok) return session.fail(homes.error);
  const held = await holdToCloud(homes.value.root.store, cloud.value);
  if (!held.ok) {
    await homes.value.close();
    return session.fail(held.error);
  }
  const interrupted = new AbortController();
  const { signal } = interrupted;
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupted.abort());
  const policy = options.policy === "balanced" ? BALANCED : SEALED_ONLY;
  const context: ImportContext = {
    ...{ session, homes: homes.value, cloud: cloud.value },
    ...{ policy, signal },
  };
  const began = performance.now();
  const { tally, failure } = await importInputs(context, inputs);
  await homes.value.close();
  const seconds = (performance.now() - began) / 1000;
  tally.say(session, seconds);
  if (session.forMachines) session.json({ ...tally.toJSON(), seconds, error: failure?.kind });
  if (failure !== undefined) return session.fail(failure);
  return tally.refused.count > 0 ? EXIT.found : EXIT.done;
}
