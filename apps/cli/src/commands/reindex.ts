import { fail, ok, type Result, toHex } from "@salus/base";
import { ChainCache } from "@salus/client";
import type { Upload } from "@salus/client/writer";
import type { Assigned } from "@salus/health";
import type { Command } from "commander";
import { Asking } from "../asking/ask.ts";
import { askersOf } from "../asking/askers.ts";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openPatient, openSource, type Shared } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import { Tally } from "../importing/tally.ts";
import { type CloudOptions, type HomeOptions, withCloud, withHome, withHomes } from "../options.ts";
import type { Shell } from "../program.ts";
import { number } from "../progress.ts";
import type { Session } from "../session.ts";
import { nameOf } from "../sharing/selection.ts";
import type { Failure } from "../words.ts";

interface ReindexOptions extends HomeOptions, CloudOptions {
  readonly patient?: string;
}

const MORE = `
Needed after a grant was revoked (older records are then found by older keys only, and readers who stayed are
told that a source is stale), and after the index policy changes. The patient opens the records and
their sources index them again, so both must have their homes here. Nothing is sealed again.

Example:
  $ salus reindex --patient 17 --home ./home --cloud http://127.0.0.1:8080`;

/** `reindex`: index rows again, under the live keys and the newest policy. */
export function reindexCommand(program: Command, shell: Shell): void {
  const command = program
    .command("reindex")
    .summary("make index rows again, under the live keys")
    .description(
      "Make the index rows of stored records again, under the live keys and the newest policy.",
    )
    .option("--patient <id>", "whose record; every patient's when left out")
    .addHelpText("after", MORE)
    .action(shell.action((options: ReindexOptions) => runReindex(shell.session, options)));
  withCloud(withHome(command));
}

function runReindex(session: Session, options: ReindexOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const cloud = await connect(options.cloud);
    if (!cloud.ok) return session.fail(cloud.error);
    const shared = { cloud: cloud.value, chains: new ChainCache() };
    const found =
      options.patient === undefined
        ? undefined
        : homes.find(options.patient, "a patient", "patient");
    if (found?.ok === false) return session.fail(found.error);
    const people = found === undefined ? homes.people("patient") : [found.value];
    const tally = new Tally();
    for (const person of people) {
      const code = await reindexVault(session, homes, person, shared, tally);
      if (code !== EXIT.done) return code;
    }
    session.note(`${number(tally.stored)} records indexed again, ${number(tally.entries)} rows.`);
    tally.refused.say(session, "NOT INDEXED");
    return tally.refused.count > 0 ? EXIT.found : EXIT.done;
  });
}

async function reindexVault(
  session: Session,
  homes: Homes,
  person: Person,
  shared: Shared,
  tally: Tally,
): Promise<number> {
  const patient = await openPatient(homes, person, shared);
  if (!patient.ok) return session.fail(patient.error);
  const uploads = await uploadsOf(homes, person, shared);
  if (!uploads.ok) return session.fail(uploads.error);
  for (const source of patient.value.sources()) {
    const name = nameOf(homes, source);
    const writer = homes.byKey(toHex(source.key));
    if (writer === undefined || source.status !== "live") {
      const why = writer === undefined ? "its home is not here" : "the patient has ended it";
      session.note(`${name} cannot index again: ${why}`);
      continue;
    }
    const resident = await homes.open(writer);
    const opened = resident.ok ? await openSource(resident.value, shared) : resident;
    const vault = opened.ok ? await opened.value.open(patient.value.vault) : opened;
    if (!vault.ok) return session.fail(vault.error);
    const report = await vault.value.reindex(uploads.value.get(toHex(source.source)) ?? []);
    if (!report.ok) return session.fail(report.error);
    tally.counter()(report.value);
    for (const { type, id = "", problem } of report.value.refused) {
      tally.refused.add({ place: { file: name, line: 0 }, kind: problem, type, id });
    }
  }
  return EXIT.done;
}

/** What each source wrote, by its handle, as it was uploaded. */
async function uploadsOf(
  homes: Homes,
  person: Person,
  { cloud }: Shared,
): Promise<Result<ReadonlyMap<string, readonly Upload[]>, Failure>> {
  const asked = await askersOf(homes, cloud, { patient: person.id });
  if (!asked.ok) return asked;
  const asking = new Asking(asked.value.askers, "everything", undefined);
  const uploads = new Map<string, Upload[]>();
  for await (const { origin, resource } of asking.matches()) {
    const source = toHex(origin.source);
    const assigned = origin.assigned as Assigned;
    const upload = { resource, path: origin.path.slice(1), assigned };
    const known = uploads.get(source);
    if (known === undefined) uploads.set(source, [upload]);
    else known.push(upload);
  }
  return asking.failure === undefined ? ok(uploads) : fail(asking.failure);
}
