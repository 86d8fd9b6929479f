import { ok, type Result } from "@salus/base";
import type { Verification } from "@salus/client";
import type { Command } from "commander";
import { type Asker, askersAt, type Whom } from "../asking/askers.ts";
import { asReader, findingJson, findingText, patientName } from "../asking/outcome.ts";
import { EXIT } from "../exit.ts";
import type { Homes } from "../homes/homes.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import { counted, number, Progress } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

interface VerifyOptions extends HomeOptions, CloudOptions, Whom {}

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
    .option("--json", "one line of JSON for each vault: what was found, or why it could not be")
    .addHelpText("after", MORE)
    .action(shell.action((options: VerifyOptions) => runVerify(shell.session, options)));
  withCloud(withHome(command));
}

function runVerify(session: Session, options: VerifyOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const asked = await askersAt(homes, options.cloud, options);
    if (!asked.ok) return session.fail(asked.error);
    const verifier = new Verifier(session, homes);
    for (const asker of asked.value.askers) {
      const done = await verifier.take(asker);
      await asker.close();
      if (!done.ok) return session.fail(done.error);
    }
    return verifier.end();
  });
}

/** Verifies one vault after the other, and says of each what it found. */
class Verifier {
  readonly #session: Session;
  readonly #homes: Homes;
  readonly #progress: Progress;
  readonly #sum = { vaults: 0, links: 0, batches: 0, records: 0, rows: 0, findings: 0, failed: 0 };

  constructor(session: Session, homes: Homes) {
    this.#session = session;
    this.#homes = homes;
    this.#progress = new Progress(session, "records verified");
  }

  /** Verify what somebody may read. Fails: only where no other vault would do better. */
  async take(asker: Asker): Promise<Result<void, Failure>> {
    const reader = await asker.open();
    if (!reader.ok) return reader;
    const vaults = asker.vaults === undefined ? await reader.value.vaults() : ok(asker.vaults);
    if (!vaults.ok) return vaults;
    for (const vault of vaults.value) {
      const before = this.#sum.records;
      const verified = await reader.value.verify(vault, (n) => this.#progress.at(before + n));
      this.#progress.end();
      if (verified.ok) this.#add(verified.value);
      else if (verified.error.kind === "unreachable") return verified;
      else {
        this.#sum.failed += 1;
        const patient = patientName(this.#homes, vault);
        const error = asReader(verified.error);
        if (this.#session.forMachines) this.#session.json({ patient, failure: error.kind });
        this.#session.note(`The vault of ${patient}:`);
        this.#session.fail(error);
      }
    }
    return ok(undefined);
  }

  /** Say what it comes to. Gives: the exit code. */
  end(): number {
    const { vaults, links, batches, records, rows, findings, failed } = this.#sum;
    this.#progress.end();
    const found = [
      ...(failed > 0 ? [`${counted(failed, "vault")} NOT VERIFIED`] : []),
      ...(findings > 0 ? [counted(findings, "FINDING", "FINDINGS")] : []),
    ];
    this.#session.note(
      `${counted(vaults, "vault")}: ${counted(links, "link")}, ${counted(batches, "batch", "batches")}, ` +
        `${counted(records, "record")}, ${counted(rows, "index row")}; ` +
        `${found.length === 0 ? "all as it was signed" : found.join(", ")}.`,
    );
    return findings > 0 || failed > 0 ? EXIT.found : EXIT.done;
  }

  #add(verified: Verification): void {
    const sum = this.#sum;
    sum.vaults += 1;
    sum.links += verified.links;
    sum.batches += verified.batches;
    sum.records += verified.records;
    sum.rows += verified.rows;
    sum.findings += verified.findings.length;
    say(this.#session, this.#homes, verified);
  }
}

/** Findings of a vault that are printed for people. */
const SHOWN = 20;

function say(session: Session, homes: Homes, verified: Verification): void {
  const { vault, links, batches, records, rows, findings } = verified;
  const patient = patientName(homes, vault);
  if (session.forMachines) {
    const found = findings.map((finding) => findingJson(homes, finding));
    session.json({ patient, links, batches, records, rows, findings: found });
    return;
  }
  for (const finding of findings.slice(0, SHOWN)) {
    session.out(`FOUND ${findingText(homes, finding)}`);
  }
  const more = findings.length - SHOWN;
  if (more > 0) session.out(`FOUND ${number(more)} more in the vault of ${patient}: see --json`);
  if (findings.length === 0) session.out(`ok    ${patient}: ${counted(records, "record")}`);
}
