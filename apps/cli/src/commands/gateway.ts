import { type Command, Option } from "commander";
import type { GatewayCommand } from "../gateway/run.ts";
import { countOf, urlOf, withHome } from "../options.ts";
import type { Shell } from "../shell.ts";

const GATEWAY = "./gateway.mjs";

const ABOUT =
  "Speak FHIR R4 to ordinary programs, with the keys of one home: they read and write records that the cloud stores and searches and cannot read. It says `ready URL` on standard output when it answers, and ends on SIGTERM.";

const MORE = `
Whoever reaches the gateway reads what its home reads, so it answers this machine alone unless told
otherwise: for other machines it insists on TLS and on a token or --clients. Records are plain between
a program and the gateway, and nowhere beyond it.

--as names who it is, in a folder of homes: a patient reads her own vault and writes into it as she
does in the application; a practitioner reads what she was granted, and writes as her organisation if
the home of that is in the folder; an organisation writes, and reads nothing, for it holds no key that
opens a record, unless --reader names somebody who does.

Examples:
  $ salus gateway --sandbox --home ./sandbox          a world to try out, with a cloud of its own
  $ salus gateway --home ./home --as 17 --cloud http://127.0.0.1:8080
  $ salus gateway --home ./home/sources/general --reader ada --port 8090 --cloud http://127.0.0.1:8080
  $ curl 'http://127.0.0.1:8090/fhir/Observation?code=8480-6&value-quantity=gt140'`;

/** `gateway`: FHIR in, sealed envelopes out. */
export function gatewayCommand(program: Command, shell: Shell): void {
  const command = program
    .command("gateway")
    .summary("speak FHIR to ordinary programs")
    .description(ABOUT)
    .option("--port <n>", "port; 0 picks a free one", countOf(0, 65_535), 8090)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--as <who>", "whose keys it uses: an id, a name, or the beginning of one")
    .option("--reader <who>", "who reads, where an organisation writes")
    .option("--token <text>", "what programs show as a bearer token; every user here can see it")
    .option("--token-file <file>", "the same, from a file (or set SALUS_GATEWAY_TOKEN)")
    .option("--clients <file>", "programs that authenticate by SMART Backend Services")
    .option("--tls", "make a certificate for this machine, and serve under it")
    .option("--cert <file>", "serve under this certificate, in PEM")
    .option("--key <file>", "its key, in PEM")
    .option("--origin <url>", "how programs find it, when something else stands before it", urlOf)
    .addOption(
      new Option("--cloud <url>", "address of the cloud").env("SALUS_CLOUD").argParser(urlOf),
    )
    .option("--sandbox", "an empty world to try out: any Patient that is created gets a vault")
    .addHelpText("after", MORE)
    .action(shell.action((options: GatewayCommand) => runGateway(options)));
  withHome(command);
}

/** Load the gateway when it is wanted: validation and what it needs takes longer to load than most commands to run. */
async function runGateway(options: GatewayCommand): Promise<number> {
  const bundle = new URL(GATEWAY, import.meta.url).href;
  const gateway: typeof import("../gateway/run.ts") = await import(bundle);
  return gateway.run(options);
}
