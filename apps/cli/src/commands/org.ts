import type { Command } from "commander";
import {
  type CloudOptions,
  type HomeOptions,
  listOf,
  withCloud,
  withDirectory,
  withHome,
} from "../options.ts";
import { attestPhysicians, certifyOrganisations, printAuthority } from "../providing/certify.ts";
import { type FoundOptions, foundProvider } from "../providing/found.ts";
import { type StandingOptions, setStanding } from "../providing/standing.ts";
import type { Shell } from "../shell.ts";
import { type ProviderOptions, printProviders } from "./provider.ts";

const EXAMPLES = `
An authority certifies organisations; an organisation its departments, and physicians whom it has invited
(\`salus invite\`). An authority attests the physicians every week: who is not attested asks nobody.

Examples:
  $ salus org authority --home ./registry                             the key to be pinned elsewhere
  $ salus org found north 'North Hospital' --home ./north ... > north.json
  $ salus org certify north.json --home ./registry ...
  $ salus org attest --home ./registry ...
  $ salus org tree north ...
  $ salus org suspend bo --home ./north --directory http://127.0.0.1:8081 ...`;

const STANDINGS = [
  ["suspend", "suspended", "take somebody's certificate out of use"],
  ["reinstate", "reinstated", "put a suspended certificate into use again"],
  ["leave", "left", "take a certificate out of use for good"],
] as const;

/** `org`: found organisations and departments, certify, attest, suspend. */
export function orgCommand(program: Command, shell: Shell): void {
  const { session } = shell;
  const org = program
    .command("org")
    .summary("found organisations, certify, attest, suspend")
    .description("The tree of providers, for those who keep it.")
    .addHelpText("after", EXAMPLES);
  withHome(org.command("authority"))
    .description("print the key of this folder's authority; it is made when it is not there")
    .option("--json", "the key, as a line of JSON")
    .action(shell.action((options: HomeOptions) => printAuthority(session, options)));
  withCloud(withHome(org.command("found <node> <name>")))
    .description("make keys for an organisation, or for a department below one whose keys are here")
    .option("--below <node>", "the organisation or department above")
    .option("--identifier <token...>", "its registrations, as system|value", listOf)
    .option("--json", "a line of JSON; for an organisation it is one in any case")
    .action(
      shell.action((node: string, name: string, options: FoundOptions) =>
        foundProvider(session, node, name, options),
      ),
    );
  withCloud(withHome(org.command("certify <application...>")))
    .description("certify organisations, as the authority of this folder")
    .option("--json", "one line of JSON for each")
    .action(
      shell.action((files: string[], options: HomeOptions & CloudOptions) =>
        certifyOrganisations(session, files, options),
      ),
    );
  withCloud(withHome(org.command("attest")))
    .description("attest every physician for a week, as the authority of this folder")
    .option("--json", "whom, and until when, as a line of JSON")
    .action(
      shell.action((options: HomeOptions & CloudOptions) => attestPhysicians(session, options)),
    );
  withCloud(withHome(org.command("tree [name]")))
    .description("print the tree, with who is suspended")
    .option("--json", "one line of JSON for each provider")
    .action(
      shell.action((name: string | undefined, options: ProviderOptions) =>
        printProviders(session, name ?? "", options),
      ),
    );
  for (const [name, status, what] of STANDINGS) {
    withDirectory(withCloud(withHome(org.command(`${name} <node>`))))
      .description(what)
      .option("--json", "how it stands now, as a line of JSON")
      .action(
        shell.action((node: string, options: StandingOptions) =>
          setStanding(session, node, status, options),
        ),
      );
  }
}
